/** The deployment lock: lease, queue, fencing, and the rules of who may deploy. */
@NullMarked
package deployctl.coordinator.lock;

import org.jspecify.annotations.NullMarked;
