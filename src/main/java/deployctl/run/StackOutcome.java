package deployctl.run;

import deployctl.aws.cloudformation.Stack;
import deployctl.aws.cloudformation.StackEvent;
import deployctl.operation.StackOperation;
import java.util.List;

/** What the stack did while a run's command ran. */
sealed interface StackOutcome {
  /** Nothing that began since. */
  record Untouched() implements StackOutcome {}

  /** Its operation is over. */
  record Ended(StackOperation operation, List<StackEvent> events) implements StackOutcome {}

  /** CloudFormation is at work on it still, although the command has ended. */
  record GoingOn(Stack stack) implements StackOutcome {}

  /** AWS did not tell. */
  record Unanswered(String why) implements StackOutcome {}
}
