package deployctl.run;

import deployctl.aws.cloudformation.Stack;
import deployctl.cli.Console;
import deployctl.coordinator.lock.Coordinator;
import deployctl.coordinator.lock.DeploymentFactory;
import deployctl.coordinator.lock.LeaseRenewer;
import deployctl.coordinator.lock.LeaseRenewer.LeaseEnd;
import deployctl.notify.Notifier;
import deployctl.notify.message.Notification.DeploymentStarted;
import deployctl.registry.DeploymentStatus;
import deployctl.support.Failure;
import deployctl.support.process.Child;
import deployctl.support.process.ProcessIdentity;
import deployctl.support.time.Sleeper;
import deployctl.support.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One deployment from the lock that it got to the lock that it gives back. The end is reached once,
 * whoever brings it about: the command, a cancellation, or the loss of the lease.
 */
final class DeploymentRun {
  /** What a cancelled run may take beyond the command's grace time. */
  private static final Duration LAST = Duration.ofSeconds(12);

  /** How long the end's message waits for the start's, when a command is over that soon. */
  private static final Duration START_FIRST = Duration.ofSeconds(3);

  /**
   * What came of it.
   *
   * @param lost whether the lock was lost on the way
   */
  record RunResult(int exit, boolean lost) {}

  /** How long AWS may take to tell how the stack's operation went. */
  private static final Duration ASK_AFTER_COMMAND = Duration.ofSeconds(6);

  /** As much of it as whoever cancels may wait for. */
  private static final Duration ASK_WHEN_CANCELLED = Duration.ofSeconds(3);

  /** How often it is tried to write down which process deploys. */
  private static final Duration WRITE_AGAIN = Duration.ofSeconds(2);

  private final RunningDeployment deployment;
  private final RunMonitor monitor;
  private final RunCompletion completion;
  private final Child.ChildStarter children;
  private final Supplier<Coordinator> coordinator;
  private final Supplier<Notifier> notifier;
  private final Console console;
  private final Time time;
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private final AtomicBoolean lost = new AtomicBoolean();
  private final AtomicBoolean commandOver = new AtomicBoolean();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile @Nullable Child child;
  private @Nullable Thread announcer;

  DeploymentRun(
      RunningDeployment deployment,
      RunMonitor monitor,
      RunCompletion completion,
      Child.ChildStarter children,
      Supplier<Coordinator> coordinator,
      Supplier<Notifier> notifier,
      Console console,
      Time time) {
    this.deployment = deployment;
    this.monitor = monitor;
    this.completion = completion;
    this.children = children;
    this.coordinator = coordinator;
    this.notifier = notifier;
    this.console = console;
    this.time = time;
  }

  /** Run the command and everything around it. */
  RunResult run(List<String> argv) {
    keepLease();
    announcer = announceStart();
    int exit;
    try {
      Child started = children.start(argv, environment());
      child = started;
      if (cancelled.get() || lost.get()) {
        started.end(deployment.options().grace());
      }
      writeDown(started);
      monitor.begin();
      exit = started.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      exit = 1;
    } catch (Failure e) {
      finish(1);
      throw e;
    }
    finish(exit);
    return new RunResult(exit, lost.get());
  }

  /** Give the lock back without having run anything. */
  void abandon() {
    release(DeploymentStatus.CANCELLED);
    over.countDown();
  }

