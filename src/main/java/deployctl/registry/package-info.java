/** What is known of deployments, and the port that keeps it. */
@NullMarked
package deployctl.registry;

import org.jspecify.annotations.NullMarked;
