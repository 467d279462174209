package deployctl.reset;

import deployctl.aws.AwsFailure;
import deployctl.coordinator.Target;
import deployctl.diagnose.DiagnosePrinter;
import deployctl.monitor.MonitorState;
import deployctl.monitor.Supervision;
import deployctl.registry.Deployment;
import deployctl.support.Failure;
import deployctl.support.file.FileErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Carries the steps out, each written down before and after. A step that was cut short is done
 * again, and each of them may be: what is done already is seen and left.
 */
final class Runner {
  /** What a detail begins with when the truth could not be found out. */
  static final String UNKNOWN = "could not tell: ";

  private static final String MADE = "registry_made";

  private final ResetContext context;
  private final ResetFile file;
  private final Target target;
  private final boolean yes;

  Runner(ResetContext context, ResetFile file, Target target, boolean yes) {
    this.context = context;
    this.file = file;
    this.target = target;
    this.yes = yes;
  }

  /** Do what is not done; stops at the first step that fails. */
  void run() {
    for (Step step : file.steps()) {
      if (step.over()) {
        continue;
      }
      Step.Status before = step.status();
      file.change(step.with(Step.Status.BEGUN, step.detail()));
      context.console().note(step.name().word() + ": " + step.detail());
      Step after;
      try {
        after = step.with(Step.Status.DONE, carryOut(step.name(), before));
      } catch (AwsFailure e) {
        after = step.with(Step.Status.FAILED, UNKNOWN + words(e));
      } catch (Failure e) {
        after = step.with(Step.Status.FAILED, words(e));
      }
      file.change(after);
      context
          .journal()
          .get()
          .record("reset " + step.name().word(), target.stackName(), after.detail());
      if (after.status() == Step.Status.FAILED) {
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

  private String carryOut(Step.Name name, Step.Status before) {
    return switch (name) {
      case MONITORS -> monitors();
      case STACK -> new StackDeletion(context, file, target).run();
      case LEFT_OVERS -> new LeftOvers(context, target, file.flag("remove_left_overs"), yes).run();
      case REGISTRY -> registry();
      case QUEUE -> queue();
      // Reported, and never a reason to fail: the reset is done.
      case PREFLIGHT -> DiagnosePrinter.preflightWords(context.diagnosing(), target);
      case DEPLOY -> new Workflow(context, file).start(before == Step.Status.BEGUN);
    };
  }

  private String monitors() {
    Supervision supervision = new Supervision(context.monitoring());
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

  private Backups backups() {
    return new Backups(context.registryFolder().get(), context.queue().get().folder());
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
    files.forEach(Runner::remove);
    return "cleared; " + kept + " messages are in backups/" + backupId();
  }

  private static void remove(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new Failure(
          Failure.Kind.FAILED,
          path + " cannot be removed: " + FileErrors.reason(e),
          "Check the permissions",
          e);
    }
  }
}
