package deployctl.diagnose.escalation;

import deployctl.cli.ProgramSettings;
import deployctl.diagnose.check.CachedAws;
import deployctl.diagnose.check.Diagnosis;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.monitor.checkpoint.MonitorStore;
import deployctl.registry.Deployment;
import deployctl.registry.DeploymentStatus;
import deployctl.registry.Registry;
import deployctl.state.StateLog;
import deployctl.state.StateUnavailable;
import deployctl.support.config.Settings;
import deployctl.support.file.LocalFile;
import deployctl.support.time.Time;
import deployctl.target.Target;
import deployctl.target.Targets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gathers what is known on this side of a deployment into a report. */
public final class EscalationReports {
  private static final int MOST_READ = 2_000;

  private final Supplier<Registry> registry;
  private final Supplier<MonitorStore> monitors;
  private final Supplier<StateLog> journal;
  private final Targets targets;
  private final Supplier<@Nullable String> region;
  private final Settings settings;
  private final Time time;

  /**
   * Make it; each is made at its first use.
   *
   * @param registry one that warns of nothing
   * @param region the region that is looked at, or null where it is not known
   */
  public EscalationReports(
      Supplier<Registry> registry,
      Supplier<MonitorStore> monitors,
      Supplier<StateLog> journal,
      Targets targets,
      Supplier<@Nullable String> region,
      Settings settings,
      Time time) {
    this.registry = registry;
    this.monitors = monitors;
    this.journal = journal;
    this.targets = targets;
    this.region = region;
    this.settings = settings;
    this.time = time;
  }

  /** Return what a deployment goes to: as registered, else as usual. */
  Target target(String id) {
    Deployment entry = entry(id);
    if (entry != null && entry.environment() != null) {
      return targets.find(entry.environment(), entry.stackName());
    }
    return targets.find(null, entry == null ? null : entry.stackName());
  }

  /** Return the report on a deployment after a diagnosis. */
  EscalationReport of(String id, Target target, Diagnosis diagnosis, CachedAws aws) {
    MonitorState state = monitors.get().find(id).orElse(null);
    String log = state == null ? null : state.logFile();
    return new EscalationReport(
        new EscalationReport.Subject(
            id, target, region.get(), time.now(), entry(id), state, failingSince(target)),
        diagnosis,
        aws,
        journal.get().tail(MOST_READ),
        LocalFile.of(log == null ? settings.get(ProgramSettings.MONITOR_LOG, null) : log)
            .tail(MOST_READ),
        settings.get(ProgramSettings.DATABASES, null),
        Arrays.asList(settings.get(ProgramSettings.CONTACTS, null).trim().split("\\s*,\\s*")));
  }

  private @Nullable Deployment entry(String id) {
    try {
      return registry.get().read().find(id);
    } catch (StateUnavailable e) {
      return null;
    }
  }

  private @Nullable Instant failingSince(Target target) {
    try {
      List<Instant> starts =
          registry.get().read().deployments().stream()
              .filter(entry -> entry.concerns(target.environment(), target.stackName()))
              .filter(entry -> entry.status() != DeploymentStatus.SUCCEEDED)
              .map(Deployment::startedAt)
              .filter(Objects::nonNull)
              .toList();
      return starts.isEmpty() ? null : starts.get(starts.size() - 1);
    } catch (StateUnavailable e) {
      return null;
    }
  }
}
