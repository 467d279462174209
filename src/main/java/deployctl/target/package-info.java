/** Which environment, stack and region a command is about, and what its resources are called. */
@NullMarked
package deployctl.target;

import org.jspecify.annotations.NullMarked;
