package deployctl.estimator.history;

import deployctl.operation.PastOperation;
import deployctl.operation.ResourceTiming;
import deployctl.operation.StackOperation;
import deployctl.registry.Deployment;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Timestamps;
import deployctl.target.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The deployments of the past, as {@code deployment-history.json} holds them.
 *
 * <p>The newest keep what each of their resources took, as far as the bound allows; what older ones
 * knew is summarized as statistics, so that nothing learned is lost and the file stays small.
 */
public final class History {
  /** Operations kept of a stack. */
  static final int MOST_OPERATIONS = 200;

  /** Timings of single resources kept in all; older ones are in the statistics only. */
  static final int MOST_TIMINGS = 2_500;

  /** Deployments whose average is the file's own. */
  private static final int AVERAGED = 10;

  private static final String SUMMARIZED = "folded";
  private static final String MANUAL = "manual_averages";
  private static final String AVERAGES = "resource_averages";

  private final JsonObject root;
  private final List<HistoryEntry> entries = new ArrayList<>();
  private final Map<String, RunningStats> resources = new HashMap<>();
  private final Map<String, Map<String, RunningStats>> types = new HashMap<>();
  private final Map<String, RunningStats> account = new HashMap<>();
  private final Map<String, List<HistoryEntry>> byStack = new HashMap<>();
  private boolean learned;

  private History(JsonObject root) {
    this.root = root;
    List<?> list = root.list("deployments");
    for (Object element : list == null ? List.of() : list) {
      if (element instanceof JsonObject entry) {
        entries.add(new HistoryEntry(entry));
      }
    }
  }

  /** Return a history without anything in it. */
  public static History empty() {
    return new History(new JsonObject());
  }

  /** Read a history; unknown fields stay in it. */
  public static History of(JsonObject root) {
    return new History(root.copy());
  }

  /** Return a history of these deployments alone. */
  public static History of(List<HistoryEntry> deployments) {
    History history = empty();
    history.entries.addAll(deployments);
    return history;
  }

  /** Learn from the entries, unless that was done since they changed. */
  private void learn() {
    if (learned) {
      return;
    }
    learned = true;
    byStack.clear();
    resources.clear();
    types.clear();
    account.clear();
    JsonObject summarized = root.object(SUMMARIZED);
    if (summarized != null) {
      for (String key : summarized.names()) {
        String[] parts = key.split("\\|", 4);
        if (parts.length == 4) {
          add(parts[0], parts[1], parts[2], parts[3], RunningStats.from(summarized.get(key)));
        }
      }
    }
    for (HistoryEntry entry : entries) {
      if (entry.trains()) {
        String stack = entry.stack();
        for (ResourceTiming timing : entry.timings()) {
          add(
              stack,
              timing.logicalId(),
              timing.type(),
              timing.action(),
              RunningStats.of(timing.seconds()));
        }
      }
    }
  }

  private void add(String stack, String id, String type, String action, RunningStats stats) {
    String resource = stack + "|" + id + "|" + action;
    resources.merge(resource, stats, RunningStats::plus);
    types
        .computeIfAbsent(stack + "|" + type + "|" + action, key -> new LinkedHashMap<>())
        .merge(id, stats, RunningStats::plus);
    account.merge(type + "|" + action, stats, RunningStats::plus);
  }

  /** Return what was seen of a resource. */
  public RunningStats ofResource(String stack, String logicalId, String action) {
    learn();
    return resources.getOrDefault(stack + "|" + logicalId + "|" + action, RunningStats.NONE);
  }

  /** Return what was seen of each resource of a type in a stack. */
  public Collection<RunningStats> ofType(String stack, String type, String action) {
    learn();
    return types.getOrDefault(stack + "|" + type + "|" + action, Map.of()).values();
  }

  /** Return what was seen of a type in any stack. */
  public RunningStats ofAccount(String type, String action) {
    learn();
    return account.getOrDefault(type + "|" + action, RunningStats.NONE);
  }

  /** Return the average that a person has set for a type, in seconds, or null. */
  public @Nullable Double manualAverage(String type) {
    JsonObject manual = root.object(MANUAL);
    return manual != null && manual.get(type) instanceof Number number && number.doubleValue() > 0
        ? number.doubleValue()
        : null;
  }

  /** Set the average of a type, in seconds. */
  public void setAverage(String type, double seconds) {
    JsonObject manual = root.object(MANUAL);
    root.put(MANUAL, (manual == null ? new JsonObject() : manual.copy()).put(type, seconds));
    JsonObject averages = root.object(AVERAGES);
    root.put(AVERAGES, (averages == null ? new JsonObject() : averages.copy()).put(type, seconds));
  }

