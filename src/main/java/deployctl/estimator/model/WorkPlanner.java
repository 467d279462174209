package deployctl.estimator.model;

import deployctl.estimator.history.History;
import deployctl.estimator.history.HistoryEntry;
import deployctl.estimator.model.WorkPlan.Draft;
import deployctl.estimator.model.WorkPlan.State;
import deployctl.operation.Events;
import deployctl.operation.ObservedOperation;
import deployctl.operation.ResourceRun;
import deployctl.operation.ResourceTiming;
import deployctl.operation.StackOperation;
import deployctl.operation.StackOperation.OperationKind;
import deployctl.operation.Template;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what an operation has yet to do: from the template and the change set where AWS gives
 * them, from what has happened in it, and from what its forerunners did.
 */
public final class WorkPlanner {
  /** An update without a change set may be like any of so many before it. */
  private static final int FORERUNNERS = 6;

  /** What could have begun so long ago and has not will not begin. */
  private static final double GIVEN_UP_SECONDS = 90;

  private final History history;

  public WorkPlanner(History history) {
    this.history = history;
  }

  /** A thing to be done, as far as known without its order. */
  private record Task(String type, String action) {}

  /** Return what may have to be done; empty where nothing is known of it. */
  public List<WorkPlan> plans(ObservedOperation observed) {
    Map<String, ResourceRun> runs = runs(observed);
    boolean back = observed.operation() != null && observed.operation().rollbackSince() != null;
    if (back || observed.kind() == OperationKind.ROLLBACK) {
      return List.of(rollback(observed, runs));
    }
    List<Map<String, Task>> candidates = candidates(observed, runs);
    List<WorkPlan> plans = new ArrayList<>();
    for (Map<String, Task> tasks : candidates) {
      plans.add(plan(observed, runs, tasks));
    }
    return plans.stream().filter(plan -> !plan.steps().isEmpty()).toList();
  }

  private static Map<String, ResourceRun> runs(ObservedOperation observed) {
    Map<String, ResourceRun> runs = new LinkedHashMap<>();
    StackOperation operation = observed.operation();
    if (operation != null) {
      for (ResourceRun run : operation.resources()) {
        if (run.stackId().equals(observed.stackId())) {
          runs.put(run.logicalId(), run);
        }
      }
    }
    return runs;
  }

  private List<Map<String, Task>> candidates(
      ObservedOperation observed, Map<String, ResourceRun> runs) {
    Map<String, Task> seen = new LinkedHashMap<>();
    runs.forEach((id, run) -> seen.put(id, new Task(run.type(), actionOf(run))));
    Template template = observed.template();
    List<String> changes = observed.changes();
    List<Map<String, Task>> candidates = new ArrayList<>();
    if (changes != null && !changes.isEmpty() && observed.kind() != OperationKind.DELETE) {
      Map<String, Task> tasks = new LinkedHashMap<>();
      changes.forEach(id -> tasks.put(id, new Task(typeOf(observed, id), changeOf(observed, id))));
      tasks.putAll(seen);
      return List.of(tasks);
    }
    if (observed.kind() == OperationKind.CREATE || observed.kind() == OperationKind.DELETE) {
      String action = observed.kind().name();
      if (template != null && !template.resources().isEmpty()) {
        Map<String, Task> tasks = new LinkedHashMap<>();
        for (String id : template.certain()) {
          tasks.put(id, new Task(typeOf(observed, id), action));
        }
        tasks.putAll(seen);
        return List.of(tasks);
      }
    }
    for (HistoryEntry entry : forerunners(observed, runs.keySet())) {
      Map<String, Task> tasks = new LinkedHashMap<>();
      for (ResourceTiming timing : entry.timings()) {
        tasks.put(timing.logicalId(), new Task(timing.type(), timing.action()));
      }
      tasks.putAll(seen);
      candidates.add(tasks);
    }
    if (candidates.isEmpty() && !seen.isEmpty()) {
      candidates.add(seen);
    }
    return candidates;
  }

