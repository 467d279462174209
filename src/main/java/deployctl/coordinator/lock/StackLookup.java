package deployctl.coordinator.lock;

import deployctl.aws.client.AwsErrorKind;
import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.Stacks;
import deployctl.support.Failure;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks CloudFormation for one decision: each stack once, the expected one ahead of time on a thread
 * of its own.
 */
final class StackLookup {
  private final Stacks stacks;
  private final Map<String, CompletableFuture<StackState>> answers = new HashMap<>();

  /** Make a lookup and begin to ask for {@code expected}. */
  StackLookup(Stacks stacks, String expected) {
    this.stacks = stacks;
    CompletableFuture<StackState> answer = new CompletableFuture<>();
    answers.put(expected, answer);
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

  /** Return what CloudFormation says, waiting for it as long as the AWS layer does. */
  StackState view(String stack) {
    return get(
        answers.computeIfAbsent(stack, name -> CompletableFuture.completedFuture(ask(name))), null);
  }

  /**
   * Return what CloudFormation says if it does within {@code patience}, for an answer that does not
   * hang on it.
   */
  StackState viewWithin(String stack, Duration patience) {
    return get(
        answers.computeIfAbsent(stack, name -> CompletableFuture.completedFuture(ask(name))),
        patience);
  }

  private StackState ask(String stack) {
    try {
      return stacks.find(stack).map(StackState::of).orElseGet(StackState.Absent::new);
    } catch (AwsFailure e) {
      return new StackState.Unknown(e);
    }
  }

  private static StackState get(
      CompletableFuture<StackState> answer, @org.jspecify.annotations.Nullable Duration patience) {
    try {
      return patience == null
          ? answer.get()
          : answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
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
