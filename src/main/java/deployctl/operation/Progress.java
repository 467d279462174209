package deployctl.operation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far an operation is, counted in resources of the stack itself; a nested stack counts as one.
 *
 * @param done how many are done; while it rolls back, how many are undone
 * @param total of how many; null where that cannot be known, as for an update without its change
 *     set
 * @param rollingBack whether it undoes itself
 */
public record Progress(int done, @Nullable Integer total, boolean rollingBack) {
  /**
   * Count an operation.
   *
   * @param planned how many resources it was to touch, or null where that is not known
   */
  public static Progress of(StackOperation operation, String stackId, @Nullable Integer planned) {
    boolean back =
        operation.rollbackSince() != null
            || operation.kind() == StackOperation.OperationKind.ROLLBACK;
    int touched = 0;
    int done = 0;
    for (ResourceRun run : operation.resources()) {
      if (!run.stackId().equals(stackId)) {
        continue;
      }
      touched++;
      done += Events.complete(run.status()) && (!back || undone(run, operation)) ? 1 : 0;
    }
    // Undoing touches just what was done, so its total is known.
    Integer total = back ? Integer.valueOf(touched) : planned;
    if (total != null && total < touched) {
      total = touched;
    }
    return new Progress(done, total, back);
  }

  /** What was done after the rollback began was undone; before, it was done. */
  private static boolean undone(ResourceRun run, StackOperation operation) {
    Instant since = operation.rollbackSince();
    Instant end = run.endedAt();
    return since == null || end != null && !end.isBefore(since);
  }

  /** Return it for a sentence. */
  public String describe() {
    if (rollingBack) {
      int left = total == null ? 0 : total - done;
      return "rolling back: " + left + " of " + total + " resources left";
    }
    return total == null ? done + " resources done" : done + " of " + total + " resources done";
  }

  /** Return the share that is done, 0 to 1, or null where the total is not known. */
  public @Nullable Double share() {
    return total == null || total == 0 ? null : Math.min(1.0, (double) done / total);
  }
}
