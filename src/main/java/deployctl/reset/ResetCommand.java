package deployctl.reset;

import deployctl.aws.cloudformation.Stack;
import deployctl.aws.cloudformation.Stacks;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.registry.Journal;
import deployctl.state.Claim;
import deployctl.state.StateStore;
import deployctl.support.Failure;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import deployctl.target.Target;
import deployctl.target.Targets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code reset}: the plan; with {@code --confirm} the plan carried out, step by step. */
public final class ResetCommand implements Command {
  private static final String CLAIM = ".reset.lock";

  private final ResetActions.ResetState state;
  private final ResetPlanner planner;
  private final ResetActions actions;
  private final Targets targets;
  private final Supplier<Stacks> stacks;
  private final Supplier<Journal> journal;
  private final Supplier<String> ownOptions;
  private final Console console;
  private final Time time;
  private final ResetOptions options = new ResetOptions();

  /** Make the command. */
  public ResetCommand(
      ResetActions.ResetState state,
      ResetPlanner planner,
      ResetActions actions,
      Targets targets,
      Supplier<Stacks> stacks,
      Supplier<Journal> journal,
      Supplier<String> ownOptions,
      Console console,
      Time time) {
    this.state = state;
    this.planner = planner;
    this.actions = actions;
    this.targets = targets;
    this.stacks = stacks;
    this.journal = journal;
    this.ownOptions = ownOptions;
    this.console = console;
    this.time = time;
  }

  @Override
  public void declare(CommandSpec spec) {
    options.declare(spec);
  }

  @Override
  public ExitCode run() {
    if (options.listBackups()) {
      return listBackups();
    }
    String restore = options.restore();
    if (restore != null) {
      return restore(restore);
    }
    if (options.resume()) {
      return resume();
    }
    Target target = targets.find(options.environment(), null);
    String confirm = options.confirm();
    if (confirm != null && !confirm.equals(target.stackName())) {
      throw Failure.usage(
          "--confirm says '" + confirm + "', and the stack is " + target.stackName(),
          "Type the name of the stack that is to be deleted, or choose it with --stack");
    }
    ResetPlan plan = planner.make(target, options.request());
    if (options.planOnly()) {
      return showPlan(plan);
    }
    refuseHealthy(plan.stack());
    ask(plan);
    try (Claim claim = claim()) {
      tellUnfinished(target);
      ResetJournal file = ResetJournal.begin(state.registry().get(), fields(plan), plan.steps());
      file.write();
      return carryOut(file, target);
    }
  }

  private JsonObject fields(ResetPlan plan) {
    Stack stack = plan.stack();
    return new JsonObject()
        .put("stack_name", plan.target().stackName())
        .put("environment", plan.target().environment())
        .putIfKnown("stack_id", stack == null ? null : stack.id())
        .put("backup_id", Timestamps.compact(time.now()))
        .put("started_at", Timestamps.format(time.now()))
        .put("remove_left_overs", options.removeLeftOvers())
        .put("lift_protection", options.liftProtection())
        .put("retain", options.retained());
  }

  private ExitCode carryOut(ResetJournal file, Target target) {
    ResetRunner runner =
        new ResetRunner(file, target, actions, journal.get(), ownOptions, console, options.yes());
    runner.run();
    return show(target.stackName(), file.steps());
  }

