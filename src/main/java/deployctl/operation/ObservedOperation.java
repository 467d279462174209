package deployctl.operation;

import deployctl.operation.StackOperation.OperationKind;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an operation that runs, or is to begin.
 *
 * @param operation what has happened so far, or null before it began
 * @param expected what is known of it beforehand
 * @param now as of when
 */
public record ObservedOperation(
    String stackName,
    String stackId,
    OperationKind kind,
    @Nullable StackOperation operation,
    ExpectedChanges expected,
    Instant now) {
  /** Return what the template says, or null where it is not known. */
  public @Nullable Template template() {
    return expected.template();
  }

  /** Return the logical ids of what is changed, or null where they are not known. */
  public @Nullable List<String> changes() {
    return expected.changes();
  }
}
