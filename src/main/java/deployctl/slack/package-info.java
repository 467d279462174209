/** Slack's Web API behind a small gateway that answers in this project's own records. */
@NullMarked
package deployctl.slack;

import org.jspecify.annotations.NullMarked;
