package deployctl.run;

import deployctl.coordinator.lock.DeploymentFactory;
import deployctl.coordinator.lock.LeaseRenewer;
import deployctl.notify.Notifier;
import deployctl.notify.message.Notification;
import deployctl.notify.message.NotificationType;
import deployctl.registry.Deployment;
import deployctl.registry.DeploymentStatus;
import deployctl.support.Failure;
import deployctl.support.process.Child;
import deployctl.target.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The course of one deployment from the place that it got to the place that it gives back. The end
 * is reached once, whoever brings it about: the command, a cancellation, or the loss of the lease.
 */
final class DeploymentRun {
  /** What a cancelled run may take beyond the command's grace time. */
  private static final Duration LAST = Duration.ofSeconds(12);

  /**
   * What the command line asks for.
   *
   * @param channel Slack channel, or null for the usual one
   * @param url where the application is, or null
   * @param grace how long the command may take to end when it is told to
   * @param monitor whether the stack is watched meanwhile
   */
  record RunOptions(
      @Nullable String channel,
      @Nullable String url,
      Duration grace,
      boolean monitor,
      List<String> monitorOptions) {}

  /**
   * What came of it.
   *
   * @param lost whether the place was lost on the way
   */
  record RunResult(int exit, boolean lost) {}

  private final RunContext context;
  private final Target target;
  private final Deployment entry;
  private final RunOptions wishes;
  private final RunMonitor watching;
  private final Instant begun;
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private final AtomicBoolean lost = new AtomicBoolean();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile @Nullable Child child;

  DeploymentRun(RunContext context, Target target, Deployment entry, RunOptions wishes) {
    this.context = context;
    this.target = target;
    this.entry = entry;
    this.wishes = wishes;
    this.begun = context.time().now();
    this.watching = new RunMonitor(context, target, entry, wishes);
  }

  /** Run the command and everything around it. */
  RunResult run(List<String> words) {
    keepLease();
    announce(
        Notification.about(
            NotificationType.START, begun, id(), target.environment(), workflowRun()));
    int exit;
    try {
      Child started = Child.start(words, environment(), context.env().get("PATH"));
      child = started;
      if (cancelled.get() || lost.get()) {
        started.end(wishes.grace());
      }
      watching.begin();
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

  /** Give the place back without having run anything. */
  void abandon() {
    release(1);
    over.countDown();
  }

  /** Tell the command to end, and wait until the end was announced and the place given back. */
  void cancel() {
    cancelled.set(true);
    Child running = child;
    if (running != null) {
      running.end(wishes.grace());
    }
    try {
      if (!over.await(LAST.toMillis(), TimeUnit.MILLISECONDS)) {
        context.console().warn("The end could not be announced in time; the lease frees the place");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String id() {
    return entry.correlationId();
  }

  private String workflowRun() {
    String run = entry.toJson().string("workflow_run_id");
    return run == null ? "-" : run;
  }

  private Map<String, String> environment() {
    Map<String, String> variables = new HashMap<>();
    variables.put("CORRELATION_ID", id());
    variables.put("DEPLOYCTL_ENVIRONMENT", target.environment());
    variables.put("DEPLOYCTL_STACK", target.stackName());
    variables.put("DEPLOYCTL_FENCING_TOKEN", Long.toString(entry.fencingToken()));
    return variables;
  }

  /** Renew the lease for as long as this process lives; without it the command has to end. */
  private void keepLease() {
    Thread keeper =
        new Thread(
            () -> {
              LeaseRenewer.End end =
                  new LeaseRenewer(
                          context.coordinating().coordinator().get(),
                          DeploymentFactory.SHORT_LEASE,
                          context.time(),
                          context.console()::warn)
                      .keep(entry);
              Child running = child;
              if (end == LeaseRenewer.End.LOST && over.getCount() > 0) {
                lost.set(true);
                context.console().warn("The place was lost; the command is told to end");
                if (running != null) {
                  running.end(wishes.grace());
                }
              }
            },
            "lease");
    keeper.setDaemon(true);
    keeper.start();
  }

  private void finish(int exit) {
    try {
      RunCompletion ending =
          new RunCompletion(
              context,
              watching.watched(),
              target,
              entry,
              wishes,
              begun,
              cancelled.get(),
              lost.get(),
              exit);
      askWatching();
      // The place before anything that may take long: the process may be ended meanwhile.
      if (!lost.get()) {
        release(exit);
      }
      boolean told = endWatching();
      ending.record();
      ending.announce(told);
    } finally {
      over.countDown();
    }
  }

  private void askWatching() {
    try {
      watching.ask();
    } catch (Failure e) {
      // Ending it fails in the same way, and says so.
      return;
    }
  }

  private boolean endWatching() {
    try {
      return watching.end();
    } catch (Failure e) {
      context.console().warn("The monitor could not be ended: " + e.what());
      return false;
    }
  }

  private void release(int exit) {
    DeploymentStatus status =
        cancelled.get()
            ? DeploymentStatus.CANCELLED
            : exit == 0 ? DeploymentStatus.SUCCEEDED : DeploymentStatus.FAILED;
    try {
      context.coordinating().coordinator().get().release(id(), status, entry.fencingToken());
    } catch (Failure e) {
      context
          .console()
          .warn("The place could not be given back: " + e.what() + ". Its lease frees it");
    }
  }

  /** Say it in the background: a deployment never waits for Slack. */
  private void announce(Notification notification) {
    Thread sender =
        new Thread(
            () -> {
              try {
                Notifier notifier = context.monitoring().notifier().get();
                notifier.queue(notification.to(wishes.channel()));
                notifier.flush(wishes.channel());
              } catch (Failure e) {
                context.console().warn("Slack was not told: " + e.what());
              }
            },
            "announce");
    sender.setDaemon(true);
    sender.start();
  }
}
