package deployctl.reset;

import deployctl.state.StateObject;
import deployctl.state.StateStore;
import deployctl.state.StateUnavailable;
import deployctl.support.Failure;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a reset, so that it can go on after a kill: {@code reset.json}, replaced as a
 * whole before and after each step.
 */
final class ResetJournal {
  /** Its name in the registry's folder. */
  static final String NAME = "reset.json";

  private final StateStore store;
  private final JsonObject fields;
  private final List<ResetStep> steps;

  private ResetJournal(StateStore store, JsonObject fields, List<ResetStep> steps) {
    this.store = store;
    this.fields = fields;
    this.steps = new ArrayList<>(steps);
  }

  /** Make a new one; nothing is written yet. */
  static ResetJournal begin(StateStore store, JsonObject fields, List<ResetStep> steps) {
    return new ResetJournal(store, fields, steps);
  }

  /**
   * Read what is there.
   *
   * @throws Failure when there is one that cannot be used
   */
  static Optional<ResetJournal> read(StateStore store) {
    Optional<StateObject> kept = store.read(NAME);
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    try {
      JsonObject fields = Json.parseObject(kept.get().content());
      List<ResetStep> steps = new ArrayList<>();
      List<?> list = fields.list("steps");
      for (Object one : list == null ? List.of() : list) {
        if (one instanceof JsonObject step) {
          ResetStep.StepName name = ResetStep.StepName.find(String.valueOf(step.string("name")));
          String status = String.valueOf(step.string("state")).toUpperCase(Locale.ROOT);
          if (name != null) {
            steps.add(
                new ResetStep(
                    name,
                    ResetStep.StepStatus.valueOf(status),
                    String.valueOf(step.string("detail"))));
          }
        }
      }
      return Optional.of(new ResetJournal(store, fields, steps));
    } catch (JsonException | IllegalArgumentException e) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          store.location(NAME) + " is damaged: " + e.getMessage(),
          "Move it away and begin anew with --confirm",
          e);
    }
  }

  List<ResetStep> steps() {
    return List.copyOf(steps);
  }

  @Nullable String text(String name) {
    return fields.string(name);
  }

  boolean flag(String name) {
    return Boolean.TRUE.equals(fields.get(name));
  }

  List<String> texts(String name) {
    List<?> list = fields.list(name);
    return list == null
        ? List.of()
        : list.stream().filter(String.class::isInstance).map(String.class::cast).toList();
  }

  /** Tell whether every step is over. */
  boolean finished() {
    return steps.stream().allMatch(ResetStep::over);
  }

  /** Set a field; written with the next {@link #write}. */
  void set(String name, @Nullable Object value) {
    if (value == null) {
      fields.remove(name);
    } else {
      fields.put(name, value);
    }
  }

  /** Change a step and write it down; kept when this returns. */
  void change(ResetStep step) {
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).name() == step.name()) {
        steps.set(i, step);
      }
    }
    write();
  }

  /** Write it down. */
  void write() {
    JsonObject json = fields.copy();
    json.put(
        "steps",
        steps.stream().map(step -> step.toJson().put("state", step.status().stored())).toList());
    try {
      store.put(NAME, (Json.pretty(json) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (StateUnavailable e) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          e.what(),
          "Without it a reset could not go on after a kill: check the space and the permissions",
          e);
    }
  }
}
