package deployctl.coordinator.lock;

import deployctl.cli.Console;
import deployctl.cli.GithubActions;
import deployctl.support.Failure;
import deployctl.support.env.Env;

/**
 * Sees that nobody takes a lock for one that all others see, on a machine that is thrown away:
 * GitHub's own runners begin each job with an empty disk.
 */
public final class ThrowawayRunner {
  /** What is wrong there, as a sentence. */
  public static final String REASON =
      "The registry is on the disk of a GitHub-hosted runner, which no other job sees";

  /** What to do about it. */
  public static final String NEXT =
      "Set DEPLOYCTL_STATE to a place that all jobs share, deploy from a self-hosted runner that keeps its"
          + " disk, or say --local to 'coordinator acquire' and 'run' where nobody else deploys";

  private final Env env;
  private final Console console;

  /** Make it; {@code env} says what kind of runner this is. */
  public ThrowawayRunner(Env env, Console console) {
    this.env = env;
    this.console = console;
  }

  /** Tell whether this machine is thrown away (GitHub's "Variables reference"). */
  public boolean here() {
    return "github-hosted".equals(env.get("RUNNER_ENVIRONMENT"));
  }

  /**
   * Refuse to take a lock that nobody else sees.
   *
   * @param local whether the command line says that this will do
   * @throws Failure when it will not
   */
  public void refuse(boolean local) {
    if (here() && !local) {
      throw new Failure(Failure.FailureKind.FAILED, REASON, NEXT);
    }
  }

  /** Say that an answer is of this machine's registry alone. */
  public void warn() {
    if (here()) {
      console.talkCommand(GithubActions.annotation("warning", "deployctl", REASON + ". " + NEXT));
    }
  }
}
