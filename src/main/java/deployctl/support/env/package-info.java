/** Environment variables, where an empty one counts as unset. */
@NullMarked
package deployctl.support.env;

import org.jspecify.annotations.NullMarked;
