package deployctl.estimator.history;

import deployctl.operation.PastOperation;
import deployctl.operation.ResourceTiming;
import deployctl.operation.StackOperation;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One deployment of the past, as {@code deployment-history.json} holds it. Never changes. */
public final class HistoryEntry {
  /** Marks an entry whose resources' times are in the statistics only. */
  private static final String SUMMARIZED = "folded";

  /** By how many seconds CloudFormation's clock and ours may differ. */
  private static final long CLOCKS_DIFFER = 5;

  /** False where nothing is to be learned: only the deployment's own time is known. */
  static final String TRAINS = "trains";

  private final JsonObject json;
  private volatile @Nullable List<ResourceTiming> timings;

  HistoryEntry(JsonObject json) {
    this.json = json;
  }

  /**
   * Write down an operation.
   *
   * @param correlationId the deployment behind it, or null to make a name
   */
  static HistoryEntry of(
      PastOperation operation,
      @Nullable String correlationId,
      @Nullable String environment,
      @Nullable String commit) {
    double minutes = Math.round(operation.duration().toMillis() / 6_000.0) / 10.0;
    return new HistoryEntry(
        new JsonObject()
            .put(
                "correlation_id",
                correlationId == null
                    ? Timestamps.compact(operation.startedAt())
                        + "-"
                        + String.format(Locale.ROOT, "%08x", operation.stackName().hashCode())
                    : correlationId)
            .put("stack_name", operation.stackName())
            .put("environment", environment)
            .put("operation", operation.kind().name())
            .put("status", operation.result().name())
            .put("started_at", Timestamps.format(operation.startedAt()))
            .put("completed_at", Timestamps.format(operation.endedAt()))
            .put("duration_minutes", minutes)
            .putIfKnown("commit", commit)
            .put(
                "resources",
                operation.resources().stream()
                    .map(
                        timing ->
                            new JsonObject()
                                .put("logical_id", timing.logicalId())
                                .put("type", timing.type())
                                .put("seconds", tenth(timing.seconds()))
                                .put("action", timing.action())
                                .put("start", tenth(timing.start()))
                                .putIfKnown(
                                    "configured",
                                    timing.configured() == null
                                        ? null
                                        : tenth(timing.configured())))
                    .toList()));
  }

  /** Return the entry as the file has it; not to be changed. */
  public JsonObject json() {
    return json;
  }

  /** Return the entry with other content in some of its fields. */
  HistoryEntry with(String name, @Nullable Object value) {
    return new HistoryEntry(json.copy().put(name, value));
  }

  /**
   * Return the entry with a field that it has not and that is known; itself where nothing is new.
   */
  HistoryEntry withMissing(String name, @Nullable String value) {
    return value == null || json.has(name) ? this : with(name, value);
  }

  /**
   * Return the entry filled up with what its operation shows. It keeps its name and whatever the
   * operation does not know, and trains from now on.
   */
  HistoryEntry filled(HistoryEntry operation) {
    JsonObject filled = json.copy().remove(TRAINS);
    for (String name : operation.json.names()) {
      filled.putIfKnown(name, operation.json.get(name));
    }
    return new HistoryEntry(filled.put("correlation_id", json.get("correlation_id")));
  }

  /** Return the entry without its resources' times, which the statistics have. */
  HistoryEntry summarized() {
    return new HistoryEntry(json.copy().remove("resources").put(SUMMARIZED, true));
  }

  /** Return a field's text, or null. */
  public @Nullable String text(String name) {
    return json.string(name);
  }

  /** Return the stack's name; the word "null" where the file has none. */
  String stack() {
    return String.valueOf(json.string("stack_name"));
  }

  /** Tell whether it is the deployment of that name. */
  /**
   * Return the entry of a deployment that ended otherwise than its operation: the deployment's end
   * is the true one, and what it took says nothing of how long such an operation takes.
   */
  HistoryEntry ended(boolean succeeded) {
    String status = succeeded ? "SUCCEEDED" : "FAILED";
    return status.equals(json.string("status")) ? this : with("status", status).with(TRAINS, false);
  }