  /** Return past operations of the kind that may be like this one, the likeliest first. */
  private List<HistoryEntry> forerunners(ObservedOperation observed, Set<String> touched) {
    List<HistoryEntry> all =
        history.training(observed.stackName()).stream()
            .filter(entry -> entry.kind() == observed.kind())
            .filter(entry -> !entry.timings().isEmpty())
            .toList();
    List<HistoryEntry> newest =
        new ArrayList<>(all.subList(Math.max(0, all.size() - 20), all.size()));
    java.util.Collections.reverse(newest);
    if (!touched.isEmpty()) {
      newest.sort(
          Comparator.comparingDouble((HistoryEntry entry) -> likeness(entry, touched)).reversed());
    }
    return newest.subList(0, Math.min(FORERUNNERS, newest.size()));
  }

  /** How many of the resources that were touched now were touched then. */
  private static double likeness(HistoryEntry entry, Set<String> touched) {
    Set<String> then = new LinkedHashSet<>();
    entry.timings().forEach(timing -> then.add(timing.logicalId()));
    double common = touched.stream().filter(then::contains).count();
    return common / touched.size();
  }

  private WorkPlan plan(
      ObservedOperation observed, Map<String, ResourceRun> runs, Map<String, Task> tasks) {
    Map<String, List<String>> after = dependencies(observed, tasks.keySet());
    Set<String> late = notComing(observed, runs, tasks, after);
    Map<String, Draft> drafts = new LinkedHashMap<>();
    tasks.forEach(
        (id, task) -> {
          if (!late.contains(id)) {
            drafts.put(
                id,
                draft(
                    id, task, runs.get(id), observed.now(), waitsFor(observed, id, tasks, after)));
          }
        });
    return WorkPlan.ordered(drafts);
  }

  private static List<String> waitsFor(
      ObservedOperation observed,
      String id,
      Map<String, Task> tasks,
      Map<String, List<String>> after) {
    Task task = tasks.get(id);
    boolean cleanup =
        task != null && task.action().equals("DELETE") && observed.kind() != OperationKind.DELETE;
    if (!cleanup) {
      return after.getOrDefault(id, List.of());
    }
    // What is replaced is removed after all else is done.
    List<String> others = new ArrayList<>();
    tasks.forEach(
        (other, what) -> {
          if (!what.action().equals("DELETE")) {
            others.add(other);
          }
        });
    return others;
  }

  /** An update does not touch all that a change set names or that was touched before. */
  private static Set<String> notComing(
      ObservedOperation observed,
      Map<String, ResourceRun> runs,
      Map<String, Task> tasks,
      Map<String, List<String>> after) {
    Set<String> late = new LinkedHashSet<>();
    StackOperation operation = observed.operation();
    if (operation == null
        || operation.startedAt() == null
        || observed.kind() != OperationKind.UPDATE) {
      return late;
    }
    for (String id : tasks.keySet()) {
      if (runs.containsKey(id) || tasks.get(id).action().equals("DELETE")) {
        continue;
      }
      Instant could = operation.startedAt();
      boolean free = true;
      for (String other : after.getOrDefault(id, List.of())) {
        ResourceRun run = runs.get(other);
        if (run != null && run.endedAt() != null) {
          could = run.endedAt().isAfter(could) ? run.endedAt() : could;
        } else if (tasks.containsKey(other)) {
          free = false;
        }
      }
      double waited = (observed.now().toEpochMilli() - could.toEpochMilli()) / 1_000.0;
      if (free && waited > GIVEN_UP_SECONDS) {
        late.add(id);
      }
    }
    return late;
  }

  private static Draft draft(
      String id, Task task, @Nullable ResourceRun run, Instant now, List<String> after) {
    if (run == null) {
      return new Draft(id, task.type(), task.action(), State.PENDING, 0, false, after);
    }
    State state = run.inProgress() ? State.RUNNING : State.DONE;
    double elapsed = run.inProgress() ? run.elapsed(now).toMillis() / 1_000.0 : 0;
    return new Draft(
        id, run.type(), actionOf(run), state, elapsed, run.configuredAt() != null, after);
  }

