package deployctl.coordinator;

import deployctl.cli.ExitCode;
import deployctl.coordinator.lock.AcquireResult;
import deployctl.coordinator.lock.AcquireResult.Refused;
import deployctl.coordinator.lock.AcquireResult.TimedOut;
import deployctl.coordinator.lock.Coordinator;
import deployctl.coordinator.lock.GateDecision;
import deployctl.coordinator.lock.LockRequest;
import deployctl.support.Failure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Asks for the place, in the queue where that is wanted, and gives it back. */
public final class Acquisition {
  private final CoordinatorContext context;

  /** Make an acquisition. */
  public Acquisition(CoordinatorContext context) {
    this.context = context;
  }

  /**
   * Ask for the place.
   *
   * @param longest how long to stand in the queue, or null to take no for an answer
   */
  public AcquireResult admit(LockRequest request, @Nullable Duration longest) {
    Coordinator coordinator = context.coordinator().get();
    AcquireResult admission = coordinator.register(request);
    boolean taken =
        admission instanceof Refused refused
            && refused.verdict().exitCode() == ExitCode.ACTIVE
            && refused.verdict().failure() == null;
    if (longest == null || !taken) {
      return admission;
    }
    context.console().note(request.correlationId() + " waits for " + request.target());
    return context.waiting().inQueue(request, longest, new WaitReport(context));
  }

  /**
   * Return the exit code that says what came of it.
   *
   * @param waited whether there was to be a wait: then only an answer of AWS's can say "still
   *     active"
   */
  public static ExitCode exitCode(AcquireResult admission, boolean waited) {
    if (admission instanceof Refused refused) {
      boolean cannotTell = waited && refused.verdict().failure() != null;
      return cannotTell ? ExitCode.UNKNOWN : refused.verdict().exitCode();
    }
    if (admission instanceof TimedOut late) {
      return late.verdict().failure() == null ? ExitCode.TIMED_OUT : ExitCode.UNKNOWN;
    }
    return ExitCode.OK;
  }

  /** Return why the place was not to be had, for a sentence. */
  public String sentence(GateDecision verdict) {
    String failure = verdict.failure() == null ? "" : " (" + verdict.failure().what() + ")";
    return context.verdicts().sentence(verdict) + failure;
  }

  /** Give back what an attempt got; what goes wrong is told by {@code run}'s caller already. */
  public void giveBack(LockRequest request) {
    try {
      context.coordinator().get().giveBack(request);
    } catch (Failure e) {
      context.console().warn("Nothing could be given back: " + e.what());
    }
  }
}
