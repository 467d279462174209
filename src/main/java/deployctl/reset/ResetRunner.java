package deployctl.reset;

import deployctl.aws.client.AwsFailure;
import deployctl.cli.Console;
import deployctl.registry.Journal;
import deployctl.support.Failure;
import deployctl.target.Target;
import java.util.function.Supplier;

/**
 * Carries the steps out, each written down before and after. A step that was cut short is done
 * again, and each of them may be: what is done already is seen and left.
 */
final class ResetRunner {
  private final ResetJournal file;
  private final Target target;
  private final ResetActions actions;
  private final Journal journal;
  private final Supplier<String> ownOptions;
  private final Console console;
  private final boolean yes;

  ResetRunner(
      ResetJournal file,
      Target target,
      ResetActions actions,
      Journal journal,
      Supplier<String> ownOptions,
      Console console,
      boolean yes) {
    this.file = file;
    this.target = target;
    this.actions = actions;
    this.journal = journal;
    this.ownOptions = ownOptions;
    this.console = console;
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
      console.note(step.name().word() + ": " + step.detail());
      ResetStep after;
      try {
        after =
            step.with(
                ResetStep.StepStatus.DONE,
                actions.carryOut(step.name(), before, file, target, yes));
      } catch (AwsFailure e) {
        after = step.couldNotTell(e.whatAndNext());
      } catch (Failure e) {
        after = step.with(ResetStep.StepStatus.FAILED, e.whatAndNext());
      }
      file.change(after);
      journal.record("reset " + step.name().word(), target.stackName(), after.detail());
      if (after.status().failed()) {
        console.warn(
            step.name().word()
                + " failed: "
                + after.detail()
                + ". 'deployctl reset --resume"
                + ownOptions.get()
                + "' goes on from here");
        return;
      }
    }
  }
}
