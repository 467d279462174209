package deployctl.monitor.watch;

import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.Stack;
import deployctl.aws.cloudformation.Stacks;
import deployctl.operation.StackOperation;
import deployctl.operation.Template;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what an operation is to touch: from the template for a creation, from the change set
 * for an update, from what is there for a deletion. Asked once an operation, and again only when
 * AWS was away.
 */
public final class ExpectedChanges {
  private final Stacks stacks;

  ExpectedChanges(Stacks stacks) {
    this.stacks = stacks;
  }

  /**
   * What is known of an operation beforehand; null for what AWS does not tell.
   *
   * @param count how many resources it is to touch
   * @param changes logical ids of what its change set changes
   */
  public record PlannedChanges(
      @Nullable Integer count, @Nullable Template template, @Nullable List<String> changes) {}

  /** Return what is known, or empty when AWS did not answer and may be asked again. */
  Optional<PlannedChanges> of(Stack stack, StackOperation.OperationKind kind) {
    try {
      Template template = template(stack);
      List<String> changes = changes(stack, kind);
      Integer count =
          switch (kind) {
            case CREATE -> template == null ? null : positive(template.certain().size());
            case UPDATE, IMPORT -> changes == null ? null : positive(changes.size());
            case DELETE -> positive(stacks.resources(stack.id()).size());
            case ROLLBACK -> null;
          };
      return Optional.of(new PlannedChanges(count, template, changes));
    } catch (AwsFailure e) {
      return e.problem().passing()
          ? Optional.empty()
          : Optional.of(new PlannedChanges(null, null, null));
    }
  }

  private @Nullable Template template(Stack stack) {
    try {
      return Template.parse(stacks.template(stack.id()));
    } catch (AwsFailure e) {
      unlessPassing(e);
      return null;
    }
  }

  private @Nullable List<String> changes(Stack stack, StackOperation.OperationKind kind) {
    String changeSet = stack.changeSetId();
    if (changeSet == null || kind == StackOperation.OperationKind.DELETE) {
      return null;
    }
    try {
      return stacks.changes(stack.id(), changeSet);
    } catch (AwsFailure e) {
      unlessPassing(e);
      return null;
    }
  }

  /** What may not be seen is done without; what may be seen later is asked for again. */
  private static void unlessPassing(AwsFailure e) {
    if (e.problem().passing()) {
      throw e;
    }
  }

  private static @Nullable Integer positive(int count) {
    return count == 0 ? null : count;
  }
}
