package deployctl.monitor.view;

import deployctl.aws.cloudformation.StackEvent;
import deployctl.monitor.checkpoint.WatchRequest;
import deployctl.monitor.watch.Alert.AlertLevel;
import deployctl.operation.Events;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;

/** What the lines about one deployment hold, in the log and on stdout alike. */
final class LogLines {
  private final WatchRequest request;
  private final Time time;

  LogLines(WatchRequest request, Time time) {
    this.request = request;
    this.time = time;
  }

  /** Return a line that says something, now. */
  JsonObject line(AlertLevel level, String message) {
    return new JsonObject()
        .put("timestamp", Timestamps.format(time.now()))
        .put("level", level.name())
        .put("correlation_id", request.correlationId())
        .put("stack_name", request.stack())
        .put("environment", request.environment())
        .put("message", message);
  }

  /** Return the line of an event; AWS's words in it are whole. */
  JsonObject event(StackEvent event) {
    AlertLevel level = Events.failed(event.status()) ? AlertLevel.ERROR : AlertLevel.INFO;
    return line(level, SnapshotText.event(event))
        .put(
            "event",
            new JsonObject()
                .put("event_id", event.eventId())
                .put("timestamp", Timestamps.format(event.timestamp()))
                .put("stack_name", event.stackName())
                .put("logical_resource_id", event.logicalResourceId())
                .put("physical_resource_id", event.physicalResourceId())
                .put("resource_type", event.resourceType())
                .put("status", event.status())
                .put("reason", event.reason()));
  }
}
