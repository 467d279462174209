package deployctl.reset;

import deployctl.aws.client.AwsFailure;
import deployctl.diagnose.DiagnosisPrinter;
import deployctl.monitor.MonitorProcesses;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.registry.Deployment;
import deployctl.support.Failure;
import deployctl.support.file.FileErrors;
import deployctl.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Carries the steps out, each written down before and after. A step that was cut short is done
 * again, and each of them may be: what is done already is seen and left.
 */
final class ResetRunner {
  /** What a detail begins with when the truth could not be found out. */
  static final String UNKNOWN = "could not tell: ";

  private static final String MADE = "registry_made";

  private final ResetContext context;
  private final ResetJournal file;
  private final Target target;
  private final boolean yes;

  ResetRunner(ResetContext context, ResetJournal file, Target target, boolean yes) {
    this.context = context;
    this.file = file;
    this.target = target;
    this.yes = yes;
  }

  /** Do what is not done; stops at the first step that fails. */
  void run() {
    for (ResetStep step : file.steps()) {
      if (step.over()) {
        continue;
      }
      ResetStep.StepStatus before = step.status();
      file.change(step.with(ResetStep.StepStatus.BEGUN, step.detail()));
      context.console().note(step.name().word() + ": " + step.detail());
      ResetStep after;
      try {
        after = step.with(ResetStep.StepStatus.DONE, carryOut(step.name(), before));
      } catch (AwsFailure e) {
        after = step.with(ResetStep.StepStatus.FAILED, UNKNOWN + words(e));
      } catch (Failure e) {
        after = step.with(ResetStep.StepStatus.FAILED, words(e));
      }
      file.change(after);
      context
          .journal()
          .get()
          .record("reset " + step.name().word(), target.stackName(), after.detail());
      if (after.status() == ResetStep.StepStatus.FAILED) {
        context
            .console()
            .warn(
                step.name().word()
                    + " failed: "
                    + after.detail()
                    + ". 'deployctl reset --resume"
                    + context.ownOptions().get()
                    + "' goes on from here");
        return;
      }
    }
  }

  private static String words(Failure e) {
    return e.what() + (e.nextStep().isEmpty() ? "" : ". " + e.nextStep());
  }

  private String carryOut(ResetStep.StepName name, ResetStep.StepStatus before) {
    return switch (name) {
      case MONITORS -> monitors();
      case STACK -> new StackDeletion(context, file, target).run();
      case LEFT_OVERS -> new LeftOvers(context, target, file.flag("remove_left_overs"), yes).run();
      case REGISTRY -> registry();
      case QUEUE -> queue();
      // Reported, and never a reason to fail: the reset is done.
      case PREFLIGHT -> DiagnosisPrinter.preflightWords(context.diagnosing(), target);
      case DEPLOY -> new GithubWorkflow(context, file).start(before == ResetStep.StepStatus.BEGUN);
    };
  }

  private String monitors() {
    MonitorProcesses supervision = new MonitorProcesses(context.monitoring());
    List<String> stopped = new ArrayList<>();
    for (MonitorState state : context.monitoring().store().get().all()) {
      if (ofTarget(state) && !supervision.endWatching(state).isEmpty()) {
        stopped.add(state.correlationId());
      }
    }
    return stopped.isEmpty() ? "none ran" : "stopped those of " + String.join(", ", stopped);
  }

  /** Another stack's deployment goes on being watched. */
  private boolean ofTarget(MonitorState state) {
    return state.stackName() == null || target.stackName().equals(state.stackName());
  }

  private ResetBackups backups() {
    return new ResetBackups(context.registryFolder().get(), context.queue().get().folder());
  }

  private String backupId() {
    return String.valueOf(file.text("backup_id"));
  }

  private String registry() {
    if (file.flag(MADE)) {
      return "made anew; the old one is in backups/" + backupId();
    }
    int files = backups().registry(backupId());
    context.repair().get().startAnew(this::ofOthers);
    // What is registered from now on is not this reset's to remove.
    file.set(MADE, true);
    file.write();
    Path monitors = context.registryFolder().get().resolve("monitors");
    context.monitoring().store().get().all().stream()
        .filter(state -> ofTarget(state) && !state.running() && !state.recoveryRunning())
        .forEach(state -> remove(monitors.resolve(state.correlationId() + ".json")));
    return "made anew; " + files + " files are in backups/" + backupId();
  }

  /** A deployment to another stack that is not over keeps its place. */
  private boolean ofOthers(Deployment entry) {
    return !entry.status().finished()
        && !entry.leaseExpired(context.time().now())
        && !entry.concerns(target.environment(), target.stackName());
  }

  private String queue() {
    List<Path> files = context.queue().get().files();
    int kept = backups().queue(backupId(), files);
    files.forEach(ResetRunner::remove);
    return "cleared; " + kept + " messages are in backups/" + backupId();
  }

  private static void remove(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          path + " cannot be removed: " + FileErrors.reason(e),
          "Check the permissions",
          e);
    }
  }
}
