/** Who may deploy, and in which order. */
@NullMarked
package deployctl.coordinator;

import org.jspecify.annotations.NullMarked;
