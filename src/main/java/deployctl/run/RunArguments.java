package deployctl.run;

import deployctl.support.Failure;
import deployctl.support.text.Shell;
import deployctl.target.Targets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line of a run: perhaps an environment, then the command.
 *
 * @param environment null for the usual one
 * @param argv the command and its arguments
 */
record RunArguments(@Nullable String environment, List<String> argv) {
  /**
   * Tell environment and command apart: what stands before {@code --} is the environment.
   *
   * @throws Failure of kind USAGE when there is no separator, no command, or too much before it
   */
  static RunArguments split(List<String> all, Targets targets) {
    int separator = all.indexOf(SEPARATOR);
    boolean named = separator > 0;
    if (separator < 0 && !all.isEmpty()) {
      boolean environment = targets.knownStack(all.get(0)) != null;
      if (environment && all.size() == 1) {
        throw none();
      }
      throw Failure.usage(
          "The command does not stand behind --",
          "Write it like 'deployctl coordinator run "
              + (environment ? all.get(0) + " -- " : "-- ")
              + Shell.command(all.subList(environment ? 1 : 0, all.size()))
              + "'");
    }
    if (separator > 1) {
      throw Failure.usage(
          "'" + all.get(1) + "' stands before the command",
          "Only the environment may stand before --");
    }
    List<String> argv = all.subList(separator + 1, all.size());
    if (argv.isEmpty()) {
      throw none();
    }
    return new RunArguments(named ? all.get(0) : null, List.copyOf(argv));
  }

  /** What stands between the two. */
  static final String SEPARATOR = "--";

  private static Failure none() {
    return Failure.usage(
        "There is no command to run",
        "Write it like 'deployctl coordinator run production -- npx cdk deploy'");
  }
}
