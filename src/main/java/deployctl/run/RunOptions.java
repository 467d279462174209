package deployctl.run;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line of a run asks for.
 *
 * @param channel Slack channel, or null for the usual one
 * @param url where the application is, or null
 * @param grace how long the command may take to end when it is told to
 * @param monitor whether the stack is watched meanwhile
 * @param monitorOptions the options under which it is watched
 */
record RunOptions(
    @Nullable String channel,
    @Nullable String url,
    Duration grace,
    boolean monitor,
    List<String> monitorOptions) {}