  /** Tell the command to end, and wait until the end was announced and the lock given back. */
  void cancel() {
    cancelled.set(true);
    Child running = child;
    if (running != null) {
      running.end(deployment.options().grace());
    }
    try {
      if (!over.await(LAST.toMillis(), TimeUnit.MILLISECONDS)) {
        console.warn("The end could not be announced in time; the lease frees the lock");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Map<String, String> environment() {
    Map<String, String> variables = new HashMap<>();
    variables.put("CORRELATION_ID", deployment.id());
    variables.put("DEPLOYCTL_ENVIRONMENT", deployment.target().environment());
    variables.put("DEPLOYCTL_STACK", deployment.target().stackName());
    variables.put("DEPLOYCTL_FENCING_TOKEN", Long.toString(deployment.entry().fencingToken()));
    return variables;
  }

  /** Others have to see that the command lives, also when this process does not any more. */
  private void writeDown(Child started) {
    ProcessIdentity command = started.identity();
    if (command == null) {
      return;
    }
    try {
      coordinator.get().commandStarted(deployment.entry(), command);
    } catch (Failure e) {
      console.warn(
          "Which process deploys could not be written down: "
              + e.what()
              + ". Until it is, a kill of this program frees the lock in two minutes although the command may live");
      Thread writer = new Thread(() -> keepWriting(command), "command");
      writer.setDaemon(true);
      writer.start();
    }
  }

  private void keepWriting(ProcessIdentity command) {
    Sleeper sleeper = new Sleeper(time);
    boolean written = false;
    while (!written && !commandOver.get() && sleeper.sleep(WRITE_AGAIN)) {
      try {
        coordinator.get().commandStarted(deployment.entry(), command);
        written = true;
      } catch (Failure e) {
        // Said once; what cannot be written now is written later.
        written = false;
      }
    }
  }

  /** Renew the lease for as long as this process lives; without it the command has to end. */
  private void keepLease() {
    Thread keeper =
        new Thread(
            () -> {
              LeaseEnd end =
                  LeaseRenewer.ofHolder(
                          coordinator.get(),
                          deployment.entry(),
                          DeploymentFactory.SHORT_LEASE,
                          time,
                          console::warn)
                      .keep();
              if (end == LeaseEnd.LOST && over.getCount() > 0) {
                // Before the child is read: one that starts meanwhile sees it.
                lost.set(true);
                console.warn("The deployment lock was lost; the command is told to end");
                Child running = child;
                if (running != null) {
                  running.end(deployment.options().grace());
                }
              }
            },
            "lease");
    keeper.setDaemon(true);
    keeper.start();
  }

  private void finish(int exit) {
    commandOver.set(true);
    try {
      // Decided once: what comes while the end is being told changes nothing of it.
      boolean stopped = cancelled.get();
      StackOutcome stack =
          completion.stackOutcome(deployment, stopped ? ASK_WHEN_CANCELLED : ASK_AFTER_COMMAND);
      if (goesOn(stack) && handOver(exit, stopped, stack)) {
        return;
      }
      RunEnd end = new RunEnd(exit, stopped, lost.get(), time.now(), stack);
      askMonitor();
      // The lock before anything that may take long: the process may be ended meanwhile.
      if (!end.lost()) {
        release(end.status());
      }
      RunMonitor.EndMessage told = endMonitor();
      completion.record(deployment, end, monitor.request());
      awaitStartMessage();
      completion.announce(deployment, end, told);
    } finally {
      over.countDown();
    }
  }

  /** What took the command's connection may have taken ours: then a monitor knows. */
  private boolean goesOn(StackOutcome stack) {
    return stack instanceof StackOutcome.GoingOn
        || stack instanceof StackOutcome.Unanswered && monitor.followsAnOperation();
  }

  /**
   * The command is over and CloudFormation is not: who watches keeps the lock and tells the end.
   *
   * @return false when the lock is another's by now, and so is what goes on
   */
  private boolean handOver(int exit, boolean stopped, StackOutcome outcome) {
    Stack stack = outcome instanceof StackOutcome.GoingOn going ? going.stack() : null;
    try {
      Instant operation = stack == null ? null : stack.operationStartedAt();
      if (!coordinator.get().commandEnded(deployment.entry(), exit, operation)) {
        // Whoever renews the lease has not noticed yet.
        lost.set(true);
        return false;
      }
    } catch (Failure e) {
      console.warn("The command's end could not be written down: " + e.what());
      if (lost.get()) {
        return false;
      }
    }
    boolean watched = monitor.stay(stack);
    awaitStartMessage();
    String meanwhile =
        outcome instanceof StackOutcome.Unanswered unanswered
            ? "AWS does not tell whether CloudFormation is (" + unanswered.why() + ")"
            : "CloudFormation is still at work on "
                + (stack == null ? "the stack" : stack.name() + " (" + stack.status() + ")");
    completion.announceGoingOn(deployment, exit, stopped, meanwhile, watched, time.now());
    return true;
  }

  /** Whoever sends to a channel has it alone: the end would be left to the queue's next run. */
  private void awaitStartMessage() {
    Thread sender = announcer;
    if (sender == null) {
      return;
    }
    try {
      sender.join(START_FIRST.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void askMonitor() {
    try {
      monitor.ask();
    } catch (Failure e) {
      // Ending it fails in the same way, and says so.
      return;
    }
  }

  private RunMonitor.EndMessage endMonitor() {
    try {
      return monitor.end();
    } catch (Failure e) {
      console.warn("The monitor could not be ended: " + e.what());
      return RunMonitor.EndMessage.NONE;
    }
  }

  private void release(DeploymentStatus status) {
    try {
      coordinator.get().release(deployment.id(), status, deployment.entry().fencingToken());
    } catch (Failure e) {
      console.warn(
          "The deployment lock could not be given back: " + e.what() + ". Its lease frees it");
    }
  }

  /** Say it in the background: a deployment never waits for Slack. */
  private Thread announceStart() {
    String run = deployment.entry().workflowRunId();
    String channel = deployment.options().channel();
    Thread sender =
        new Thread(
            () -> {
              try {
                notifier
                    .get()
                    .queue(
                        new DeploymentStarted(
                                deployment.id(),
                                deployment.target().environment(),
                                run == null ? "-" : run)
                            .at(deployment.begun())
                            .to(channel));
                notifier.get().flush(channel);
              } catch (Failure e) {
                console.warn("Slack was not told: " + e.what());
              }
            },
            "announce");
    sender.setDaemon(true);
    sender.start();
    return sender;
  }
}
