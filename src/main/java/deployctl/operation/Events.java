package deployctl.operation;

import deployctl.aws.cloudformation.StackEvent;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads stack events.
 *
 * <p>Statuses and their endings: CloudFormation user guide, "Stack status codes" and "Resource
 * status codes".
 */
public final class Events {
  /** What a nested stack is to its parent. */
  public static final String STACK_TYPE = "AWS::CloudFormation::Stack";

  private static final Set<String> BEGINNINGS =
      Set.of(
          "CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "IMPORT_IN_PROGRESS");

  private Events() {}

  /** Tell whether a stack says it of itself; the other events are its resources'. */
  public static boolean ofStackItself(StackEvent event) {
    return event.resourceType().equals(STACK_TYPE)
        && (event.stackId().equals(event.physicalResourceId())
            || event.physicalResourceId() == null
                && event.logicalResourceId().equals(event.stackName()));
  }

  /** Tell whether an event is that of a nested stack which has got its id. */
  public static boolean ofNestedStack(StackEvent event) {
    String id = event.physicalResourceId();
    return event.resourceType().equals(STACK_TYPE)
        && !ofStackItself(event)
        && id != null
        && id.startsWith("arn:");
  }

  /** Tell whether something is being done. */
  public static boolean inProgress(String status) {
    return status.endsWith("_IN_PROGRESS");
  }

  /** Tell whether something went wrong. */
  public static boolean failed(String status) {
    return status.endsWith("_FAILED");
  }

  /** Tell whether something is done. */
  public static boolean complete(String status) {
    // What was kept on purpose is done with.
    return status.endsWith("_COMPLETE") || status.equals("DELETE_SKIPPED");
  }

  /** Tell whether what is done undoes something. */
  public static boolean rollingBack(String status) {
    return status.contains("ROLLBACK");
  }

  /** Tell whether an operation of the stack begins with the event. */
  static boolean begins(StackEvent event) {
    // A failed creation that deletes itself is still the same operation.
    return ofStackItself(event)
        && BEGINNINGS.contains(event.status())
        && !(event.status().equals("DELETE_IN_PROGRESS") && Reasons.summary(event.reason()));
  }

  /** Return an empty text for null. */
  static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
