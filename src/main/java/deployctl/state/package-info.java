/** The port of everything that is kept and shared between processes and machines. */
@NullMarked
package deployctl.state;

import org.jspecify.annotations.NullMarked;
