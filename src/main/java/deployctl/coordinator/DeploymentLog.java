package deployctl.coordinator;

import deployctl.estimator.Estimator;
import deployctl.registry.Deployment;
import deployctl.registry.RegistryUnavailable;
import deployctl.run.RunContext;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What is remembered of deployments that are over. */
final class DeploymentLog {
  private DeploymentLog() {}

  /** Return them, the latest first; a registry that cannot be read is told and done without. */
  static List<PastDeployment> of(RunContext context) {
    List<Deployment> entries;
    try {
      entries = context.coordinating().coordinator().get().list(true, null);
    } catch (RegistryUnavailable e) {
      context.console().warn(e.what() + ". " + e.nextStep());
      entries = List.of();
    }
    return PastDeployment.all(entries, context.history().get().read().entries());
  }

  /** Return how many minutes a stack's deployments usually take, or null where none is known. */
  static @Nullable Double usualMinutes(RunContext context, String stack) {
    OptionalDouble usual = new Estimator(context.history().get().read()).usualMinutes(stack);
    return usual.isEmpty() ? null : usual.getAsDouble();
  }
}
