package deployctl.notify.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a deployment besides a message's own arguments; null for what is not.
 *
 * @param runUrl the workflow run's page
 * @param usualMinutes how long deployments of the stack usually take
 * @param consoleUrl the stack's page in the AWS console
 * @param actor who deploys
 * @param commit what is deployed
 */
public record DeploymentDetails(
    @Nullable String environment,
    @Nullable String stackName,
    @Nullable String runUrl,
    @Nullable String consoleUrl,
    @Nullable Instant startedAt,
    @Nullable Double usualMinutes,
    @Nullable String actor,
    @Nullable String commit) {
  /** Nothing is known. */
  public static final DeploymentDetails NONE =
      new DeploymentDetails(null, null, null, null, null, null, null, null);

  /** Finds what is known of a deployment; never fails. */
  @FunctionalInterface
  public interface DetailsSource {
    /**
     * Return what is known.
     *
     * @param correlationId the deployment
     * @param workflowRunId its workflow run, or null to take it from elsewhere
     * @param stack its stack, for when nothing else names it; or null
     */
    DeploymentDetails of(
        String correlationId, @Nullable String workflowRunId, @Nullable String stack);
  }
}
