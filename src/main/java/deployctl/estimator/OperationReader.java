package deployctl.estimator;

import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.Stack;
import deployctl.aws.cloudformation.Stacks;
import deployctl.operation.OperationFeed;
import deployctl.operation.SeenEvents;
import deployctl.operation.StackOperation;
import deployctl.operation.StackOperation.OperationKind;
import deployctl.operation.Template;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks AWS for what an estimate needs. What it may not see, the estimate does without, and says.
 */
final class OperationReader {
  private static final int MOST_SEEN = 20_000;

  private final Stacks stacks;
  private final Consumer<String> warnings;

  OperationReader(Stacks stacks, Consumer<String> warnings) {
    this.stacks = stacks;
    this.warnings = warnings;
  }

  /** Return what is known of a stack whose operation runs, or is to begin. */
  Estimator.Subject subject(@Nullable Stack stack, String name) {
    if (stack == null) {
      return new Estimator.Subject(name, name, OperationKind.CREATE, null, null, null);
    }
    if (!stack.status().inProgress()) {
      boolean review = stack.status().name().equals("REVIEW_IN_PROGRESS");
      return new Estimator.Subject(
          stack.name(),
          stack.id(),
          review ? OperationKind.CREATE : OperationKind.UPDATE,
          null,
          template(stack),
          null);
    }
    OperationFeed feed = new OperationFeed(stacks, stack.id(), null, new SeenEvents(MOST_SEEN));
    feed.next();
    StackOperation operation = feed.operation();
    return new Estimator.Subject(
        stack.name(),
        stack.id(),
        operation.kind(),
        operation,
        template(stack),
        operation.kind() == OperationKind.UPDATE ? changes(stack) : null);
  }

  private @Nullable Template template(Stack stack) {
    try {
      return Template.parse(stacks.template(stack.id()));
    } catch (AwsFailure e) {
      warnings.accept("Estimated without the template: " + e.what());
      return null;
    }
  }

  private @Nullable List<String> changes(Stack stack) {
    String changeSet = stack.changeSetId();
    if (changeSet == null) {
      return null;
    }
    try {
      return stacks.changes(stack.id(), changeSet);
    } catch (AwsFailure e) {
      // A change set may be deleted once it was executed.
      return null;
    }
  }
}
