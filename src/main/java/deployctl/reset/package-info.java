/** Start from zero, safely. */
@NullMarked
package deployctl.reset;

import org.jspecify.annotations.NullMarked;
