package deployctl.monitor;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.ExitCode;
import deployctl.support.config.Settings;
import picocli.CommandLine.Model.CommandSpec;

/** {@code monitor run}: watch in the foreground until the operation is over. */
public final class MonitorRunCommand implements Command {
  private final MonitorRunner runner;
  private final WatchRequests requests;
  private final Settings settings;
  private final WatchArguments arguments = new WatchArguments();
  private final MonitorOptions options = new MonitorOptions();

  /** Make the command. */
  public MonitorRunCommand(MonitorRunner runner, WatchRequests requests, Settings settings) {
    this.runner = runner;
    this.requests = requests;
    this.settings = settings;
  }

  @Override
  public void declare(CommandSpec spec) {
    arguments.declare(spec);
    options.declare(spec);
    Args.examples(
        spec,
        "deployctl monitor run \"$ID\" CourtCaseManagementStack",
        "deployctl monitor run \"$ID\" -o json | jq -r 'select(.type==\"end\").root_cause.reason'",
        "",
        "Exit code 0: the deployment succeeded. 1: it failed, with the root cause.",
        "Exit code 5: AWS stayed out of reach, or refused for good.");
  }

  @Override
  public ExitCode run() {
    return runner.run(arguments.request(requests), options.settings(settings));
  }
}
