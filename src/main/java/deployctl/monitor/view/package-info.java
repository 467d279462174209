/** A deployment as a terminal, a CI job, a log and Slack show it. */
@NullMarked
package deployctl.monitor.view;

import org.jspecify.annotations.NullMarked;