  /** Return the averages that cannot be meant in seconds, by type. */
  public Map<String, Double> implausibleAverages() {
    Map<String, Double> found = new LinkedHashMap<>();
    JsonObject averages = root.object(AVERAGES);
    if (averages != null) {
      for (String type : averages.names()) {
        if (averages.get(type) instanceof Number value
            && (value.doubleValue() <= 0
                || DurationPriors.looksLikeMinutes(type, value.doubleValue()))) {
          found.put(type, value.doubleValue());
        }
      }
    }
    return found;
  }

  /** Tell whether nothing is in it. */
  public boolean isEmpty() {
    return entries.isEmpty() && root.names().isEmpty();
  }

  /** Forget everything, and what a person has set. */
  public void clear() {
    entries.clear();
    learned = false;
    List.copyOf(root.names()).forEach(root::remove);
  }

  /** Return what the file says besides its deployments. */
  public JsonObject summary() {
    JsonObject summary = new JsonObject();
    for (String name : root.names()) {
      if (!name.equals("deployments") && !name.equals(SUMMARIZED)) {
        summary.put(name, root.get(name));
      }
    }
    return summary;
  }

  /** Return all deployments as the file holds them, in its order. */
  public List<JsonObject> entries() {
    return entries.stream().map(HistoryEntry::json).toList();
  }

  /** Return all deployments in the file's order. */
  public List<HistoryEntry> all() {
    return List.copyOf(entries);
  }

  /** Return the deployments of a stack that train, oldest first. */
  public List<HistoryEntry> training(String stack) {
    learn();
    return byStack.computeIfAbsent(
        stack,
        name ->
            entries.stream()
                .filter(entry -> name.equals(entry.text("stack_name")) && entry.trains())
                .sorted(Comparator.comparing(HistoryEntry::startedAt))
                .toList());
  }

  /**
   * Return the durations, in seconds, of a stack's operations of a kind that train, oldest first.
   */
  public List<Double> totals(String stack, StackOperation.@Nullable OperationKind kind) {
    return training(stack).stream()
        .filter(entry -> kind == null || entry.kind() == kind)
        .map(HistoryEntry::seconds)
        .filter(seconds -> seconds > 0)
        .toList();
  }

  /** Return a stack's latest deployment of which the resources' times are known. */
  public Optional<PastOperation> latest(String stack) {
    List<HistoryEntry> known =
        training(stack).stream().filter(entry -> !entry.timings().isEmpty()).toList();
    if (known.isEmpty()) {
      return Optional.empty();
    }
    HistoryEntry entry = known.get(known.size() - 1);
    Instant start = entry.startedAt();
    return Optional.of(
        new PastOperation(
            stack,
            entry.kind(),
            PastOperation.OperationEnd.SUCCEEDED,
            start,
            start.plusMillis(Math.round(entry.seconds() * 1_000)),
            entry.timings()));
  }

  /** Return the average minutes of a deployment that the file states, or null. */
  public @Nullable Double averageMinutes() {
    return root.get("average_deployment_minutes") instanceof Number number
            && number.doubleValue() > 0
        ? number.doubleValue()
        : null;
  }

  /** Return when the file was last changed, or null where it does not say. */
  public @Nullable Instant lastUpdated() {
    return Timestamps.read(root.get("last_updated"));
  }

  /**
   * Add an operation unless it is there; one that is there without what its resources took gets it.
   *
   * @param correlationId the deployment behind it, or null to make a name
   * @return whether something changed
   */
  public boolean add(
      PastOperation operation,
      @Nullable String correlationId,
      @Nullable String environment,
      @Nullable String commit) {
    for (int i = 0; i < entries.size(); i++) {
      HistoryEntry entry = entries.get(i);
      if (entry.isOf(operation, correlationId)) {
        if (entry.detailed()) {
          return false;
        }
        entries.set(i, entry.filled(HistoryEntry.of(operation, null, environment, commit)));
        learned = false;
        return true;
      }
    }
    entries.add(HistoryEntry.of(operation, correlationId, environment, commit));
    learned = false;
    return true;
  }

