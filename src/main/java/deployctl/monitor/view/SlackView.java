package deployctl.monitor.view;

import deployctl.monitor.checkpoint.MonitorCheckpoint;
import deployctl.monitor.checkpoint.MonitorOutcome;
import deployctl.monitor.checkpoint.WatchRequest;
import deployctl.monitor.watch.Alert;
import deployctl.monitor.watch.MonitorListener;
import deployctl.monitor.watch.OperationResult;
import deployctl.monitor.watch.Snapshot;
import deployctl.notify.Notifier;
import deployctl.notify.message.Notification;
import deployctl.notify.message.Notification.DeploymentFailed;
import deployctl.notify.message.Notification.DeploymentProgress;
import deployctl.notify.message.Notification.DeploymentSucceeded;
import deployctl.notify.message.Notification.MonitoringAlert;
import deployctl.support.Failure;
import deployctl.support.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells people in Slack what a monitor sees: one progress message that is kept up to date, the
 * turns that matter, and the end.
 *
 * <p>Everything goes through the queue on disk; a thread of its own sends, so that a dead Slack
 * never holds up the polling.
 */
public final class SlackView implements MonitorListener {
  /** How often the progress message changes at most. */
  private static final Duration PROGRESS_EVERY = Duration.ofSeconds(60);

  /** How long the end of the monitor may wait for Slack. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(8);

  private final Notifier notifier;
  private final WatchRequest request;
  private final MonitorCheckpoint checkpoint;
  private final Time time;
  private final Consumer<String> warnings;
  private final LinkedBlockingQueue<Boolean> work = new LinkedBlockingQueue<>();
  private final Thread sender;
  private @Nullable Long lastProgressNanos;
  private String lastProgress = "";

  public SlackView(
      Notifier notifier,
      WatchRequest request,
      MonitorCheckpoint checkpoint,
      Time time,
      Consumer<String> warnings) {
    this.notifier = notifier;
    this.request = request;
    this.checkpoint = checkpoint;
    this.time = time;
    this.warnings = warnings;
    this.sender = new Thread(this::send, "slack");
    sender.setDaemon(true);
    sender.start();
  }

  @Override
  public void alert(Alert alert) {
    if (!alert.kind().forSlack()) {
      return;
    }
    queue(new MonitoringAlert(id(), request.stack(), alert.text()));
  }

  @Override
  public void polled(Snapshot snapshot) {
    String progress = snapshot.status() + snapshot.progress().describe();
    long now = time.nanos();
    Long last = lastProgressNanos;
    boolean early = last != null && now - last < PROGRESS_EVERY.toNanos();
    if (early || progress.equals(lastProgress)) {
      return;
    }
    lastProgress = progress;
    lastProgressNanos = now;
    queue(new DeploymentProgress(id(), snapshot.status(), SnapshotText.describe(snapshot)));
  }

  @Override
  public void end(OperationResult report) {
    if (report.outcome() == MonitorOutcome.SUCCEEDED && report.startedAt() == null) {
      return;
    }
    if (report.outcome() == MonitorOutcome.UNKNOWN) {
      // Not the end: whoever runs the deployment tells that.
      queue(new MonitoringAlert(id(), request.stack(), report.summary()));
      return;
    }
    Instant began = report.startedAt();
    // The same moment in every monitor that tells it, so that it is the same message.
    Instant at = began == null ? time.now() : began.plus(report.duration());
    try {
      boolean again = checkpoint.tellingEnd(at);
      notifier.queueOnce(completion(report).at(at).to(request.channel()), id() + "|end", again);
      checkpoint.endTold();
    } catch (Failure e) {
      warnings.accept(e.what());
    }
    work.add(true);
  }

  private Notification completion(OperationResult report) {
    String minutes = String.format(Locale.ROOT, "%.1f", report.duration().toMillis() / 60_000.0);
    String environment = request.environment().isEmpty() ? request.stack() : request.environment();
    return switch (report.outcome()) {
      case SUCCEEDED -> new DeploymentSucceeded(id(), environment, minutes, null);
      case FAILED -> new DeploymentFailed(id(), environment, why(report), request.stack());
      case UNKNOWN -> new MonitoringAlert(id(), request.stack(), report.summary());
    };
  }

  private static String why(OperationResult report) {
    String cause = report.cause() == null ? report.summary() : report.cause().line();
    String rollback =
        report.rollbackCause() == null
            ? ""
            : "\nThe rollback failed, too: " + report.rollbackCause().line();
    String followed =
        report.followed().isEmpty()
            ? ""
            : "\n" + report.followed().size() + " more failures followed from it";
    return report.status() + ": " + cause + rollback + followed;
  }

  private String id() {
    return request.correlationId();
  }

  private void queue(Notification notification) {
    try {
      notifier.queue(notification.at(time.now()).to(request.channel()));
      work.add(true);
    } catch (Failure e) {
      warnings.accept(e.what());
    }
  }

  private void send() {
    try {
      while (work.take()) {
        // What came in while the last message was sent goes along.
        work.removeIf(more -> more);
        notifier.flush(request.channel());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Failure e) {
      warnings.accept(e.what());
    }
  }

  @Override
  public void close() {
    work.add(false);
    try {
      sender.join(LAST_WORDS.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Wait no longer for Slack: what is not sent is on disk. */
  public void abandon() {
    sender.interrupt();
  }
}
