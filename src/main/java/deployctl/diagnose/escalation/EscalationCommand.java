package deployctl.diagnose.escalation;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.ExitCode;
import deployctl.diagnose.DiagnoseCommand;
import deployctl.diagnose.DiagnoseContext;
import deployctl.diagnose.DiagnosisEngine;
import deployctl.diagnose.check.Diagnosis;
import deployctl.registry.CorrelationId;
import deployctl.support.Failure;
import deployctl.support.file.FileErrors;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import deployctl.support.text.Masking;
import deployctl.target.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code diagnose escalation}: the report for a senior engineer or AWS Support. */
public final class EscalationCommand implements Command {
  private final DiagnoseContext context;
  private @Nullable String correlationId;
  private @Nullable String file;
  private @Nullable String record;
  private @Nullable String replay;
  private boolean redactIds;

  /** Make the command. */
  public EscalationCommand(DiagnoseContext context) {
    this.context = context;
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
    DiagnoseCommand.recording(spec, v -> record = v, v -> replay = v);
    Args.examples(
        spec,
        "deployctl diagnose escalation \"$ID\" --file report.md",
        "deployctl diagnose escalation \"$ID\" --redact-ids -o json",
        "",
        "Secrets and tokens are masked in any case.");
  }

  @Override
  public ExitCode run() {
    DiagnoseCommand.tape(context, record, replay);
    String id = CorrelationId.check(String.valueOf(correlationId));
    Target target = EscalationReport.target(context, id);
    DiagnosisEngine diagnostician = new DiagnosisEngine(context);
    Diagnosis diagnosis =
        diagnostician.examine("all", target, DiagnosisEngine.DiagnosisOptions.NONE);
    EscalationReport report =
        new EscalationReport(context, id, target, diagnosis, diagnostician.facts());
    JsonObject json = masked(report.json());
    String markdown = masked(report.markdown());
    if (file == null) {
      context.console().result(json, () -> markdown);
      return ExitCode.OK;
    }
    boolean asJson = file.endsWith(".json") || context.console().json() && !file.endsWith(".md");
    write(Path.of(file), asJson ? Json.pretty(json) + "\n" : markdown + "\n");
    context
        .console()
        .result(
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

  private static void write(Path path, String text) {
    try {
      Files.writeString(path, text, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          path + " cannot be written: " + FileErrors.reason(e),
          "Choose another file",
          e);
    }
  }

  /** Read one line of JSON, or null when it is none. */
  static @Nullable JsonObject line(String text) {
    try {
      return Json.parseObject(text);
    } catch (JsonException e) {
      return null;
    }
  }
}