  boolean isCalled(@Nullable String correlationId) {
    return correlationId != null && correlationId.equals(json.string("correlation_id"));
  }

  /** Tell whether what its resources took was ever known. */
  boolean detailed() {
    return json.list("resources") != null || Boolean.TRUE.equals(json.get(SUMMARIZED));
  }

  /** Return how many timings the file holds of it. */
  int size() {
    List<?> list = json.list("resources");
    return list == null ? 0 : list.size();
  }

  /** Tell whether it is of this operation. */
  boolean isOf(PastOperation operation, @Nullable String correlationId) {
    if (!operation.stackName().equals(json.string("stack_name"))) {
      return false;
    }
    if (isCalled(correlationId)) {
      return true;
    }
    Instant started = Timestamps.read(json.get("started_at"));
    Instant completed = Timestamps.read(json.get("completed_at"));
    if (started == null || completed == null) {
      return false;
    }
    if (detailed()) {
      return Math.abs(started.getEpochSecond() - operation.startedAt().getEpochSecond()) <= 1;
    }
    if (correlationId != null) {
      // What is another deployment's operation is not this one's, however near it lies.
      return false;
    }
    // A deployment that was only timed from outside holds the operation within it, but for what the
    // clocks differ.
    return !started.isAfter(operation.startedAt().plusSeconds(CLOCKS_DIFFER))
        && !completed.isBefore(operation.endedAt().minusSeconds(CLOCKS_DIFFER))
        && started.isAfter(operation.startedAt().minusSeconds(3_600));
  }

  /** Return what its resources took; empty where the file does not say. */
  public List<ResourceTiming> timings() {
    List<ResourceTiming> known = timings;
    if (known == null) {
      known = List.copyOf(readTimings());
      timings = known;
    }
    return known;
  }

  private List<ResourceTiming> readTimings() {
    List<?> list = json.list("resources");
    if (list == null) {
      return List.of();
    }
    List<ResourceTiming> timings = new ArrayList<>();
    for (Object element : list) {
      if (element instanceof JsonObject object
          && object.get("seconds") instanceof Number seconds
          && seconds.doubleValue() >= 0
          && object.string("logical_id") != null) {
        String action = object.string("action");
        String type = object.string("type");
        timings.add(
            new ResourceTiming(
                String.valueOf(object.string("logical_id")),
                type == null ? "" : type,
                action == null
                    ? kind() == StackOperation.OperationKind.CREATE ? "CREATE" : "UPDATE"
                    : action,
                object.get("start") instanceof Number start ? start.doubleValue() : 0,
                object.get("configured") instanceof Number ready ? ready.doubleValue() : null,
                seconds.doubleValue()));
      }
    }
    return timings;
  }

  /** Tell whether anything is to be learned from it: it succeeded and did something. */
  boolean trains() {
    String status = json.string("status");
    boolean good = status == null || status.equals("SUCCEEDED") || status.equals("SUCCESS");
    return good && seconds() > 0 && !Boolean.FALSE.equals(json.get(TRAINS));
  }

  /** Return what kind of operation it was; an update where the file does not say. */
  public StackOperation.OperationKind kind() {
    String name = json.string("operation");
    for (StackOperation.OperationKind kind : StackOperation.OperationKind.values()) {
      if (kind.name().equals(name)) {
        return kind;
      }
    }
    return StackOperation.OperationKind.UPDATE;
  }

  /** Return how many seconds it took; 0 where the file does not say. */
  public double seconds() {
    return json.get("duration_minutes") instanceof Number minutes
        ? Math.max(0, minutes.doubleValue() * 60)
        : 0;
  }

  /** Return when it began; the epoch where the file does not say. */
  public Instant startedAt() {
    Instant at = Timestamps.read(json.get("started_at"));
    return at == null ? Instant.EPOCH : at;
  }

  /** Round to a tenth. */
  static double tenth(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