  /** Everything that was touched and is not undone yet is to be undone, last made first. */
  private WorkPlan rollback(ObservedOperation observed, Map<String, ResourceRun> runs) {
    Map<String, List<String>> reversed = reversed(dependencies(observed, runs.keySet()));
    String action = observed.kind() == OperationKind.CREATE ? "DELETE" : "UPDATE";
    StackOperation operation = observed.operation();
    Instant since = operation == null ? null : operation.rollbackSince();
    Map<String, Draft> drafts = new LinkedHashMap<>();
    runs.forEach(
        (id, run) -> {
          boolean undone =
              run.endedAt() != null
                  && (since == null || !run.endedAt().isBefore(since))
                  && Events.complete(run.status());
          boolean undoing =
              run.inProgress()
                  && (since == null || run.startedAt() != null && !run.startedAt().isBefore(since));
          State state = undone ? State.DONE : undoing ? State.RUNNING : State.PENDING;
          double elapsed = undoing ? run.elapsed(observed.now()).toMillis() / 1_000.0 : 0;
          drafts.put(
              id,
              new Draft(
                  id,
                  run.type(),
                  action,
                  state,
                  elapsed,
                  false,
                  reversed.getOrDefault(id, List.of())));
        });
    return WorkPlan.ordered(drafts);
  }

  /** Return which resource waits for which: by the template, else as it was the last time. */
  private Map<String, List<String>> dependencies(
      ObservedOperation observed, Collection<String> ids) {
    Map<String, List<String>> after = new HashMap<>();
    Template template = observed.template();
    if (template != null && !template.resources().isEmpty()) {
      template
          .resources()
          .forEach(
              (id, resource) -> {
                if (ids.contains(id)) {
                  after.put(id, List.copyOf(resource.dependsOn()));
                }
              });
      // A deletion goes the other way round.
      return observed.kind() == OperationKind.DELETE ? reversed(after) : after;
    }
    List<HistoryEntry> before = forerunners(observed, Set.copyOf(ids));
    return before.isEmpty() ? after : seenOrder(before.get(0).timings());
  }

  private static Map<String, List<String>> reversed(Map<String, List<String>> after) {
    Map<String, List<String>> reversed = new HashMap<>();
    after.forEach(
        (id, others) ->
            others.forEach(
                other -> reversed.computeIfAbsent(other, key -> new ArrayList<>()).add(id)));
    return reversed;
  }

  /** What began just when another was done waited for it, as far as can be seen. */
  public static Map<String, List<String>> seenOrder(List<ResourceTiming> timings) {
    // Ends and configurations in the order of time: what came last before a beginning is looked up.
    record Freed(double second, ResourceTiming of) {}
    List<Freed> freed = new ArrayList<>(2 * timings.size());
    for (ResourceTiming timing : timings) {
      freed.add(new Freed(timing.end(), timing));
      if (timing.configured() != null) {
        freed.add(new Freed(timing.released(), timing));
      }
    }
    freed.sort(Comparator.comparingDouble(Freed::second));
    double[] seconds = freed.stream().mapToDouble(Freed::second).toArray();
    Map<String, List<String>> after = new HashMap<>();
    for (ResourceTiming timing : timings) {
      int found = java.util.Arrays.binarySearch(seconds, timing.start() + ResourceTiming.CLOSE);
      int last = found >= 0 ? found : -found - 2;
      while (last >= 0 && freed.get(last).of().equals(timing)) {
        last--;
      }
      if (last >= 0
          && timing.start() > 3
          && seconds[last] > 1
          && timing.start() - seconds[last] < 30) {
        after.put(timing.logicalId(), List.of(freed.get(last).of().logicalId()));
      }
    }
    return after;
  }

  private String typeOf(ObservedOperation observed, String id) {
    Template template = observed.template();
    Template.Resource resource = template == null ? null : template.resources().get(id);
    if (resource != null) {
      return resource.type();
    }
    for (HistoryEntry entry : history.training(observed.stackName())) {
      for (ResourceTiming timing : entry.timings()) {
        if (timing.logicalId().equals(id)) {
          return timing.type();
        }
      }
    }
    return "";
  }

  /** A resource that was there before is changed, another is made. */
  private String changeOf(ObservedOperation observed, String id) {
    if (observed.kind() == OperationKind.CREATE) {
      return "CREATE";
    }
    boolean known =
        history.ofResource(observed.stackName(), id, "CREATE").count() > 0
            || history.ofResource(observed.stackName(), id, "UPDATE").count() > 0;
    boolean newStack = history.training(observed.stackName()).isEmpty();
    return known || newStack ? "UPDATE" : "CREATE";
  }

  private static String actionOf(ResourceRun run) {
    String status = run.status();
    return status.substring(0, Math.max(0, status.indexOf('_')));
  }
}
