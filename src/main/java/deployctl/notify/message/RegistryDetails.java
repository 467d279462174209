package deployctl.notify.message;

import deployctl.aws.cloudformation.ConsoleLinks;
import deployctl.cli.GithubActions;
import deployctl.registry.Deployment;
import deployctl.registry.Registry;
import deployctl.support.Failure;
import deployctl.support.env.Env;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes what is known of a deployment from the registry and the job's variables. */
public final class RegistryDetails implements DeploymentDetails.DetailsSource {
  private final Registry registry;
  private final Env env;
  private final Supplier<@Nullable String> region;
  private final Function<@Nullable String, @Nullable Double> usual;

  /**
   * Make a source.
   *
   * @param region is asked for where the registry does not name one
   * @param usual says how many minutes the deployments of a stack usually take, or null
   */
  public RegistryDetails(
      Registry registry,
      Env env,
      Supplier<@Nullable String> region,
      Function<@Nullable String, @Nullable Double> usual) {
    this.usual = usual;
    this.registry = registry;
    this.env = env;
    this.region = region;
  }

  @Override
  public DeploymentDetails of(
      String correlationId, @Nullable String workflowRunId, @Nullable String stack) {
    Deployment entry = entry(correlationId);
    String run = workflowRunId != null ? workflowRunId : env.get("GITHUB_RUN_ID");
    if (entry == null) {
      return new DeploymentDetails(
          null,
          stack,
          GithubActions.runUrl(env, run),
          ConsoleLinks.stack(region.get(), stack),
          null,
          null,
          null,
          null);
    }
    String url = entry.githubRunUrl();
    String console = entry.awsConsoleUrl();
    return new DeploymentDetails(
        entry.environment(),
        entry.stackName(),
        url != null ? url : GithubActions.runUrl(env, run),
        console != null ? console : ConsoleLinks.stack(region.get(), entry.stackName()),
        entry.startedAt(),
        usual.apply(entry.stackName()),
        entry.actor(),
        entry.commit());
  }

  private @Nullable Deployment entry(String correlationId) {
    try {
      return registry.read().find(correlationId);
    } catch (Failure e) {
      // The message goes out with what it says itself.
      return null;
    }
  }
}
