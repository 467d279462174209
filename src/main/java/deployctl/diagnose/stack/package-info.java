/** Why a stack is stuck, or failed. */
@NullMarked
package deployctl.diagnose.stack;

import org.jspecify.annotations.NullMarked;
