package deployctl.coordinator;

import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.coordinator.lock.AcquireResult;
import deployctl.coordinator.lock.AcquireResult.Refused;
import deployctl.coordinator.lock.AcquireResult.TimedOut;
import deployctl.coordinator.lock.Coordinator;
import deployctl.coordinator.lock.GateDecision;
import deployctl.coordinator.lock.LockQueue;
import deployctl.coordinator.lock.LockRequest;
import deployctl.coordinator.lock.ThrowawayRunner;
import deployctl.coordinator.view.GateDecisionView;
import deployctl.coordinator.view.WaitReport;
import deployctl.notify.Notifier;
import deployctl.registry.Deployment;
import deployctl.support.Failure;
import deployctl.support.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks for the lock, in the queue where that is wanted, and gives it back. */
public final class Acquisition {
  private final Console console;
  private final Supplier<Coordinator> coordinator;
  private final Supplier<LockQueue> lockQueue;
  private final Supplier<GateDecisionView> views;
  private final ThrowawayRunner runner;
  private final Supplier<Notifier> notifier;
  private final Time time;

  /** Make an acquisition; what the command line decides is made at its first use. */
  public Acquisition(
      Console console,
      Supplier<Coordinator> coordinator,
      Supplier<LockQueue> lockQueue,
      Supplier<GateDecisionView> views,
      ThrowawayRunner runner,
      Supplier<Notifier> notifier,
      Time time) {
    this.notifier = notifier;
    this.time = time;
    this.runner = runner;
    this.console = console;
    this.coordinator = coordinator;
    this.lockQueue = lockQueue;
    this.views = views;
  }

  /**
   * Ask for the lock.
   *
   * @param longest how long to stand in the queue, or null to take no for an answer
   * @throws Failure also when the one ahead failed and that is to end the wait
   */
  public AcquireResult acquire(
      LockRequest request, @Nullable Duration longest, LockRequestOptions options) {
    AcquireResult result = coordinator.get().register(request);
    boolean taken =
        result instanceof Refused refused
            && refused.decision().exitCode() == ExitCode.ACTIVE
            && refused.decision().failure() == null
            && !isItself(request, refused.decision());
    if (longest == null || !taken) {
      return result;
    }
    console.note(request.correlationId() + " waits for " + request.target());
    PredecessorWatch watch =
        new PredecessorWatch(
            request,
            options,
            new WaitReport(console, views.get()),
            coordinator.get()::deployments,
            notifier,
            views.get(),
            console,
            time);
    AcquireResult came = lockQueue.get().await(request, longest, watch);
    watch.ended();
    return came;
  }

  /** Tell whether a deployment is in its own way: its id is another process's already. */
  private static boolean isItself(LockRequest request, GateDecision decision) {
    Deployment blocker = decision.blocker();
    return blocker != null && blocker.correlationId().equals(request.correlationId());
  }

  /** Return what whoever was refused may do next; empty where nothing is to be said. */
  public String advice(LockRequest request, GateDecision decision, boolean waited) {
    List<String> commands = views.get().cleanupCommands(decision);
    if (isItself(request, decision)) {
      return "It has this very id: take another, or watch it with 'deployctl monitor run "
          + request.correlationId()
          + "'";
    }
    if (decision.exitCode() == ExitCode.ACTIVE) {
      return waited
          ? "'deployctl diagnose stuck-queue' tells more"
          : "Say --wait 30m to stand in the queue";
    }
    if (!commands.isEmpty()) {
      return "First: " + String.join(" && ", commands);
    }
    return decision.knownIn() == null ? "'deployctl diagnose stuck-queue' tells more" : "";
  }

  /** Say what is special about the stack that the lock was got for. */
  public void tellStack(AcquireResult.Acquired acquired) {
    views.get().halfway(acquired).ifPresent(console::warn);
  }

  /**
   * Return the exit code that says what came of it.
   *
   * @param waited whether there was to be a wait: then only an answer of AWS's can say "still
   *     active"
   */
  public static ExitCode exitCode(AcquireResult result, boolean waited) {
    if (result instanceof Refused refused) {
      boolean cannotTell = waited && refused.decision().failure() != null;
      return cannotTell ? ExitCode.UNKNOWN : refused.decision().exitCode();
    }
    if (result instanceof TimedOut late) {
      return late.decision().failure() == null ? ExitCode.TIMED_OUT : ExitCode.UNKNOWN;
    }
    return ExitCode.OK;
  }

  /** Return why the lock was not to be had, for a sentence. */
  public String sentence(GateDecision decision) {
    String failure = decision.failure() == null ? "" : " (" + decision.failure().what() + ")";
    return views.get().sentence(decision) + failure;
  }

  /** See that the lock is one that all others see; see {@link ThrowawayRunner#refuse}. */
  public void checkShared(LockRequestOptions options) {
    runner.refuse(options.local());
  }

  /** Give back what an attempt got; what goes wrong is told by {@code run}'s caller already. */
  public void giveBack(LockRequest request) {
    try {
      coordinator.get().giveBack(request);
    } catch (Failure e) {
      console.warn("Nothing could be given back: " + e.what());
    }
  }
}
