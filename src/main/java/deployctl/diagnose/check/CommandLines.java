package deployctl.diagnose.check;

import deployctl.support.text.Shell;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes commands that are complete, to be pasted into a shell. */
public final class CommandLines {
  private final Supplier<String> ownOptions;
  private final Supplier<String> awsOptions;
  private final Supplier<@Nullable String> region;
  private final Supplier<String> workflow;
  private final Supplier<String> ref;

  /**
   * Make it.
   *
   * @param ownOptions the global options that were given, each with a space before it
   * @param awsOptions those among them that the AWS CLI takes, likewise
   * @param region the region that is looked at, or null where it is not known
   * @param workflow the workflow that deploys
   * @param ref the branch that it deploys
   */
  public CommandLines(
      Supplier<String> ownOptions,
      Supplier<String> awsOptions,
      Supplier<@Nullable String> region,
      Supplier<String> workflow,
      Supplier<String> ref) {
    this.ownOptions = ownOptions;
    this.awsOptions = awsOptions;
    this.region = region;
    this.workflow = workflow;
    this.ref = ref;
  }

  /** Return this program's command with the global options that were given. */
  public String own(String argv) {
    return "deployctl " + argv + ownOptions.get();
  }

  /** Return this program's command with the global options that were given, for another region. */
  public String ownIn(String elsewhere, String argv) {
    // Each may be given once.
    String given = ownOptions.get().replaceAll(" --region \\S+", "");
    return "deployctl "
        + argv
        + (argv.contains(" --stack ") ? given.replaceAll(" --stack \\S+", "") : given)
        + " --region "
        + Shell.quote(elsewhere);
  }

  /** Return the AWS CLI's command for the account and region that were looked at. */
  public String aws(String argv) {
    String known = region.get();
    return "aws "
        + argv
        + (known == null ? "" : " --region " + Shell.quote(known))
        + awsOptions.get();
  }

  /** Return the command that deploys. */
  public String deploy() {
    return "gh workflow run " + Shell.quote(workflow.get()) + " --ref " + Shell.quote(ref.get());
  }
}
