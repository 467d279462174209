package deployctl.reset;

import deployctl.aws.AwsGateways;
import deployctl.cli.Console;
import deployctl.diagnose.DiagnosisReport;
import deployctl.monitor.MonitorProcesses;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.monitor.checkpoint.MonitorStore;
import deployctl.monitor.watch.Monitor;
import deployctl.registry.Deployment;
import deployctl.registry.HoldState;
import deployctl.registry.KnownLeftOvers;
import deployctl.registry.RegistryRepair;
import deployctl.reset.ResetStep.StepName;
import deployctl.reset.ResetStep.StepStatus;
import deployctl.retryqueue.QueueInspection;
import deployctl.state.StateStore;
import deployctl.support.config.Settings;
import deployctl.support.process.ExternalProgram.ProgramRunner;
import deployctl.support.time.Time;
import deployctl.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What each step of a reset does. Each may be done again: what is done already is seen and left.
 */
public final class ResetActions {
  private static final String MADE = "registry_made";

  /**
   * The state that a reset makes anew, each opened at its first use.
   *
   * @param registry where the registry is kept
   * @param queueStore where the messages are kept
   */
  public record ResetState(
      Supplier<StateStore> registry,
      Supplier<StateStore> queueStore,
      Supplier<QueueInspection> queue,
      Supplier<RegistryRepair> repair,
      Supplier<MonitorStore> monitors) {
    ResetBackups backups() {
      return new ResetBackups(registry.get(), queueStore.get());
    }
  }

  private final ResetState state;
  private final MonitorProcesses processes;
  private final Supplier<AwsGateways> aws;
  private final Supplier<Monitor.Remainder> remainder;
  private final DiagnosisReport diagnosis;
  private final ProgramRunner programs;
  private final Settings settings;
  private final Console console;
  private final Time time;

  /** Make them. */
  public ResetActions(
      ResetState state,
      MonitorProcesses processes,
      Supplier<AwsGateways> aws,
      Supplier<Monitor.Remainder> remainder,
      DiagnosisReport diagnosis,
      ProgramRunner programs,
      Settings settings,
      Console console,
      Time time) {
    this.state = state;
    this.processes = processes;
    this.aws = aws;
    this.remainder = remainder;
    this.diagnosis = diagnosis;
    this.programs = programs;
    this.settings = settings;
    this.console = console;
    this.time = time;
  }

  /**
   * Do one step.
   *
   * @param before how the step stood: one that had begun was cut short
   * @return what came of it
   */
  String carryOut(StepName name, StepStatus before, ResetJournal file, Target target, boolean yes) {
    return switch (name) {
      case MONITORS -> monitors(target);
      case STACK ->
          new StackDeletion(
                  aws.get().stacks().get(),
                  new StackDatabases(aws.get(), console, yes),
                  remainder,
                  diagnosis,
                  file,
                  target,
                  console,
                  time)
              .run();
      case LEFT_OVERS ->
          new LeftOvers(
                  aws.get(),
                  new KnownLeftOvers(state.registry().get(), time),
                  settings,
                  console,
                  target,
                  yes)
              .run(file.flag("remove_left_overs"));
      case REGISTRY -> registry(file, target);
      case QUEUE -> queue(file);
      // Reported, and never a reason to fail: the reset is done.
      case PREFLIGHT -> diagnosis.preflightMessage(target);
      case DEPLOY ->
          new GithubWorkflow(programs, settings, file, time).start(before == StepStatus.BEGUN);
    };
  }

  private String monitors(Target target) {
    List<String> stopped = new ArrayList<>();
    for (MonitorState one : state.monitors().get().all()) {
      if (ofTarget(one, target) && !processes.endWatching(one).isEmpty()) {
        stopped.add(one.correlationId());
      }
    }
    return stopped.isEmpty() ? "none ran" : "stopped those of " + String.join(", ", stopped);
  }

  /** Another stack's deployment goes on being watched. */
  private static boolean ofTarget(MonitorState state, Target target) {
    return state.stackName() == null || target.stackName().equals(state.stackName());
  }

  private String registry(ResetJournal file, Target target) {
    String id = backupId(file);
    if (file.flag(MADE)) {
      return "made anew; the old one is in backups/" + id;
    }
    int files = state.backups().registry(id);
    state.repair().get().startAnew(entry -> ofOthers(entry, target));
    // What is registered from now on is not this reset's to remove.
    file.set(MADE, true);
    file.write();
    MonitorStore monitors = state.monitors().get();
    monitors.all().stream()
        .filter(one -> ofTarget(one, target) && !one.running() && !one.recoveryRunning())
        .forEach(one -> monitors.remove(one.correlationId()));
    return "made anew; " + files + " files are in backups/" + id;
  }

  /**
   * A deployment to another stack that is not over keeps its lock, and one whose process lives here
   * keeps it in any case.
   */
  private boolean ofOthers(Deployment entry, Target target) {
    HoldState hold = entry.hold(time.now());
    return !entry.status().finished()
        && (hold == HoldState.ALIVE
            || !hold.freeable() && !entry.concerns(target.environment(), target.stackName()));
  }

  private String queue(ResetJournal file) {
    String id = backupId(file);
    List<String> names = state.queue().get().names();
    int kept = state.backups().queue(id, names);
    names.forEach(name -> state.queueStore().get().remove(name));
    return "cleared; " + kept + " messages are in backups/" + id;
  }

  private static String backupId(ResetJournal file) {
    return String.valueOf(file.text("backup_id"));
  }
}
