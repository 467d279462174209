package deployctl.coordinator;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A deployment that asks for the place.
 *
 * @param command the command that asks, for the journal
 * @param workflowRunId the workflow run behind it, or null
 * @param lease how long the place is kept without a word from the owner
 * @param commit what is deployed, or null
 * @param allowCleanup whether a stack that needs cleaning up is no obstacle
 * @param held whether a process stays to renew the lease; it is then recorded as the owner
 */
public record Request(
    String command,
    String correlationId,
    @Nullable String workflowRunId,
    Target target,
    Duration lease,
    @Nullable String commit,
    boolean allowCleanup,
    boolean held) {}
