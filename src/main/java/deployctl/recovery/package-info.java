/** Keeps a monitor alive. */
@NullMarked
package deployctl.recovery;

import org.jspecify.annotations.NullMarked;
