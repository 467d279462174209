package deployctl.monitor;

import deployctl.cli.Console;
import deployctl.cli.ProgramSettings;
import deployctl.monitor.checkpoint.WatchRequest;
import deployctl.registry.Deployment;
import deployctl.registry.Registry;
import deployctl.state.StateUnavailable;
import deployctl.support.config.Settings;
import deployctl.support.file.LocalFile;
import deployctl.target.Target;
import deployctl.target.Targets;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Completes what is to be watched from the registry and the settings. */
public final class WatchRequests {
  private final Targets targets;
  private final Settings settings;
  private final Supplier<Registry> registry;
  private final Console console;

  /** Make it; the registry is opened at its first use. */
  public WatchRequests(
      Targets targets, Settings settings, Supplier<Registry> registry, Console console) {
    this.targets = targets;
    this.settings = settings;
    this.registry = registry;
    this.console = console;
  }

  /**
   * Return what is to be watched; null for what was not given.
   *
   * @throws deployctl.support.Failure of kind USAGE when nothing says which stack it is
   */
  public WatchRequest complete(
      String correlationId,
      @Nullable String stack,
      @Nullable String channel,
      @Nullable String logFile) {
    Deployment entry = entry(correlationId);
    String environment = entry == null ? null : entry.environment();
    String named = stack == null && entry != null ? entry.stackName() : stack;
    Target target = targets.find(environment, named);
    boolean arn = named != null && named.startsWith("arn:");
    return new WatchRequest(
        correlationId,
        environment != null || named == null ? target.environment() : environmentOf(target),
        target.stackName(),
        arn && named != null ? named : target.stackName(),
        channel,
        LocalFile.of(logFile == null ? settings.get(ProgramSettings.MONITOR_LOG, null) : logFile));
  }

  /** Return what is to be watched of a deployment whose target is known. */
  public WatchRequest of(String correlationId, Target target, @Nullable String channel) {
    return new WatchRequest(
        correlationId,
        target.environment(),
        target.stackName(),
        target.stackName(),
        channel,
        LocalFile.of(settings.get(ProgramSettings.MONITOR_LOG, null)));
  }

  /** A stack that was named is of the environment that deploys to it, as far as one is known. */
  private String environmentOf(Target target) {
    return targets.allTargets().stream()
        .filter(known -> known.stackName().equals(target.stackName()))
        .map(Target::environment)
        .findFirst()
        .orElse(target.environment());
  }

  /** Return what is to be watched of a deployment of the registry. */
  public WatchRequest of(Deployment entry) {
    return complete(entry.correlationId(), null, null, null);
  }

  /**
   * Return the deployments that are in progress.
   *
   * @throws StateUnavailable when the registry cannot be read
   */
  public List<Deployment> going() {
    return registry.get().read().active().toList();
  }

  /** Return the registry's entry; null where there is none, or it cannot be read, which is told. */
  public @Nullable Deployment entry(String correlationId) {
    try {
      return registry.get().read().find(correlationId);
    } catch (StateUnavailable e) {
      console.warn(e.what());
      return null;
    }
  }
}
