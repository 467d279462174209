package deployctl.coordinator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.cli.ProgramSettings;
import deployctl.support.Failure;
import deployctl.support.config.Settings;
import deployctl.support.json.JsonObject;
import deployctl.support.text.Shell;
import deployctl.support.time.Timestamps;
import deployctl.target.Targets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code coordinator last-good}: what to go back to, and how. */
public final class LastGoodCommand implements Command {
  private final DeploymentLog log;
  private final Targets targets;
  private final Console console;
  private final Settings settings;
  private @Nullable String environment;
  private @Nullable String before;

  /** Make the command. */
  public LastGoodCommand(DeploymentLog log, Targets targets, Console console, Settings settings) {
    this.log = log;
    this.targets = targets;
    this.console = console;
    this.settings = settings;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.optional(spec, "environment", "Environment (default: production).", v -> environment = v);
    Args.option(
        spec,
        "--before",
        "<correlation_id>",
        "The last one before that deployment, which went well and turned out to be broken.",
        v -> before = v);
    Args.examples(
        spec,
        "deployctl coordinator last-good production",
        "deployctl coordinator last-good --before \"$BROKEN\" -o json | jq -r '.commands[]'");
  }

  @Override
  public ExitCode run() {
    String wanted = targets.environmentOrDefault(environment);
    String stack = targets.knownStack(wanted);
    List<PastDeployment> past =
        log.all().stream().filter(one -> one.concerns(wanted, stack)).toList();
    int from = 0;
    if (before != null) {
      List<String> ids = past.stream().map(PastDeployment::correlationId).toList();
      from = ids.indexOf(before) + 1;
      if (from == 0) {
        throw new Failure(
            Failure.FailureKind.FAILED,
            "No deployment " + before + " to " + wanted + " is remembered",
            "See 'deployctl coordinator history'");
      }
    }
    PastDeployment good =
        past.subList(from, past.size()).stream()
            .filter(PastDeployment::succeeded)
            .findFirst()
            .orElse(null);
    if (good == null) {
      console.result(new JsonObject(), () -> "no good deployment to " + wanted + " is remembered");
      return ExitCode.NO;
    }
    List<String> commands = commands(good);
    console.result(good.json().copy().put("commands", commands), () -> text(good, commands));
    return ExitCode.OK;
  }

  /** Undo everything after the good commit in one go, and deploy that. */
  private List<String> commands(PastDeployment good) {
    String ref = settings.get(ProgramSettings.WORKFLOW_REF, null);
    String workflow = settings.get(ProgramSettings.WORKFLOW, null);
    List<String> commands = new ArrayList<>();
    String commit = good.commit();
    if (commit == null) {
      String run = good.json().string("workflow_run_id");
      commands.add(
          run != null && run.matches("\\d+")
              ? "gh run view " + run + " --json headSha --jq .headSha"
              : "git log --oneline -n 20 " + Shell.quote(ref));
      return commands;
    }
    commands.add("git checkout " + Shell.quote(ref) + " && git pull --ff-only");
    commands.add("git revert --no-edit " + Shell.quote(commit) + "..HEAD");
    commands.add("git push origin " + Shell.quote(ref));
    commands.add("gh workflow run " + Shell.quote(workflow) + " --ref " + Shell.quote(ref));
    return commands;
  }

  private static String text(PastDeployment good, List<String> commands) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("correlation id", good.correlationId()));
    rows.add(List.of("ended", good.ended() == null ? "unknown" : Timestamps.format(good.ended())));
    rows.add(List.of("commit", good.commit() == null ? "not recorded" : good.commit()));
    String actor = good.json().string("actor");
    rows.add(List.of("by", actor == null ? "unknown" : actor));
    StringBuilder text = new StringBuilder(Console.table(rows));
    text.append(good.commit() == null ? "\n\nFind its commit first:" : "\n\nTo go back to it:");
    commands.forEach(command -> text.append("\n  $ ").append(command));
    return text.toString();
  }
}
