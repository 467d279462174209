package deployctl.retryqueue;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.support.Failure;
import deployctl.support.file.FileErrors;
import deployctl.support.file.LocalFile;
import deployctl.support.json.JsonObject;
import java.io.IOException;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code retry-queue schedule}: what makes the queue go on by itself. */
public final class ScheduleCommand implements Command {
  private final Supplier<String> queue;
  private final Console console;
  private @Nullable String folder;

  /** Make the command; {@code queue} is where the queue is. */
  public ScheduleCommand(Supplier<String> queue, Console console) {
    this.queue = queue;
    this.console = console;
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
    Schedule schedule = Schedule.here(queue.get());
    Map<String, String> units = schedule.units();
    if (folder != null) {
      write(LocalFile.of(folder), units);
      console.result(
          new JsonObject()
              .put("written", units.keySet().stream().map(u -> folder + "/" + u).toList()),
          () -> "");
      return ExitCode.OK;
    }
    JsonObject files = new JsonObject();
    units.forEach(files::put);
    console.result(
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

  private void write(LocalFile target, Map<String, String> units) {
    units.forEach(
        (name, content) -> {
          LocalFile file = target.inside(name);
          try {
            file.writeInFolder(content);
          } catch (IOException e) {
            throw new Failure(
                Failure.FailureKind.FAILED,
                "Cannot write " + file + ": " + FileErrors.reason(e),
                "Choose another folder with --systemd",
                e);
          }
          console.note("wrote " + file);
        });
    console.note("systemctl --user daemon-reload");
    for (String name : units.keySet()) {
      if (name.endsWith(".timer")) {
        console.note("systemctl --user enable --now " + name);
      }
    }
  }
}
