package deployctl.coordinator;

import deployctl.cli.Console;
import deployctl.coordinator.lock.GateDecision;
import deployctl.coordinator.lock.LockQueue;
import deployctl.coordinator.lock.LockRequest;
import deployctl.coordinator.view.GateDecisionView;
import deployctl.notify.Notifier;
import deployctl.notify.message.Notification;
import deployctl.notify.message.Notification.DeploymentWaiting;
import deployctl.notify.message.Notification.MonitoringAlert;
import deployctl.registry.Deployment;
import deployctl.registry.DeploymentStatus;
import deployctl.registry.Deployments;
import deployctl.support.Failure;
import deployctl.support.json.Json;
import deployctl.support.time.Time;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells people that a deployment waits, and when the one ahead of it fails: what waits was made for
 * a system in which that one had succeeded.
 */
final class PredecessorWatch implements LockQueue.Watcher {
  private static final Duration SLACK_TOLERANCE = Duration.ofSeconds(2);

  private final LockRequest request;
  private final @Nullable String channel;
  private final boolean stop;
  private final LockQueue.Watcher screen;
  private final Supplier<Deployments> deployments;
  private final Supplier<Notifier> notifier;
  private final GateDecisionView view;
  private final Console console;
  private final Time time;
  private boolean told;
  private @Nullable String ahead;

  PredecessorWatch(
      LockRequest request,
      LockRequestOptions options,
      LockQueue.Watcher screen,
      Supplier<Deployments> deployments,
      Supplier<Notifier> notifier,
      GateDecisionView view,
      Console console,
      Time time) {
    this.request = request;
    this.channel = options.channel();
    this.stop = options.stopOnFailedPredecessor();
    this.screen = screen;
    this.deployments = deployments;
    this.notifier = notifier;
    this.view = view;
    this.console = console;
    this.time = time;
  }

  @Override
  public void waiting(GateDecision decision, int position, Duration waited) {
    screen.waiting(decision, position, waited);
    if (!told) {
      told = true;
      Object active = view.json(decision).get("active_deployment");
      post(
          new DeploymentWaiting(
              request.correlationId(),
              request.target().environment(),
              active == null ? view.sentence(decision) : Json.write(active)));
    }
    Deployment blocker = decision.blocker();
    String now = blocker == null ? null : blocker.correlationId();
    if (ahead != null && !ahead.equals(now)) {
      ended();
    }
    ahead = now == null || now.equals(request.correlationId()) ? ahead : now;
  }

  /**
   * See how the one ahead ended, now that it is out of the way.
   *
   * @throws Failure when it failed and that is to end the wait
   */
  void ended() {
    String id = ahead;
    ahead = null;
    Deployment before = id == null ? null : deployments.get().find(id);
    boolean failed =
        before != null
            && (before.status() == DeploymentStatus.FAILED
                || before.status() != DeploymentStatus.SUCCEEDED
                    && before.operationStatus() != null
                    && !before.operationSucceeded());
    if (before == null || !failed) {
      return;
    }
    String text =
        id
            + ", which was ahead of "
            + request.correlationId()
            + ", has failed"
            + (before.operationStatus() == null ? "" : " (" + before.operationStatus() + ")");
    console.warn(text);
    post(new MonitoringAlert(request.correlationId(), request.target().stackName(), text));
    if (stop) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          text + ": nothing was deployed",
          "See 'deployctl diagnose stack', then start it again");
    }
  }

  private void post(Notification notification) {
    try {
      notifier.get().queue(notification.at(time.now()).to(channel));
      notifier.get().deliver(channel, SLACK_TOLERANCE);
    } catch (Failure e) {
      console.warn("Slack was not told: " + e.what());
    }
  }
}
