package deployctl.diagnose.ecs;

import deployctl.aws.EcsTask;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.rules.Rule;
import deployctl.diagnose.rules.RuleField;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why one task stopped.
 *
 * @param rule what AWS's words mean, or null when no rule knows them
 * @param message AWS's words that decide
 * @param container the container concerned, or null for the task as a whole
 */
record TaskStopCause(
    EcsTask task, @Nullable Rule rule, String message, EcsTask.@Nullable TaskContainer container) {

  /** Tell whether it is an answer, rather than a symptom or unknown. */
  boolean answer() {
    return code() != null && rule != null && rule.kind() != Rule.RuleKind.SYMPTOM;
  }

  @Nullable FindingCode code() {
    return rule == null ? null : rule.code();
  }

  /**
   * Classify why a task stopped.
   *
   * <p>The stop code comes before any text: ECS and people stop good tasks all the time, and only a
   * failed health check makes such a stop a failure.
   *
   * @return empty when it stopped as it should
   */
  static Optional<TaskStopCause> of(DiagnosisRun run, EcsTask task) {
    boolean byEcs =
        task.stopCode().equals("ServiceSchedulerInitiated")
            || task.stopCode().equals("UserInitiated");
    List<TaskStopCause> seen = new ArrayList<>();
    for (EcsTask.TaskContainer container : task.containers()) {
      if (!container.reason().isBlank()) {
        seen.add(classified(run, task, RuleField.TASK, container.reason(), container));
      }
    }
    if (!task.stoppedReason().isBlank()) {
      seen.add(classified(run, task, RuleField.TASK, task.stoppedReason(), null));
    }
    if (byEcs) {
      return seen.stream()
          .filter(stop -> stop.code() == FindingCode.HEALTH_CHECK_FAILED)
          .findFirst();
    }
    for (EcsTask.TaskContainer container : task.containers()) {
      Integer exit = container.exitCode();
      if (exit != null && exit != 0) {
        seen.add(classified(run, task, RuleField.EXIT_CODE, exit.toString(), container));
      }
    }
    boolean onPurpose =
        !task.stoppedReason().isBlank()
            && run.match(RuleField.TASK, task.stoppedReason())
                .map(rule -> rule.kind() == Rule.RuleKind.NOISE)
                .orElse(false);
    Optional<TaskStopCause> answer = seen.stream().filter(v -> v.answer() && cause(v)).findFirst();
    if (answer.isPresent()) {
      return answer;
    }
    if (onPurpose) {
      return Optional.empty();
    }
    // What was ended by force or on request ended after another had failed.
    Optional<TaskStopCause> byItself =
        seen.stream()
            .filter(v -> cause(v) && v.container() != null && !ended(v.container()))
            .findFirst();
    if (byItself.isPresent()) {
      return byItself;
    }
    // An exit code names the container, which the reason of the task does not.
    return seen.stream()
        .filter(v -> cause(v) && v.container() != null)
        .findFirst()
        .or(() -> seen.stream().filter(v -> v.rule() == null).findFirst())
        .or(() -> seen.stream().filter(TaskStopCause::cause).findFirst());
  }

  private static boolean ended(EcsTask.TaskContainer container) {
    Integer exit = container.exitCode();
    return exit != null && (exit == 137 || exit == 143);
  }

  private static boolean cause(TaskStopCause stop) {
    return stop.rule() != null && stop.rule().kind().cause();
  }

  private static TaskStopCause classified(
      DiagnosisRun run,
      EcsTask task,
      RuleField field,
      String message,
      EcsTask.@Nullable TaskContainer container) {
    Rule rule = run.match(field, message).orElse(null);
    return new TaskStopCause(task, rule, message, container);
  }
}
