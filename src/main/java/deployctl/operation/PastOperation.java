package deployctl.operation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * An operation of a stack that is over.
 *
 * @param resources what was done, in the order of its beginning
 */
public record PastOperation(
    String stackName,
    StackOperation.OperationKind kind,
    OperationEnd result,
    Instant startedAt,
    Instant endedAt,
    List<ResourceTiming> resources) {
  /** How it ended. */
  public enum OperationEnd {
    /** It did what it was for. */
    SUCCEEDED,
    /** Something failed; it may have been undone. */
    FAILED,
    /** Somebody called it off. */
    CANCELLED,
    /** There was nothing to do. */
    NO_CHANGES
  }

  /** Return how long it took. */
  public Duration duration() {
    return Duration.between(startedAt, endedAt);
  }
}
