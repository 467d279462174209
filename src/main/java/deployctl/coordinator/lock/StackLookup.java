package deployctl.coordinator.lock;

import deployctl.aws.client.AwsErrorKind;
import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.Stacks;
import deployctl.registry.Deployment;
import deployctl.support.Failure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks CloudFormation for one decision: each stack once, the target's ahead of time on a thread of
 * its own.
 */
final class StackLookup {
  /** How long the answer "no, the registry says so" waits for CloudFormation's side of it. */
  private static final Duration COURTESY = Duration.ofSeconds(3);

  private final Stacks stacks;
  private final String expected;
  private final CompletableFuture<StackState> answer = new CompletableFuture<>();

  /** Make a lookup and begin to ask for {@code expected}. */
  StackLookup(Stacks stacks, String expected) {
    this.stacks = stacks;
    this.expected = expected;
    Thread thread =
        new Thread(
            () -> {
              try {
                answer.complete(ask(expected));
              } catch (Throwable e) {
                answer.completeExceptionally(e);
              }
            },
            "cloudformation");
    thread.setDaemon(true);
    thread.start();
  }

  /** Return what CloudFormation says of the expected stack. */
  StackState state() {
    return await(null);
  }

  /**
   * Return all that a decision on these holders needs. A holder that keeps its lock decides by
   * itself, and CloudFormation's side of it is waited for only for a moment.
   *
   * @param holders who holds the lock by the registry; empty where there is no registry
   * @param question what is to be decided
   */
  StackAnswers about(List<Deployment> holders, GateQuestion question) {
    Map<String, StackState> states = new HashMap<>();
    boolean decided = false;
    for (Deployment holder : holders) {
      if (!holder.hold(question.now()).freeable()) {
        decided = true;
      } else {
        String stack = question.stackOf(holder);
        if (!states.containsKey(stack)) {
          states.put(stack, stack.equals(expected) ? await(null) : ask(stack));
        }
        decided |= !question.here(holder) || !states.get(stack).seenIdle();
      }
    }
    if (!states.containsKey(expected)) {
      states.put(expected, await(decided ? COURTESY : null));
    }
    return new StackAnswers(states, holders);
  }

  private StackState ask(String stack) {
    try {
      return stacks.find(stack).map(StackState::of).orElseGet(StackState.Absent::new);
    } catch (AwsFailure e) {
      return new StackState.Unknown(e);
    }
  }

  private StackState await(@Nullable Duration timeout) {
    try {
      return timeout == null ? answer.get() : answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return new StackState.Unknown(
          new AwsFailure(AwsErrorKind.TIMED_OUT, "AWS has not answered yet", "", e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new StackState.Unknown(
          new AwsFailure(AwsErrorKind.TIMED_OUT, "Interrupted while asking AWS", "", e));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException unexpected) {
        throw unexpected;
      }
      throw new Failure(Failure.FailureKind.UNKNOWN, "Asking AWS failed: " + e.getCause(), "", e);
    }
  }
}
