package deployctl.monitor.checkpoint;

import deployctl.support.json.JsonObject;
import deployctl.support.process.ProcessIdentity;
import deployctl.support.time.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a monitor and its recovery: a view on the file, so that each of the two leaves
 * the other's fields, and those that it does not know, alone. Unchangeable: {@link #with} returns
 * another.
 */
public final class MonitorState {
  static final String STACK_ID = "stack_id";
  static final String OPERATION_STARTED_AT = "operation_started_at";

  /** The same to the millisecond, since 1970: events of another operation may be in that second. */
  static final String OPERATION_STARTED_MS = "operation_started_ms";

  public static final String LAST_EVENT_AT = "last_event_at";
  static final String RECENT_EVENTS = "recent_events";
  static final String RECENT_SINCE = "recent_since";
  static final String HEARTBEAT_AT = "heartbeat_at";
  static final String HEARTBEAT_NANOS = "heartbeat_nanos";
  static final String POLLS = "polls";
  public static final String FINISHED_AT = "finished_at";
  static final String OUTCOME = "outcome";
  static final String REASON = "reason";
  public static final String STOPPED_AT = "stopped_at";
  static final String TOLD = "told";
  static final String FENCING_TOKEN = "fencing_token";
  static final String END_TOLD = "end_told";
  static final String END_MESSAGE_AT = "end_message_at";
  static final String RESTARTS = "restarts";
  static final String RECOVERY = "recovery";
  static final String LOG_FILE = "log_file";
  static final String SERVICES = "services";

  private final JsonObject fields;

  MonitorState(JsonObject fields) {
    this.fields = fields;
  }

  /** Return the state of a deployment that was never watched. */
  public static MonitorState empty(String correlationId) {
    return new MonitorState(new JsonObject().put("correlation_id", correlationId));
  }

  /** Return the file's content; not to be changed. */
  public JsonObject toJson() {
    return fields;
  }

  /** Return the deployment's id. */
  public String correlationId() {
    String id = fields.string("correlation_id");
    return id == null ? "" : id;
  }

  /** Return the monitor's process, or null when there was none. */
  public @Nullable ProcessIdentity process() {
    return process(fields);
  }

  /** Return the recovery's process, or null when there was none. */
  public @Nullable ProcessIdentity recoveryProcess() {
    JsonObject recovery = fields.object(RECOVERY);
    return recovery == null ? null : process(recovery);
  }

  /** Return the process of a role, or null when there was none. */
  public @Nullable ProcessIdentity process(MonitorRole role) {
    return switch (role) {
      case MONITOR -> process();
      case RECOVERY -> recoveryProcess();
    };
  }

  /** Tell whether the monitor runs on this machine. */
  public boolean running() {
    ProcessIdentity process = process();
    return process != null && process.runsHere();
  }

  /**
   * Tell whether the monitor runs on another machine, as far as its last sign of life says: a
   * process that cannot be seen from here, and a poll that is not too old.
   */
  public boolean runsElsewhere(Instant now) {
    ProcessIdentity process = process();
    Instant beat = heartbeatAt();
    Duration hung = hungAfter();
    return process != null
        && !process.runsHere()
        && !process.certainlyDead()
        && beat != null
        && hung != null
        && beat.plus(hung).isAfter(now);
  }

  /** Tell whether the recovery runs on this machine. */
  public boolean recoveryRunning() {
    ProcessIdentity process = recoveryProcess();
    return process != null && process.runsHere();
  }

  /** Tell whether the watching came to its end: the operation is over, or it was given up. */
  public boolean finished() {
    return fields.string(FINISHED_AT) != null;
  }

  /** Tell whether the monitor has found the operation that it is to follow. */
  public boolean followsAnOperation() {
    return fields.has(OPERATION_STARTED_AT);
  }

  /** Tell whether somebody stopped the monitor. */
  public boolean stopped() {
    return fields.string(STOPPED_AT) != null;
  }

  /** Return how it ended, in the words of {@link MonitorOutcome}; null while it has not. */
  public @Nullable MonitorOutcome outcome() {
    String name = fields.string(OUTCOME);
    for (MonitorOutcome outcome : MonitorOutcome.values()) {
      if (outcome.name().equals(name)) {
        return outcome;
      }
    }
    return null;
  }

