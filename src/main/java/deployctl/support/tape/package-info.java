/** Answers of other systems, kept as files and played again. */
@NullMarked
package deployctl.support.tape;

import org.jspecify.annotations.NullMarked;
