package deployctl.monitor;

import deployctl.aws.AwsFailure;
import deployctl.aws.Stack;
import deployctl.aws.StackResource;
import deployctl.aws.Stacks;
import deployctl.operation.StackOperation;
import deployctl.operation.Template;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how many resources an operation is to touch: from the template for a creation, from the
 * change set for an update, from what is there for a deletion. Asked once an operation.
 */
final class PlannedResources {
  private final Stacks stacks;

  PlannedResources(Stacks stacks) {
    this.stacks = stacks;
  }

  /** Return the number, or null where it cannot be known. */
  @Nullable Integer count(Stack stack, StackOperation.Kind kind) {
    try {
      return switch (kind) {
        case CREATE -> positive(Template.parse(stacks.template(stack.id())).certain().size());
        case UPDATE, IMPORT -> changes(stack);
        case DELETE -> existing(stack);
        case ROLLBACK -> null;
      };
    } catch (AwsFailure e) {
      // A permission that is not there, or a moment's fault: progress is then told without a total.
      return null;
    }
  }

  private @Nullable Integer changes(Stack stack) {
    String changeSet = stack.changeSetId();
    return changeSet == null ? null : positive(stacks.changes(stack.id(), changeSet).size());
  }

  private Integer existing(Stack stack) {
    List<StackResource> resources = stacks.resources(stack.id());
    // What is deleted already was one of them.
    return resources.size();
  }

  private static @Nullable Integer positive(int count) {
    return count == 0 ? null : count;
  }
}
