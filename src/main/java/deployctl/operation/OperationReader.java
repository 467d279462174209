package deployctl.operation;

import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.Stack;
import deployctl.aws.cloudformation.Stacks;
import deployctl.operation.StackOperation.OperationKind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what an operation has done and is to touch: from the events, from the template for a
 * creation, from the change set for an update, from what is there for a deletion.
 */
public final class OperationReader {
  private final Stacks stacks;
  private final Consumer<String> warnings;

  /** Make a reader; {@code warnings} hears what an observation does without. */
  public OperationReader(Stacks stacks, Consumer<String> warnings) {
    this.stacks = stacks;
    this.warnings = warnings;
  }

  /**
   * Return what is known of an operation beforehand, or empty when AWS did not answer and may be
   * asked again.
   */
  public Optional<ExpectedChanges> expected(Stack stack, OperationKind kind) {
    try {
      Template template = unlessRefused(() -> template(stack));
      String changeSet = stack.changeSetId();
      List<String> changes =
          kind == OperationKind.DELETE || changeSet == null
              ? null
              : unlessRefused(() -> stacks.changes(stack.id(), changeSet));
      Integer count =
          switch (kind) {
            case CREATE -> template == null ? null : positive(template.certain().size());
            case UPDATE, IMPORT -> changes == null ? null : positive(changes.size());
            case DELETE -> positive(stacks.resources(stack.id()).size());
            case ROLLBACK -> null;
          };
      return Optional.of(new ExpectedChanges(count, template, changes));
    } catch (AwsFailure e) {
      return e.problem().passing() ? Optional.empty() : Optional.of(ExpectedChanges.NONE);
    }
  }

  /**
   * Return what is known of a stack whose operation runs, or is to begin. What AWS does not show is
   * done without.
   *
   * @param stack the stack, or null when there is none yet
   * @param name what it is called
   * @throws AwsFailure when the events of an operation that runs cannot be read
   */
  public ObservedOperation observe(@Nullable Stack stack, String name, Instant now) {
    if (stack == null) {
      return new ObservedOperation(
          name, name, OperationKind.CREATE, null, ExpectedChanges.NONE, now);
    }
    if (!stack.status().inProgress()) {
      boolean review = stack.status().name().equals("REVIEW_IN_PROGRESS");
      return observed(stack, review ? OperationKind.CREATE : OperationKind.UPDATE, null, null, now);
    }
    OperationFeed feed = OperationFeed.latest(stacks, stack.id());
    feed.next();
    OperationKind kind = feed.operation().kind();
    return observed(
        stack,
        kind,
        feed.operation(),
        kind == OperationKind.UPDATE ? changesOrNone(stack) : null,
        now);
  }

  private ObservedOperation observed(
      Stack stack,
      OperationKind kind,
      @Nullable StackOperation operation,
      @Nullable List<String> changes,
      Instant now) {
    ExpectedChanges expected = new ExpectedChanges(null, templateOrNone(stack), changes);
    return new ObservedOperation(stack.name(), stack.id(), kind, operation, expected, now);
  }

  private @Nullable Template templateOrNone(Stack stack) {
    try {
      return template(stack);
    } catch (AwsFailure e) {
      warnings.accept("Estimated without the template: " + e.what());
      return null;
    }
  }

  private @Nullable List<String> changesOrNone(Stack stack) {
    try {
      return changes(stack);
    } catch (AwsFailure e) {
      // A change set may be deleted once it was executed.
      return null;
    }
  }

  private Template template(Stack stack) {
    return Template.parse(stacks.template(stack.id()));
  }

  private @Nullable List<String> changes(Stack stack) {
    String changeSet = stack.changeSetId();
    return changeSet == null ? null : stacks.changes(stack.id(), changeSet);
  }

  /** What may not be seen is done without; what may be seen later is asked for again. */
  private static <T> @Nullable T unlessRefused(Supplier<T> question) {
    try {
      return question.get();
    } catch (AwsFailure e) {
      if (e.problem().passing()) {
        throw e;
      }
      return null;
    }
  }

  private static @Nullable Integer positive(int count) {
    return count == 0 ? null : count;
  }
}