  /** Return why it ended as it did, or null. */
  public @Nullable String reason() {
    return fields.string(REASON);
  }

  /** Return how many polls the monitor has finished. */
  public long polls() {
    return fields.integer(POLLS, 0);
  }

  /** Return the monotonic clock of this boot at the last finished poll, or 0. */
  public long heartbeatNanos() {
    return fields.integer(HEARTBEAT_NANOS, 0);
  }

  /** Return when the last poll was finished, or null. */
  public @Nullable Instant heartbeatAt() {
    return time(HEARTBEAT_AT);
  }

  /** Return how often the recovery has restarted the monitor. */
  public long restarts() {
    return fields.integer(RESTARTS, 0);
  }

  /** Return where the log is, or null where the file does not say. */
  public @Nullable String logFile() {
    return fields.string(LOG_FILE);
  }

  /** Return the stack's name, or null where the file does not say. */
  public @Nullable String stackName() {
    return fields.string("stack_name");
  }

  /** Return since when it counts as hung without a finished poll, or null where it does not say. */
  public @Nullable Duration hungAfter() {
    return fields.get("hung_after_seconds") instanceof Number seconds
        ? Duration.ofMillis(Math.round(seconds.doubleValue() * 1_000))
        : null;
  }

  /** Return when its recovery gave up, or null when it did not. */
  public @Nullable Instant recoveryGaveUpAt() {
    return time("recovery_gave_up_at");
  }

  /**
   * Tell whether it watched that holding of the lock, and not an earlier one of the same name.
   *
   * @param token the holding's fencing token; 0 where there is none
   */
  public boolean isOf(long token) {
    long known = fields.integer(FENCING_TOKEN, 0);
    return known == 0 || token == 0 || known == token;
  }

  /** Return when the operation that was followed began, or null while none is. */
  public @Nullable Instant operationStartedAt() {
    long millis = fields.integer(OPERATION_STARTED_MS, 0);
    return millis > 0 ? Instant.ofEpochMilli(millis) : null;
  }

  /** Tell whether the message of how it ended is in the queue, or sent. */
  public boolean endTold() {
    return fields.has(END_TOLD);
  }

  /**
   * Return the time in the message of how it ended, which names that message; null when no monitor
   * has begun to tell it.
   */
  public @Nullable Instant endMessageAt() {
    return time(END_MESSAGE_AT);
  }

  /** Return what was kept of the services that the deployment changes. */
  public List<ServiceEvidence> services() {
    List<?> list = fields.list(SERVICES);
    return list == null
        ? List.of()
        : list.stream()
            .filter(JsonObject.class::isInstance)
            .map(one -> ServiceEvidence.fromJson((JsonObject) one))
            .toList();
  }

  public @Nullable Instant time(String field) {
    return Timestamps.read(fields.get(field));
  }

  List<String> texts(String field) {
    List<?> list = fields.list(field);
    return list == null
        ? List.of()
        : list.stream().filter(String.class::isInstance).map(String.class::cast).toList();
  }

  /** Return a state that differs in one field; a null value removes it. */
  public MonitorState with(String field, @Nullable Object value) {
    JsonObject changed = fields.copy();
    if (value == null) {
      changed.remove(field);
    } else {
      changed.put(field, value instanceof Instant at ? Timestamps.format(at) : value);
    }
    return new MonitorState(changed);
  }

  /** Return a state that names this process as the monitor. */
  MonitorState ownedBy(ProcessIdentity owner) {
    MonitorState state = this;
    JsonObject process = fieldsOf(owner);
    for (String name : process.names()) {
      state = state.with(name, process.get(name));
    }
    return state;
  }

  /** Return what names a process. */
  public static JsonObject fieldsOf(ProcessIdentity process) {
    return new JsonObject()
        .put("pid", process.pid())
        .put("process_start", process.start())
        .put("boot_id", process.bootId())
        .put("pid_namespace", process.pidNamespace());
  }

  private static @Nullable ProcessIdentity process(JsonObject fields) {
    long pid = fields.integer("pid", 0);
    Long start = fields.get("process_start") instanceof Number number ? number.longValue() : null;
    return pid <= 0
        ? null
        : new ProcessIdentity(pid, start, fields.string("boot_id"), fields.string("pid_namespace"));
  }
}
