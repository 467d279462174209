/** What knows no word of the domain. */
@NullMarked
package deployctl.support;

import org.jspecify.annotations.NullMarked;