  /** Add a deployment of which only its length is known, or change it. */
  public void add(
      String correlationId, String stack, String environment, double minutes, Instant end) {
    JsonObject entry =
        new JsonObject()
            .put("correlation_id", correlationId)
            .put("stack_name", stack)
            .put("environment", environment)
            .put("operation", "UPDATE")
            .put("status", "SUCCEEDED")
            .put("started_at", Timestamps.format(end.minusMillis(Math.round(minutes * 60_000))))
            .put("completed_at", Timestamps.format(end))
            .put("duration_minutes", minutes);
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).isCalled(correlationId)) {
        entries.set(i, entries.get(i).with("duration_minutes", minutes));
        learned = false;
        return;
      }
    }
    entries.add(new HistoryEntry(entry));
    learned = false;
  }

  /**
   * Keep that a deployment is over. One whose operation was learned gets what is missing; another
   * is kept for whoever looks for the last good one, and does not train: what changed nothing says
   * nothing of how long a change takes.
   *
   * @param deployment the registry's entry, for who deployed it and by which workflow run
   * @return whether something changed
   */
  public boolean note(
      Deployment deployment, Target target, boolean succeeded, Instant begun, Instant ended) {
    String correlationId = deployment.correlationId();
    String commit = deployment.commit();
    for (int i = 0; i < entries.size(); i++) {
      HistoryEntry entry = entries.get(i);
      if (entry.isCalled(correlationId)) {
        HistoryEntry filled =
            entry
                .withMissing("commit", commit)
                .withMissing("region", deployment.region())
                .withMissing("account", deployment.account())
                .ended(succeeded);
        entries.set(i, filled);
        return filled != entry;
      }
    }
    JsonObject entry =
        new JsonObject()
            .put("correlation_id", correlationId)
            .put("stack_name", target.stackName())
            .put("environment", target.environment())
            .put("status", succeeded ? "SUCCEEDED" : "FAILED")
            .put("started_at", Timestamps.format(begun))
            .put("completed_at", Timestamps.format(ended))
            .put("duration_minutes", Math.max(0, Timestamps.minutesBetween(begun, ended)))
            .put(HistoryEntry.TRAINS, false)
            .putIfKnown("actor", deployment.actor())
            .putIfKnown("workflow_run_id", deployment.workflowRunId())
            .putIfKnown("commit", commit)
            .putIfKnown("region", deployment.region())
            .putIfKnown("account", deployment.account());
    entries.add(new HistoryEntry(entry));
    learned = false;
    return true;
  }

  /** Return the file's content, within its bounds, changed now. */
  public JsonObject toJson(Instant now) {
    entries.sort(Comparator.comparing(HistoryEntry::startedAt));
    dropOld();
    summarizeOld();
    learned = false;
    learn();
    JsonObject averages = new JsonObject();
    Map<String, RunningStats> byType = new LinkedHashMap<>();
    account.forEach(
        (key, stats) -> {
          if (!key.endsWith("|DELETE")) {
            byType.merge(key.substring(0, key.indexOf('|')), stats, RunningStats::plus);
          }
        });
    JsonObject before = root.object(AVERAGES);
    if (before != null) {
      before.names().forEach(type -> averages.put(type, before.get(type)));
    }
    new TreeMap<>(byType)
        .forEach(
            (type, stats) -> {
              if (manualAverage(type) == null) {
                averages.put(type, Math.round(mean(stats)));
              }
            });
    root.put("deployments", entries()).put(AVERAGES, averages);
    List<Double> last =
        entries.stream().filter(HistoryEntry::trains).map(HistoryEntry::seconds).toList();
    if (!last.isEmpty()) {
      double average =
          last.subList(Math.max(0, last.size() - AVERAGED), last.size()).stream()
              .mapToDouble(Double::doubleValue)
              .average()
              .orElse(0);
      root.put("average_deployment_minutes", HistoryEntry.tenth(average / 60));
    }
    return root.put("last_updated", Timestamps.format(now));
  }

  /** The mean of what is spread like that in logarithms. */
  private static double mean(RunningStats stats) {
    double variance = stats.count() > 1 ? stats.squares() / (stats.count() - 1) : 0;
    return Math.exp(stats.mean() + Math.min(1, variance) / 2);
  }

  private void dropOld() {
    Map<String, Integer> kept = new HashMap<>();
    for (int i = entries.size() - 1; i >= 0; i--) {
      HistoryEntry entry = entries.get(i);
      if (kept.merge(entry.stack(), 1, Integer::sum) > MOST_OPERATIONS) {
        summarize(entry);
        entries.remove(i);
      }
    }
  }

  private void summarizeOld() {
    int timings = 0;
    for (int i = entries.size() - 1; i >= 0; i--) {
      HistoryEntry entry = entries.get(i);
      timings += entry.size();
      if (entry.size() > 0 && timings > MOST_TIMINGS && timings > entry.size()) {
        summarize(entry);
        entries.set(i, entry.summarized());
      }
    }
  }

  private void summarize(HistoryEntry entry) {
    if (!entry.trains()) {
      return;
    }
    JsonObject before = root.object(SUMMARIZED);
    JsonObject summarized = before == null ? new JsonObject() : before.copy();
    String stack = entry.stack();
    for (ResourceTiming timing : entry.timings()) {
      String key = stack + "|" + timing.logicalId() + "|" + timing.type() + "|" + timing.action();
      RunningStats.addTo(summarized, key, RunningStats.of(timing.seconds()));
    }
    root.put(SUMMARIZED, summarized);
  }
}
