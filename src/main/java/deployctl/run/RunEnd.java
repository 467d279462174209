package deployctl.run;

import deployctl.aws.cloudformation.StackEvent;
import deployctl.operation.StackOperation;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended.
 *
 * @param exit the command's exit code
 * @param cancelled whether it was told to end
 * @param lost whether the lock was lost on the way
 * @param at when
 * @param stack what the stack did meanwhile, or null when it did nothing or that is not known
 */
record RunEnd(int exit, boolean cancelled, boolean lost, Instant at, @Nullable StackEnd stack) {
  /** What the stack did meanwhile. */
  record StackEnd(StackOperation operation, List<StackEvent> events) {}

  /** Tell whether it succeeded. */
  boolean good() {
    return exit == 0 && !cancelled && !lost;
  }

  /** Return why it did not succeed, for a sentence. */
  String why() {
    if (lost) {
      return "it lost the deployment lock and was told to end";
    }
    if (cancelled) {
      return "it was cancelled";
    }
    String cause =
        stack == null
            ? ""
            : stack.operation().rootCause().map(failure -> ": " + failure.line()).orElse("");
    return "the command exited with " + exit + cause;
  }
}
