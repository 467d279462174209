package deployctl.operation;

import deployctl.aws.cloudformation.StackEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that failed in an operation.
 *
 * @param reason AWS's own words; empty when it gave none
 * @param stackItself whether the stack said it of itself
 */
public record OperationFailure(
    String eventId,
    Instant at,
    String stackName,
    String logicalId,
    @Nullable String physicalId,
    String type,
    String status,
    String reason,
    boolean stackItself) {

  static OperationFailure of(StackEvent event) {
    return new OperationFailure(
        event.eventId(),
        event.timestamp(),
        event.stackName(),
        event.logicalResourceId(),
        event.physicalResourceId(),
        event.resourceType(),
        event.status(),
        Events.orEmpty(event.reason()),
        Events.ofStackItself(event));
  }

  /** Tell whether it only follows from another failure. */
  public boolean follows() {
    return Reasons.cancelled(reason) || Reasons.summary(reason);
  }

  /** Return it as one line: the resource, its type, AWS's words. */
  public String line() {
    String what = logicalId + " (" + type + ") " + status;
    return reason.isEmpty() ? what : what + ": " + reason.strip();
  }
}
