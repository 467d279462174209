/** Registered deployments, and who holds the lock, as a terminal shows them. */
@NullMarked
package deployctl.coordinator.view;

import org.jspecify.annotations.NullMarked;
