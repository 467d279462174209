package deployctl.reset;

import deployctl.aws.cloudformation.Stack;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.support.Failure;
import deployctl.support.file.FileErrors;
import deployctl.support.file.ProcessLock;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Timestamps;
import deployctl.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code reset}: the plan; with {@code --confirm} the plan carried out, step by step. */
public final class ResetCommand implements Command {
  private final ResetContext context;
  private final ResetOptions options = new ResetOptions();

  /** Make the command. */
  public ResetCommand(ResetContext context) {
    this.context = context;
  }

  @Override
  public void declare(CommandSpec spec) {
    options.declare(spec);
  }

  @Override
  public ExitCode run() {
    Path folder = context.registryFolder().get();
    if (options.listBackups()) {
      return listBackups(folder);
    }
    String restore = options.restore();
    if (restore != null) {
      return restore(folder, restore);
    }
    if (options.resume()) {
      return resume(folder);
    }
    Target target = context.targets().find(options.environment(), null);
    String confirm = options.confirm();
    if (confirm != null && !confirm.equals(target.stackName())) {
      throw Failure.usage(
          "--confirm says '" + confirm + "', and the stack is " + target.stackName(),
          "Type the name of the stack that is to be deleted, or choose it with --stack");
    }
    ResetPlan plan = ResetPlan.make(context, target, options.wishes());
    if (options.planOnly()) {
      return showPlan(folder, plan);
    }
    refuseHealthy(plan.stack());
    ask(plan);
    try (ProcessLock.Held lock = lock(folder)) {
      refuseUnfinished(folder, target, lock);
      ResetJournal file = ResetJournal.begin(folder, fields(plan), plan.steps());
      file.write();
      return carryOut(file, target);
    } catch (IOException e) {
      throw cannotLock(folder, e);
    }
  }

  private JsonObject fields(ResetPlan plan) {
    Stack stack = plan.stack();
    return new JsonObject()
        .put("stack_name", plan.target().stackName())
        .put("environment", plan.target().environment())
        .putIfKnown("stack_id", stack == null ? null : stack.id())
        .put("backup_id", Timestamps.compact(context.time().now()))
        .put("started_at", Timestamps.format(context.time().now()))
        .put("remove_left_overs", options.removeLeftOvers())
        .put("lift_protection", options.liftProtection())
        .put("retain", options.retained());
  }

  private ExitCode carryOut(ResetJournal file, Target target) {
    ResetRunner runner = new ResetRunner(context, file, target, options.yes());
    runner.run();
    return show(target.stackName(), file.steps());
  }

  private ExitCode resume(Path folder) {
    if (ResetJournal.read(folder).isEmpty()) {
      throw nothingToResume(folder);
    }
    try (ProcessLock.Held lock = lock(folder)) {
      ResetJournal file = ResetJournal.read(folder).orElseThrow(() -> nothingToResume(folder));
      String stack = String.valueOf(file.text("stack_name"));
      if (file.finished()) {
        context.console().note("The last reset is finished; nothing is left to be done");
        return show(stack, file.steps());
      }
      if (!options.retained().isEmpty()) {
        file.set("retain", options.retained());
      }
      if (options.liftProtection()) {
        file.set("lift_protection", true);
      }
      Target target = new Target(String.valueOf(file.text("environment")), stack);
      // Days may have passed, and somebody may deploy again.
      refuseHealthy(context.monitoring().stacks().get().find(stack).orElse(null));
      context
          .console()
          .note("Going on with the reset of " + stack + " from " + file.text("started_at"));
      if (lock == null) {
        throw new IllegalStateException("not locked");
      }
      return carryOut(file, target);
    } catch (IOException e) {
      throw cannotLock(folder, e);
    }
  }

  private static Failure nothingToResume(Path folder) {
    return new Failure(
        Failure.FailureKind.FAILED,
        "There is no reset to go on with in " + folder,
        "Begin one with 'deployctl reset'");
  }

  private ProcessLock.Held lock(Path folder) throws IOException {
    try {
      Files.createDirectories(folder);
      return ProcessLock.acquire(
          folder.resolve(".reset.lock"), Duration.ZERO, context.time(), context.random());
    } catch (ProcessLock.Timeout e) {
      throw new Failure(
          Failure.FailureKind.BUSY,
          "Another reset is at work: " + e.holder(),
          "Wait for it; see " + folder.resolve("reset.json"),
          e);
    }
  }

  private static Failure cannotLock(Path folder, IOException e) {
    return new Failure(
        Failure.FailureKind.FAILED,
        folder + " cannot be used: " + FileErrors.reason(e),
        "Check the space and the permissions",
        e);
  }

  /** A reset that was cut short is gone on with, not begun a second time. */
  private void refuseUnfinished(Path folder, Target target, ProcessLock.Held lock) {
    ResetJournal.read(folder)
        .filter(file -> lock != null && !file.finished())
        .filter(file -> target.stackName().equals(file.text("stack_name")))
        .ifPresent(
            file ->
                context
                    .console()
                    .note(
                        "The reset from "
                            + file.text("started_at")
                            + " was cut short; this one begins anew and does its work too"));
  }

