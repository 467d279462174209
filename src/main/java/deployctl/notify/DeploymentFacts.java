package deployctl.notify;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a deployment besides a message's own arguments; null for what is not.
 *
 * @param runUrl the workflow run's page
 * @param usualMinutes how long deployments of the stack usually take
 * @param consoleUrl the stack's page in the AWS console
 */
public record DeploymentFacts(
    @Nullable String environment,
    @Nullable String stackName,
    @Nullable String runUrl,
    @Nullable String consoleUrl,
    @Nullable Instant startedAt,
    @Nullable Double usualMinutes) {
  /** Nothing is known. */
  public static final DeploymentFacts NONE =
      new DeploymentFacts(null, null, null, null, null, null);

  /** Finds what is known of a deployment; never fails. */
  @FunctionalInterface
  public interface Source {
    /**
     * Return what is known.
     *
     * @param correlationId the deployment
     * @param workflowRunId its workflow run, or null to take it from elsewhere
     */
    DeploymentFacts of(String correlationId, @Nullable String workflowRunId);
  }
}
