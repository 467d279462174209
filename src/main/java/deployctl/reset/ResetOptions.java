package deployctl.reset;

import deployctl.cli.Args;
import deployctl.support.Failure;
import deployctl.support.text.Shell;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** The options of a reset. */
final class ResetOptions {
  private @Nullable String environment;
  private @Nullable String confirm;
  private @Nullable String only;
  private @Nullable String retain;
  private @Nullable String restore;
  private boolean yes;
  private boolean force;
  private boolean deploy;
  private boolean dryRun;
  private boolean resume;
  private boolean listBackups;
  private boolean removeLeftOvers;
  private boolean liftProtection;

  void declare(CommandSpec spec) {
    Args.optional(spec, "environment", "Environment (default: production).", v -> environment = v);
    Args.option(
        spec,
        "--confirm",
        "<stack-name>",
        "Carry it out; the stack's name, typed out.",
        v -> confirm = v);
    Args.flag(spec, "--yes", "Ask nothing more.", v -> yes = v);
    Args.flag(
        spec, "--dry-run", "Print the plan and do nothing, as without --confirm.", v -> dryRun = v);
    Args.flag(spec, "--force", "Even while a healthy deployment is in progress.", v -> force = v);
    Args.option(
        spec,
        "--only",
        "<steps>",
        "Only these steps, between commas: monitors, stack, left-overs, registry, queue, preflight, deploy.",
        v -> only = v);
    Args.option(
        spec,
        "--retain",
        "<ids>",
        "Logical ids of resources to leave behind, between commas; AWS allows it once a deletion has failed.",
        v -> retain = v);
    Args.flag(
        spec,
        "--lift-protection",
        "Switch the protection of the stack and its databases off first, each asked for by name.",
        v -> liftProtection = v);
    Args.flag(
        spec,
        "--remove-left-overs",
        "Remove what was the stack's own, each asked for.",
        v -> removeLeftOvers = v);
    Args.flag(spec, "--deploy", "Start the workflow that deploys at the end.", v -> deploy = v);
    Args.flag(spec, "--resume", "Go on with a reset that was cut short.", v -> resume = v);
    Args.flag(spec, "--list-backups", "Show the backups of earlier resets.", v -> listBackups = v);
    Args.option(
        spec, "--restore", "<id>", "Put registry and queue of a backup back.", v -> restore = v);
    Args.examples(
        spec,
        "deployctl reset",
        "deployctl reset --confirm CourtCaseManagementStack",
        "deployctl reset --resume",
        "deployctl reset --only registry,queue --confirm CourtCaseManagementStack --yes",
        "",
        "Exit code 0: done. 1: a step failed; --resume goes on. 2: a healthy deployment or",
        "another reset is in the way. 5: AWS could not be asked.");
  }

  @Nullable String environment() {
    return environment;
  }

  @Nullable String confirm() {
    return confirm;
  }

  @Nullable String restore() {
    return restore;
  }

  boolean yes() {
    return yes;
  }

  boolean force() {
    return force;
  }

  boolean dryRun() {
    return dryRun;
  }

  /** Return what was asked for as words of a command line, but for what makes it only a plan. */
  String argv() {
    StringBuilder argv = new StringBuilder();
    if (environment != null) {
      argv.append(' ').append(environment);
    }
    if (only != null) {
      argv.append(" --only ").append(Shell.quote(only));
    }
    if (retain != null) {
      argv.append(" --retain ").append(Shell.quote(retain));
    }
    argv.append(force ? " --force" : "");
    argv.append(liftProtection ? " --lift-protection" : "");
    argv.append(removeLeftOvers ? " --remove-left-overs" : "");
    argv.append(deploy ? " --deploy" : "");
    return argv.toString();
  }

  boolean planOnly() {
    return dryRun || confirm == null;
  }

  boolean resume() {
    return resume;
  }

  boolean listBackups() {
    return listBackups;
  }

  boolean removeLeftOvers() {
    return removeLeftOvers;
  }

  boolean liftProtection() {
    return liftProtection;
  }

  ResetPlan.ResetRequest request() {
    return new ResetPlan.ResetRequest(
        steps(), deploy || steps().contains(ResetStep.StepName.DEPLOY), retained());
  }

  List<String> retained() {
    return retain == null ? List.of() : List.of(retain.trim().split("\\s*,\\s*"));
  }

  private Set<ResetStep.StepName> steps() {
    EnumSet<ResetStep.StepName> steps = EnumSet.noneOf(ResetStep.StepName.class);
    if (only != null) {
      for (String word : only.trim().split("\\s*,\\s*", -1)) {
        ResetStep.StepName name = ResetStep.StepName.find(word);
        if (name == null) {
          throw Failure.usage(
              "'" + word + "' is no step",
              "Steps: monitors, stack, left-overs, registry, queue, preflight, deploy");
        }
        steps.add(name);
      }
    }
    return steps;
  }
}
