package deployctl.retryqueue;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.ExitCode;
import deployctl.notify.NotifyContext;
import deployctl.support.Failure;
import deployctl.support.file.FileErrors;
import deployctl.support.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code retry-queue schedule}: what makes the queue go on by itself. */
public final class ScheduleCommand implements Command {
  private final NotifyContext context;
  private @Nullable String folder;

  /** Make the command. */
  public ScheduleCommand(NotifyContext context) {
    this.context = context;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.option(
        spec,
        "--systemd",
        "<folder>",
        "Write the systemd units there instead of printing everything.",
        v -> folder = v);
    Args.examples(
        spec,
        "deployctl retry-queue schedule",
        "deployctl retry-queue schedule --systemd ~/.config/systemd/user");
  }

  @Override
  public ExitCode run() {
    Schedule schedule = Schedule.here(context.queueFolder().get());
    Map<String, String> units = schedule.units();
    if (folder != null) {
      write(Path.of(folder), units);
      context
          .console()
          .result(
              new JsonObject()
                  .put("written", units.keySet().stream().map(u -> folder + "/" + u).toList()),
              () -> "");
      return ExitCode.OK;
    }
    JsonObject files = new JsonObject();
    units.forEach(files::put);
    context
        .console()
        .result(
            new JsonObject().put("crontab", schedule.crontab()).put("systemd", files),
            () -> text(schedule.crontab(), units));
    return ExitCode.OK;
  }

  private static String text(String crontab, Map<String, String> units) {
    StringJoiner text = new StringJoiner("\n");
    text.add("# --- crontab -e").add(crontab);
    units.forEach((name, content) -> text.add("# --- " + name).add(content));
    return text.toString().stripTrailing();
  }

  private void write(Path target, Map<String, String> units) {
    units.forEach(
        (name, content) -> {
          Path file = target.resolve(name);
          try {
            Files.createDirectories(target);
            Files.writeString(file, content);
          } catch (IOException e) {
            throw new Failure(
                Failure.FailureKind.FAILED,
                "Cannot write " + file + ": " + FileErrors.reason(e),
                "Choose another folder with --systemd",
                e);
          }
          context.console().note("wrote " + file);
        });
    context.console().note("systemctl --user daemon-reload");
    for (String name : units.keySet()) {
      if (name.endsWith(".timer")) {
        context.console().note("systemctl --user enable --now " + name);
      }
    }
  }
}
