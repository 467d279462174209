/** What changes in a deployment, and what of it is worth saying. */
@NullMarked
package deployctl.monitor.watch;

import org.jspecify.annotations.NullMarked;
