/** Diagnostic logging, configured in code. */
@NullMarked
package deployctl.support.logging;

import org.jspecify.annotations.NullMarked;