  /** A stack in progress that neither rolls back nor goes is somebody's deployment. */
  private void refuseHealthy(@Nullable Stack stack) {
    if (stack == null || options.force()) {
      return;
    }
    String status = stack.status().name();
    boolean healthy =
        stack.status().inProgress() && !status.contains("ROLLBACK") && !status.startsWith("DELETE");
    if (healthy) {
      throw new Failure(
          Failure.FailureKind.BUSY,
          stack.name() + " is " + status + ": a deployment is in progress",
          "Wait for it ('deployctl coordinator wait'), or say --force");
    }
  }

  private void ask(ResetPlan plan) {
    if (options.yes()) {
      return;
    }
    if (!context.console().json()) {
      context.console().talk(text(plan.target().stackName(), plan.steps()));
    }
    if (!context.console().confirm("Carry this out?", false)) {
      throw new Failure(Failure.FailureKind.FAILED, "Nothing was done", "");
    }
  }

  private ExitCode showPlan(Path folder, ResetPlan plan) {
    String stack = plan.target().stackName();
    context
        .console()
        .result(
            json(stack, plan.steps()),
            () ->
                text(stack, plan.steps())
                    + "\n\nNothing was done. To carry it out:\n  $ deployctl reset"
                    + options.words()
                    + " --confirm "
                    + stack
                    + context.ownOptions().get());
    ResetJournal.read(folder)
        .filter(file -> !file.finished())
        .ifPresent(
            file ->
                context
                    .console()
                    .warn(
                        "A reset from "
                            + file.text("started_at")
                            + " was cut short; 'deployctl reset --resume' goes on with it"));
    return ExitCode.OK;
  }

  private ExitCode show(String stack, List<ResetStep> steps) {
    context.console().result(json(stack, steps), () -> text(stack, steps));
    boolean failed = steps.stream().anyMatch(step -> step.status() == ResetStep.StepStatus.FAILED);
    boolean unknown =
        steps.stream().anyMatch(step -> step.detail().startsWith(ResetRunner.UNKNOWN));
    return failed ? (unknown ? ExitCode.UNKNOWN : ExitCode.NO) : ExitCode.OK;
  }

  private static JsonObject json(String stack, List<ResetStep> steps) {
    return new JsonObject()
        .put("stack_name", stack)
        .put("steps", steps.stream().map(ResetStep::toJson).toList());
  }

  private static String text(String stack, List<ResetStep> steps) {
    List<List<String>> rows = new ArrayList<>();
    for (ResetStep step : steps) {
      rows.add(List.of("  " + step.status().word(), step.name().word(), step.detail()));
    }
    return "Reset of " + stack + ":\n" + Console.table(rows);
  }

  private ExitCode listBackups(Path folder) {
    List<ResetBackups.Backup> all = backups(folder).all();
    context
        .console()
        .result(
            all.stream().map(ResetBackups.Backup::toJson).toList(),
            () -> {
              if (all.isEmpty()) {
                return "there are no backups";
              }
              List<List<String>> rows = new ArrayList<>();
              rows.add(List.of("ID", "REGISTRY FILES", "MESSAGES"));
              all.forEach(
                  one ->
                      rows.add(
                          List.of(
                              one.id(),
                              String.valueOf(one.registryFiles()),
                              String.valueOf(one.messages()))));
              return Console.table(rows);
            });
    return ExitCode.OK;
  }

  private ResetBackups backups(Path folder) {
    return new ResetBackups(folder, context.queue().get().folder());
  }

  private ExitCode restore(Path folder, String id) {
    ResetBackups backups = backups(folder);
    ResetBackups.@Nullable Backup found =
        backups.all().stream().filter(one -> one.id().equals(id)).findFirst().orElse(null);
    if (found == null) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          "There is no backup " + id,
          "See 'deployctl reset --list-backups'");
    }
    if (options.dryRun()) {
      context
          .console()
          .result(
              found.toJson(),
              () -> "would put back the registry and " + found.messages() + " messages of " + id);
      return ExitCode.OK;
    }
    if (!context
        .console()
        .confirm(
            "Replace the registry by that of " + id + " and put its messages back?",
            options.yes())) {
      throw new Failure(Failure.FailureKind.FAILED, "Nothing was done", "");
    }
    try (ProcessLock.Held lock = lock(folder)) {
      // What is there now is kept too.
      String before = Timestamps.compact(context.time().now());
      if (!before.equals(id) && lock != null) {
        backups.registry(before);
      }
      try (var turn = context.diagnosing().registryStore().get().beginTurn()) {
        if (turn != null) {
          backups.restoreRegistry(id);
        }
      }
      int messages = backups.restoreQueue(id);
      context.journal().get().record("reset --restore", id, "restored, " + messages + " messages");
      context
          .console()
          .result(
              new JsonObject()
                  .put("restored", id)
                  .put("messages", (long) messages)
                  .put("replaced_kept_as", before),
              () ->
                  "restored "
                      + id
                      + ", "
                      + messages
                      + " messages; what was there is the backup "
                      + before);
      return ExitCode.OK;
    } catch (IOException e) {
      throw cannotLock(folder, e);
    }
  }
}
