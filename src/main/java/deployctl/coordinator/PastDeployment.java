package deployctl.coordinator;

import deployctl.registry.Deployment;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A deployment that is over, from the registry and the history together.
 *
 * @param commit what was deployed, or null where nothing says
 * @param minutes how long it took, or null where nothing says
 */
record PastDeployment(
    String correlationId,
    String environment,
    String stack,
    String status,
    @Nullable Instant started,
    @Nullable Instant ended,
    @Nullable Double minutes,
    @Nullable String commit,
    JsonObject json) {

  /** Return all of them, the latest first. */
  static List<PastDeployment> all(List<Deployment> entries, List<JsonObject> history) {
    Map<String, PastDeployment> known = new LinkedHashMap<>();
    for (JsonObject entry : history) {
      PastDeployment past = of(entry);
      known.put(past.correlationId(), past);
    }
    for (Deployment entry : entries) {
      if (entry.status().finished()) {
        PastDeployment past = of(entry.toJson());
        PastDeployment before = known.get(past.correlationId());
        known.put(past.correlationId(), before == null ? past : before.with(past));
      }
    }
    List<PastDeployment> all = new ArrayList<>(known.values());
    all.sort(Comparator.comparing(PastDeployment::order).reversed());
    return all;
  }

  private Instant order() {
    Instant at = ended != null ? ended : started;
    return at == null ? Instant.EPOCH : at;
  }

  boolean succeeded() {
    return status.equals("SUCCEEDED") || status.equals("SUCCESS");
  }

  /** Return this with what only the registry knows; its word on how it ended counts. */
  private PastDeployment with(PastDeployment registered) {
    JsonObject merged = json.copy();
    for (String name : registered.json().names()) {
      if (!merged.has(name)) {
        merged.put(name, registered.json().get(name));
      }
    }
    merged.put("status", registered.status());
    return new PastDeployment(
        correlationId,
        registered.environment().isEmpty() ? environment : registered.environment(),
        stack.isEmpty() ? registered.stack() : stack,
        registered.status(),
        started == null ? registered.started() : started,
        ended == null ? registered.ended() : ended,
        minutes == null ? registered.minutes() : minutes,
        commit == null ? registered.commit() : commit,
        merged);
  }

  private static PastDeployment of(JsonObject entry) {
    Instant started = Timestamps.read(entry.get("started_at"));
    Instant ended = Timestamps.read(entry.get("completed_at"));
    if (ended == null) {
      ended = Timestamps.read(entry.get("finished_at"));
    }
    Double minutes =
        entry.get("duration_minutes") instanceof Number number
            ? Double.valueOf(number.doubleValue())
            : started == null || ended == null ? null : Timestamps.minutesBetween(started, ended);
    String status = entry.string("status");
    return new PastDeployment(
        text(entry, "correlation_id"),
        text(entry, "environment"),
        Deployment.plainStackName(text(entry, "stack_name")),
        // The old script wrote only what had succeeded, and no status.
        status == null ? "SUCCEEDED" : status,
        started,
        ended,
        minutes,
        entry.string("commit"),
        entry);
  }

  private static String text(JsonObject entry, String name) {
    String value = entry.string(name);
    return value == null ? "" : value;
  }

  /** Tell whether it went to an environment, or to its stack where it does not say. */
  boolean concerns(@Nullable String wanted, @Nullable String wantedStack) {
    return wanted == null
        || environment.equals(wanted)
        || environment.isEmpty() && stack.equals(wantedStack);
  }
}
