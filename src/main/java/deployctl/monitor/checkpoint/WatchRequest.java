package deployctl.monitor.checkpoint;

import deployctl.support.file.LocalFile;
import org.jspecify.annotations.Nullable;

/**
 * The deployment that is watched.
 *
 * @param environment the environment, or empty where it is not known
 * @param stack name of its stack
 * @param lookup name or ARN by which AWS is asked for it
 * @param channel Slack channel that was asked for, or null for the usual one
 * @param logFile where the monitor's log goes
 */
public record WatchRequest(
    String correlationId,
    String environment,
    String stack,
    String lookup,
    @Nullable String channel,
    LocalFile logFile) {}
