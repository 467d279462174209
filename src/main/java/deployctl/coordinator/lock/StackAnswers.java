package deployctl.coordinator.lock;

import deployctl.registry.Deployment;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What CloudFormation said for one decision, and which holders of the lock it was asked about.
 *
 * <p>An answer proves something only about a holder that was there when the question was asked: one
 * that came and went since has never been seen idle.
 *
 * @param states by the stack's plain name; a stack that was not asked about is missing
 * @param holders the entries that held the lock when the question was asked
 */
record StackAnswers(Map<String, StackState> states, List<Deployment> holders) {
  /** Return an answer that proves nothing about any holder. */
  static StackAnswers of(String stack, StackState state) {
    return new StackAnswers(Map.of(stack, state), List.of());
  }

  /** Return what is known of a stack, or null when it was not asked about. */
  @Nullable StackState find(String stack) {
    return states.get(stack);
  }

  /** Tell whether nothing is at work on the stack of a holder that the question was about. */
  boolean seenIdle(Deployment holder, String stack) {
    StackState state = find(stack);
    return state != null && state.seenIdle() && askedAbout(holder);
  }

  private boolean askedAbout(Deployment holder) {
    return holders.stream()
        .anyMatch(
            seen ->
                seen.correlationId().equals(holder.correlationId())
                    && seen.fencingToken() == holder.fencingToken());
  }
}
