/** Plain HTTP. */
@NullMarked
package deployctl.support.net;

import org.jspecify.annotations.NullMarked;
