/** What is wrong with registry, queue, monitor, estimates and Slack. */
@NullMarked
package deployctl.diagnose.local;

import org.jspecify.annotations.NullMarked;
