package deployctl.reset;

import deployctl.support.Failure;
import deployctl.support.file.DurableWrite;
import deployctl.support.file.FileErrors;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
  private static final String NAME = "reset.json";

  private final Path file;
  private final JsonObject fields;
  private final List<ResetStep> steps;

  private ResetJournal(Path file, JsonObject fields, List<ResetStep> steps) {
    this.file = file;
    this.fields = fields;
    this.steps = new ArrayList<>(steps);
  }

  /** Make a new one; nothing is written yet. */
  static ResetJournal begin(Path folder, JsonObject fields, List<ResetStep> steps) {
    return new ResetJournal(folder.resolve(NAME), fields, steps);
  }

  /**
   * Read what is there.
   *
   * @throws Failure when there is a file that cannot be used
   */
  static Optional<ResetJournal> read(Path folder) {
    Path file = folder.resolve(NAME);
    try {
      JsonObject fields = Json.parseObject(Files.readAllBytes(file));
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
      return Optional.of(new ResetJournal(file, fields, steps));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          file + " cannot be read: " + FileErrors.reason(e),
          "Check the permissions",
          e);
    } catch (JsonException | IllegalArgumentException e) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          file + " is damaged: " + e.getMessage(),
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

  /** Change a step and write it down; on disk when this returns. */
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
        steps.stream()
            .map(step -> step.toJson().put("state", step.status().name().toLowerCase(Locale.ROOT)))
            .toList());
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      new DurableWrite()
          .replace(file, (Json.pretty(json) + "\n").getBytes(StandardCharsets.UTF_8), null);
    } catch (IOException e) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          file + " cannot be written: " + FileErrors.reason(e),
          "Without it a reset could not go on after a kill: check the space and the permissions",
          e);
    }
  }
}
