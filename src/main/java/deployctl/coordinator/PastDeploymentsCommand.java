package deployctl.coordinator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.support.Failure;
import deployctl.support.time.Timestamps;
import deployctl.target.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code coordinator history}: past deployments, the latest first, beside how long is usual. */
public final class PastDeploymentsCommand implements Command {
  private static final int USUAL_COUNT = 20;

  private final DeploymentLog log;
  private final Targets targets;
  private final Console console;
  private @Nullable String environment;
  private @Nullable String count;

  /** Make the command. */
  public PastDeploymentsCommand(DeploymentLog log, Targets targets, Console console) {
    this.log = log;
    this.targets = targets;
    this.console = console;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.optional(spec, "environment", "Only this environment.", v -> environment = v);
    Args.option(spec, "-n", "<count>", "How many. Default: " + USUAL_COUNT + ".", v -> count = v);
    Args.examples(spec, "deployctl coordinator history -n 5");
  }

  @Override
  public ExitCode run() {
    int most = count();
    String wanted = targets.environmentOrAny(environment);
    String stack = wanted == null ? null : targets.knownStack(wanted);
    List<PastDeployment> past =
        log.all().stream().filter(one -> one.concerns(wanted, stack)).limit(most).toList();
    console.result(past.stream().map(PastDeployment::json).toList(), () -> table(past));
    return ExitCode.OK;
  }

  private int count() {
    if (count == null) {
      return USUAL_COUNT;
    }
    if (!count.matches("[1-9]\\d{0,6}")) {
      throw Failure.usage("'" + count + "' is not a number of deployments", "Write it like -n 20");
    }
    return Integer.parseInt(count);
  }

  private String table(List<PastDeployment> past) {
    if (past.isEmpty()) {
      return "no deployment is over yet";
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of("CORRELATION ID", "STATUS", "ENVIRONMENT", "ENDED", "MINUTES", "USUAL", "COMMIT"));
    for (PastDeployment one : past) {
      rows.add(
          List.of(
              one.correlationId(),
              one.status(),
              one.environment().isEmpty() ? "-" : one.environment(),
              one.ended() == null ? "-" : Timestamps.format(one.ended()),
              one.minutes() == null ? "-" : minutes(one.minutes()),
              usual(one.stack()),
              one.commit() == null ? "-" : shortened(one.commit())));
    }
    return Console.table(rows);
  }

  private String usual(String stack) {
    Double minutes = log.usualMinutes(stack);
    return minutes == null ? "-" : minutes(minutes);
  }

  private static String minutes(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String shortened(String commit) {
    return commit.length() > 12 ? commit.substring(0, 12) : commit;
  }
}
