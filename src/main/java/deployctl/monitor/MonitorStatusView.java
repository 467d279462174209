package deployctl.monitor;

import deployctl.cli.Console;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.support.json.JsonObject;
import deployctl.support.process.ProcessIdentity;
import deployctl.support.time.Durations;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the state of a monitor and its recovery into words. */
public final class MonitorStatusView {
  private MonitorStatusView() {}

  /** Return the state as JSON. */
  public static JsonObject json(MonitorState state) {
    ProcessIdentity process = state.process();
    ProcessIdentity recovery = state.recoveryProcess();
    return new JsonObject()
        .put("correlation_id", state.correlationId())
        .put("running", state.running())
        .put("pid", process == null ? null : process.pid())
        .put("heartbeat_at", text(state.heartbeatAt()))
        .put("last_event_at", text(state.time(MonitorState.LAST_EVENT_AT)))
        .put("restarts", state.restarts())
        .put(
            "recovery",
            new JsonObject()
                .put("running", state.recoveryRunning())
                .put("pid", recovery == null ? null : recovery.pid()))
        .put("stack_name", state.toJson().string("stack_name"))
        .put("stack_status", state.toJson().string("stack_status"))
        .put("outcome", state.outcome() == null ? null : String.valueOf(state.outcome()))
        .put("finished_at", text(state.time(MonitorState.FINISHED_AT)))
        .put("stopped_at", text(state.time(MonitorState.STOPPED_AT)))
        .put("reason", state.reason())
        .put("log_file", state.logFile());
  }

  /** Return the state for a terminal. */
  public static String text(MonitorState state, Time time) {
    Instant now = time.now();
    List<List<String>> rows = new ArrayList<>();
    add(rows, "correlation id", state.correlationId());
    add(rows, "stack", state.toJson().string("stack_name"));
    add(rows, "stack status", state.toJson().string("stack_status"));
    add(rows, "monitor", monitor(state));
    add(rows, "last poll", ago(state.heartbeatAt(), now));
    add(rows, "last event", ago(state.time(MonitorState.LAST_EVENT_AT), now));
    add(rows, "recovery", recovery(state));
    add(rows, "restarts", Long.toString(state.restarts()));
    add(rows, "outcome", state.reason());
    add(rows, "log", state.logFile());
    return Console.table(rows);
  }

  private static String monitor(MonitorState state) {
    ProcessIdentity process = state.process();
    if (state.running() && process != null) {
      return "running (pid " + process.pid() + ")";
    }
    if (state.finished()) {
      return "done";
    }
    return state.stopped() ? "stopped" : "not running";
  }

  private static String recovery(MonitorState state) {
    ProcessIdentity process = state.recoveryProcess();
    return state.recoveryRunning() && process != null
        ? "running (pid " + process.pid() + ")"
        : "not running";
  }

  private static @Nullable String ago(@Nullable Instant instant, Instant now) {
    return instant == null
        ? null
        : Timestamps.format(instant)
            + " ("
            + Durations.humane(Duration.between(instant, now))
            + " ago)";
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : Timestamps.format(instant);
  }

  private static void add(List<List<String>> rows, String name, @Nullable String value) {
    if (value != null) {
      rows.add(List.of(name, value));
    }
  }
}