  private ExitCode resume() {
    if (ResetJournal.read(state.registry().get()).isEmpty()) {
      throw nothingToResume();
    }
    try (Claim claim = claim()) {
      ResetJournal file =
          ResetJournal.read(state.registry().get()).orElseThrow(() -> nothingToResume());
      String stack = String.valueOf(file.text("stack_name"));
      if (file.finished()) {
        console.note("The last reset is finished; nothing is left to be done");
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
      refuseHealthy(stacks.get().find(stack).orElse(null));
      console.note("Going on with the reset of " + stack + " from " + file.text("started_at"));
      return carryOut(file, target);
    }
  }

  private Failure nothingToResume() {
    return new Failure(
        Failure.FailureKind.FAILED,
        "There is no reset to go on with in " + state.registry().get().location(""),
        "Begin one with 'deployctl reset'");
  }

  /** One reset at a time: whoever has this claim. */
  private Claim claim() {
    StateStore registry = state.registry().get();
    return registry
        .claim(CLAIM, Duration.ZERO)
        .orElseThrow(
            () ->
                new Failure(
                    Failure.FailureKind.BUSY,
                    "Another reset is at work: " + registry.claimant(CLAIM),
                    "Wait for it; see " + registry.location(ResetJournal.NAME)));
  }

  /** A reset that was cut short is gone on with, not begun a second time. */
  private void tellUnfinished(Target target) {
    ResetJournal.read(state.registry().get())
        .filter(file -> !file.finished())
        .filter(file -> target.stackName().equals(file.text("stack_name")))
        .ifPresent(
            file ->
                console.note(
                    "The reset from "
                        + file.text("started_at")
                        + " was cut short; this one begins anew and does its work too"));
  }

  /** A stack in progress that neither rolls back nor goes is somebody's deployment. */
  private void refuseHealthy(@Nullable Stack stack) {
    if (stack != null && isHealthy(stack) && !options.force()) {
      String status = stack.status().name();
      throw new Failure(
          Failure.FailureKind.BUSY,
          stack.name() + " is " + status + ": a deployment is in progress",
          "Wait for it ('deployctl coordinator wait'), or say --force");
    }
  }

  private static boolean isHealthy(Stack stack) {
    String status = stack.status().name();
    return stack.status().inProgress()
        && !status.contains("ROLLBACK")
        && !status.startsWith("DELETE");
  }

  private void ask(ResetPlan plan) {
    if (options.yes()) {
      return;
    }
    if (!console.json()) {
      console.talk(text(plan.target().stackName(), plan.steps()));
    }
    if (!console.confirm("Carry this out?", false)) {
      throw new Failure(Failure.FailureKind.FAILED, "Nothing was done", "");
    }
  }

  private ExitCode showPlan(ResetPlan plan) {
    String stack = plan.target().stackName();
    console.result(
        json(stack, plan.steps()),
        () ->
            text(stack, plan.steps())
                + (plan.stack() != null && isHealthy(plan.stack()) && !options.force()
                    ? "\n\nA deployment is in progress: wait for it, or say --force."
                    : "")
                + "\n\nNothing was done. To carry it out:\n  $ deployctl reset"
                + options.argv()
                + " --confirm "
                + stack
                + ownOptions.get());
    ResetJournal.read(state.registry().get())
        .filter(file -> !file.finished())
        .ifPresent(
            file ->
                console.warn(
                    "A reset from "
                        + file.text("started_at")
                        + " was cut short; 'deployctl reset --resume' goes on with it"));
    return ExitCode.OK;
  }

  private ExitCode show(String stack, List<ResetStep> steps) {
    console.result(json(stack, steps), () -> text(stack, steps));
    boolean failed = steps.stream().anyMatch(step -> step.status().failed());
    boolean unknown =
        steps.stream().anyMatch(step -> step.status() == ResetStep.StepStatus.UNKNOWN);
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

  private ExitCode listBackups() {
    List<ResetBackups.Backup> all = state.backups().all();
    console.result(
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

  private ExitCode restore(String id) {
    ResetBackups backups = state.backups();
    ResetBackups.@Nullable Backup found =
        backups.all().stream().filter(one -> one.id().equals(id)).findFirst().orElse(null);
    if (found == null) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          "There is no backup " + id,
          "See 'deployctl reset --list-backups'");
    }
    backups.check(id);
    if (options.dryRun()) {
      console.result(
          found.toJson(),
          () -> "would put back the registry and " + found.messages() + " messages of " + id);
      return ExitCode.OK;
    }
    if (!console.confirm(
        "Replace the registry by that of " + id + " and put its messages back?", options.yes())) {
      throw new Failure(Failure.FailureKind.FAILED, "Nothing was done", "");
    }
    try (Claim claim = claim()) {
      // What is there now is kept too.
      String before = Timestamps.compact(time.now());
      if (!before.equals(id)) {
        backups.registry(before);
      }
      backups.restoreRegistry(id);
      int messages = backups.restoreQueue(id);
      journal.get().record("reset --restore", id, "restored, " + messages + " messages");
      console.result(
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
    }
  }
}
