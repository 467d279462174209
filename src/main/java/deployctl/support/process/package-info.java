/** Who this process is, and whether another is still alive. */
@NullMarked
package deployctl.support.process;

import org.jspecify.annotations.NullMarked;
