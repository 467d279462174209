/** What people are told in Slack, and the queue and dead letters behind it. */
@NullMarked
package deployctl.notify;

import org.jspecify.annotations.NullMarked;
