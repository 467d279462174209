package deployctl.app;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.cli.Version;
import deployctl.support.json.JsonObject;
import picocli.CommandLine.Model.CommandSpec;

/** {@code version}: what is running. */
final class VersionCommand implements Command {
  private static final String UNKNOWN = "unknown";

  private final Console console;

  VersionCommand(Console console) {
    this.console = console;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.examples(spec, "deployctl version", "deployctl version -o json | jq -r .version");
  }

  @Override
  public ExitCode run() {
    String version = Version.current();
    String commit = Version.commit();
    String java = System.getProperty("java.version", UNKNOWN);
    console.result(
        new JsonObject().put("version", version).put("commit", commit).put("java", java),
        () -> "deployctl " + version + " (commit " + commit + ", Java " + java + ")");
    return ExitCode.OK;
  }
}
