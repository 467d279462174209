package deployctl.monitor.view;

import deployctl.aws.cloudformation.StackEvent;
import deployctl.cli.Console;
import deployctl.monitor.checkpoint.MonitorOutcome;
import deployctl.monitor.checkpoint.ServiceEvidence;
import deployctl.monitor.watch.Alert;
import deployctl.monitor.watch.MonitorListener;
import deployctl.monitor.watch.OperationResult;
import deployctl.monitor.watch.Snapshot;
import deployctl.operation.OperationFailure;
import deployctl.operation.ResourceRun;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Timestamps;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a monitor sees as JSON, an object a line: the log's lines, and figures beside them.
 */
public final class JsonView implements MonitorListener {
  private final Console console;
  private final LogLines lines;

  /** Make a view whose lines hold what the log's do. */
  public JsonView(Console console, MonitorLog log) {
    this.console = console;
    this.lines = log.lines();
  }

  @Override
  public void event(StackEvent event) {
    print("event", lines.event(event));
  }

  @Override
  public void alert(Alert alert) {
    print(
        "notice",
        lines.line(alert.kind().level(), alert.text()).put("notice", alert.kind().token()));
  }

  @Override
  public void polled(Snapshot snapshot) {
    JsonObject line =
        lines
            .line(Alert.AlertLevel.INFO, SnapshotText.describe(snapshot))
            .put("stack_status", snapshot.status())
            .put("elapsed_minutes", minutes(snapshot.elapsed().toMillis()))
            .put(
                "progress",
                new JsonObject()
                    .put("complete", snapshot.progress().done())
                    .put("total", snapshot.progress().total())
                    .put("rolling_back", snapshot.progress().rollingBack()))
            .put(
                "in_progress",
                snapshot.running().stream().map(run -> running(run, snapshot)).toList());
    if (!snapshot.services().isEmpty()) {
      line.put("services", snapshot.services().stream().map(ServiceEvidence::toJson).toList());
    }
    Snapshot.Remaining left = snapshot.remaining();
    line.put(
        "estimated_remaining_minutes", left == null ? null : minutes(left.middle().toMillis()));
    print("progress", line);
  }

  @Override
  public void end(OperationResult report) {
    boolean good = report.outcome() == MonitorOutcome.SUCCEEDED;
    print(
        "end",
        lines
            .line(good ? Alert.AlertLevel.INFO : Alert.AlertLevel.ERROR, report.summary())
            .put("outcome", report.outcome().name())
            .put("stack_status", report.status())
            .put("duration_minutes", minutes(report.duration().toMillis()))
            .put("root_cause", failure(report.cause()))
            .put("rollback_cause", failure(report.rollbackCause()))
            .put("followed", report.followed().stream().map(JsonView::failure).toList()));
  }

  private void print(String type, JsonObject line) {
    JsonObject typed = new JsonObject().put("type", type);
    line.names().forEach(name -> typed.put(name, line.get(name)));
    console.line(typed);
  }

  private static JsonObject running(ResourceRun run, Snapshot snapshot) {
    return new JsonObject()
        .put("stack_name", run.stackName())
        .put("logical_resource_id", run.logicalId())
        .put("resource_type", run.type())
        .put("status", run.status())
        .put("elapsed_seconds", run.elapsed(snapshot.at()).toSeconds());
  }

  static @Nullable JsonObject failure(@Nullable OperationFailure failure) {
    return failure == null
        ? null
        : new JsonObject()
            .put("event_id", failure.eventId())
            .put("timestamp", Timestamps.format(failure.at()))
            .put("stack_name", failure.stackName())
            .put("logical_resource_id", failure.logicalId())
            .put("physical_resource_id", failure.physicalId())
            .put("resource_type", failure.type())
            .put("status", failure.status())
            .put("reason", failure.reason());
  }

  private static double minutes(long millis) {
    return Math.round(millis / 6_000.0) / 10.0;
  }
}
