package deployctl.estimator.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an operation has done, does and has yet to do, in an order in which each thing comes after
 * those that it waits for.
 *
 * @param steps in that order
 */
public record WorkPlan(List<WorkStep> steps) {
  /** Where a step stands. */
  public enum State {
    DONE,
    RUNNING,
    PENDING
  }

  /**
   * One thing to be done to one resource.
   *
   * @param elapsed seconds that it has run for; zero unless it runs
   * @param released whether others need not wait for it any more although it runs
   * @param after positions in the plan of the steps that it waits for
   */
  @SuppressWarnings("ArrayRecordComponent")
  public // never compared
  record WorkStep(
      String logicalId,
      String type,
      String action,
      State state,
      double elapsed,
      boolean released,
      int[] after) {
    @Override
    public String toString() {
      return action + " " + logicalId + " " + state;
    }
  }

  /** A step whose visit is not known yet. */
  record Draft(
      String logicalId,
      String type,
      String action,
      State state,
      double elapsed,
      boolean released,
      List<String> after) {}

  /**
   * Put steps in order. What waits for each other in a circle, as no valid template has it, is
   * taken in the order of the drafts.
   *
   * @param drafts by a key that their {@code after} names
   */
  static WorkPlan ordered(Map<String, Draft> drafts) {
    Map<String, Integer> positions = new LinkedHashMap<>();
    List<WorkStep> steps = new ArrayList<>();
    Map<String, Boolean> open = new LinkedHashMap<>();
    for (String key : drafts.keySet()) {
      visit(key, drafts, positions, open, steps);
    }
    return new WorkPlan(List.copyOf(steps));
  }

  private static void visit(
      String first,
      Map<String, Draft> drafts,
      Map<String, Integer> positions,
      Map<String, Boolean> open,
      List<WorkStep> steps) {
    // Without recursion: a chain of thousands must not end in a stack overflow.
    List<String> path = new ArrayList<>(List.of(first));
    while (!path.isEmpty()) {
      String key = path.get(path.size() - 1);
      Draft draft = drafts.get(key);
      if (draft == null || positions.containsKey(key)) {
        path.remove(path.size() - 1);
        continue;
      }
      open.put(key, true);
      String next = null;
      for (String other : draft.after()) {
        if (drafts.containsKey(other)
            && !positions.containsKey(other)
            && !open.containsKey(other)) {
          next = other;
          break;
        }
      }
      if (next != null) {
        path.add(next);
        continue;
      }
      int[] after =
          draft.after().stream()
              .filter(positions::containsKey)
              .mapToInt(positions::get)
              .distinct()
              .toArray();
      positions.put(key, steps.size());
      steps.add(
          new WorkStep(
              draft.logicalId(),
              draft.type(),
              draft.action(),
              draft.state(),
              draft.elapsed(),
              draft.released(),
              after));
      path.remove(path.size() - 1);
    }
  }

  public int count(State state) {
    return (int) steps.stream().filter(step -> step.state() == state).count();
  }

  boolean over() {
    return steps.stream().allMatch(step -> step.state() == State.DONE);
  }
}
