package deployctl.diagnose.escalation;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.diagnose.DiagnosisEngine;
import deployctl.diagnose.RecordingOptions;
import deployctl.diagnose.Recordings;
import deployctl.diagnose.check.Diagnosis;
import deployctl.diagnose.check.DiagnosisOptions;
import deployctl.registry.CorrelationId;
import deployctl.support.Failure;
import deployctl.support.file.FileErrors;
import deployctl.support.file.LocalFile;
import deployctl.support.json.Json;
import deployctl.support.json.JsonObject;
import deployctl.support.text.Masking;
import deployctl.target.Target;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code diagnose escalation}: the report for a senior engineer or AWS Support. */
public final class EscalationCommand implements Command {
  private final Supplier<DiagnosisEngine> engine;
  private final EscalationReports reports;
  private final RecordingOptions recording;
  private final Console console;
  private @Nullable String correlationId;
  private @Nullable String file;
  private boolean redactIds;

  /** Make the command. */
  public EscalationCommand(
      Supplier<DiagnosisEngine> engine,
      EscalationReports reports,
      Recordings recordings,
      Console console) {
    this.engine = engine;
    this.reports = reports;
    this.recording = new RecordingOptions(recordings);
    this.console = console;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.required(spec, "correlation_id", "Name of the deployment.", v -> correlationId = v);
    Args.option(
        spec,
        "--file",
        "<file>",
        "Write the report there (JSON when the name ends in .json) instead of to stdout.",
        v -> file = v);
    Args.flag(
        spec,
        "--redact-ids",
        "Mask account ids and ARNs too, for a report that leaves the company.",
        v -> redactIds = v);
    recording.declare(spec);
    Args.examples(
        spec,
        "deployctl diagnose escalation \"$ID\" --file report.md",
        "deployctl diagnose escalation \"$ID\" --redact-ids -o json",
        "",
        "Secrets and tokens are masked in any case.");
  }

  @Override
  public ExitCode run() {
    recording.apply();
    String id = CorrelationId.check(String.valueOf(correlationId));
    Target target = reports.target(id);
    Diagnosis diagnosis = engine.get().inspect(DiagnosisEngine.ALL, target, DiagnosisOptions.NONE);
    EscalationReport report = reports.of(id, target, diagnosis, engine.get().aws());
    JsonObject json = masked(report.json());
    String markdown = masked(report.markdown());
    if (file == null) {
      console.result(json, () -> markdown);
      return ExitCode.OK;
    }
    boolean asJson = file.endsWith(".json") || console.json() && !file.endsWith(".md");
    write(LocalFile.of(file), asJson ? Json.pretty(json) + "\n" : markdown + "\n");
    console.result(
        new JsonObject().put("file", file).put("correlation_id", id), () -> "wrote " + file);
    return ExitCode.OK;
  }

  private String masked(String text) {
    String masked = Masking.secrets(text);
    return redactIds ? Masking.ids(masked) : masked;
  }

  private JsonObject masked(JsonObject json) {
    return (JsonObject) maskedValue(json);
  }

  /** Mask each text by itself, so that the document stays JSON. */
  private Object maskedValue(@Nullable Object value) {
    if (value instanceof String text) {
      return masked(text);
    }
    if (value instanceof java.util.List<?> list) {
      return list.stream().map(this::maskedValue).toList();
    }
    if (value instanceof JsonObject object) {
      JsonObject masked = new JsonObject();
      for (String name : object.names()) {
        Object inner = object.get(name);
        masked.put(name, inner == null ? null : maskedValue(inner));
      }
      return masked;
    }
    return value == null ? "" : value;
  }

  private static void write(LocalFile path, String text) {
    try {
      path.write(text);
    } catch (IOException e) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          path + " cannot be written: " + FileErrors.reason(e),
          "Choose another file",
          e);
    }
  }
}
