package deployctl.coordinator;

import deployctl.cli.Console;
import deployctl.estimator.Estimator;
import deployctl.estimator.history.HistoryFile;
import deployctl.registry.Deployment;
import deployctl.registry.Deployments;
import deployctl.state.StateUnavailable;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is remembered of deployments that are over. */
public final class DeploymentLog {
  private final Supplier<Deployments> deployments;
  private final Supplier<HistoryFile> history;
  private final Console console;

  /** Make it; each is opened at its first use. */
  public DeploymentLog(
      Supplier<Deployments> deployments, Supplier<HistoryFile> history, Console console) {
    this.deployments = deployments;
    this.history = history;
    this.console = console;
  }

  /** Return them, the latest first; a registry that cannot be read is told and done without. */
  List<PastDeployment> all() {
    List<Deployment> entries;
    try {
      entries = deployments.get().list(true, null);
    } catch (StateUnavailable e) {
      console.warn(e.whatAndNext());
      entries = List.of();
    }
    return PastDeployment.all(entries, history.get().read().entries());
  }

  /** Return how many minutes a stack's deployments usually take, or null where none is known. */
  @Nullable Double usualMinutes(String stack) {
    OptionalDouble usual = new Estimator(history.get().read()).usualMinutes(stack);
    return usual.isEmpty() ? null : usual.getAsDouble();
  }
}
