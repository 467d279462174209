package deployctl.monitor.watch;

import deployctl.monitor.checkpoint.MonitorOutcome;
import deployctl.operation.OperationFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How watching ended.
 *
 * @param status the stack's last status; empty where it is not known
 * @param summary one line
 * @param cause why it failed, or null
 * @param rollbackCause why the rollback failed as well, or null
 * @param followed what only followed from the cause
 * @param startedAt when the operation began, or null where that is not known
 * @param duration how long the operation took
 */
public record OperationResult(
    MonitorOutcome outcome,
    String stackName,
    String status,
    String summary,
    @Nullable OperationFailure cause,
    @Nullable OperationFailure rollbackCause,
    List<OperationFailure> followed,
    @Nullable Instant startedAt,
    Duration duration) {}
