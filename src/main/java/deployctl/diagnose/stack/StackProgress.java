package deployctl.diagnose.stack;

import deployctl.aws.cloudformation.Stack;
import deployctl.cli.ProgramSettings;
import deployctl.diagnose.check.Check;
import deployctl.diagnose.check.CheckResult;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.rules.Rule;
import deployctl.diagnose.rules.RuleField;
import deployctl.estimator.Estimator;
import deployctl.estimator.history.HistoryFile;
import deployctl.operation.ResourceRun;
import deployctl.operation.SlowResources;
import deployctl.operation.StackOperation;
import deployctl.support.config.Settings;
import deployctl.support.time.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Whether a stack that is in progress gets on. */
final class StackProgress {
  /** Without past runs, what takes longer than this and is none of the slow ones is stuck. */
  private static final Duration UNKNOWN_BOUND = Duration.ofMinutes(15);

  /** With past runs, twice what nine of ten stay below, and not before this. */
  private static final Duration LEAST = Duration.ofMinutes(5);

  private final DiagnosisRun run;
  private final Stack stack;
  private final StackOperation operation;
  private final StackRootCause rootCauses;
  private final StackRemediations remediations;
  private final HistoryFile history;
  private final Settings settings;

  StackProgress(
      DiagnosisRun run,
      Stack stack,
      StackOperation operation,
      StackRootCause rootCauses,
      HistoryFile history,
      Settings settings) {
    this.history = history;
    this.settings = settings;
    this.run = run;
    this.stack = stack;
    this.operation = operation;
    this.rootCauses = rootCauses;
    this.remediations = new StackRemediations(run, stack);
  }

  void inspect() {
    Instant now = run.now();
    List<ResourceRun> running = operation.inProgress(now);
    List<ResourceRun> pending = SlowResources.leaves(running);
    Estimator estimator = new Estimator(history.read());
    List<String> explained = new ArrayList<>();
    for (ResourceRun one : pending) {
      List<Finding> below = rootCauses.below(one);
      below.forEach(run::add);
      if (below.stream().anyMatch(Finding::problem)) {
        explained.add(one.logicalId());
      }
    }
    List<ResourceRun> stuck =
        pending.stream()
            .filter(one -> !explained.contains(one.logicalId()) && stuck(one, estimator))
            .toList();
    stuck.forEach(one -> run.add(stuckFinding(one, estimator)));
    run.checks()
        .tell(
            "resources",
            new CheckResult(
                stuck.isEmpty() && explained.isEmpty()
                    ? Check.CheckStatus.PASS
                    : Check.CheckStatus.FAIL,
                pending.isEmpty() ? "nothing is in progress" : inProgress(pending, estimator)));
    silence(pending);
    length();
  }

  private boolean waits(ResourceRun one) {
    String reason = one.reason();
    return reason != null
        && run.match(RuleField.STACK_EVENT, reason)
            .map(rule -> rule.kind() == Rule.RuleKind.WAIT)
            .orElse(false);
  }

  private boolean stuck(ResourceRun one, Estimator estimator) {
    return one.elapsed(run.now()).compareTo(bound(one, estimator)) > 0;
  }

  private Duration bound(ResourceRun one, Estimator estimator) {
    Duration slow = SlowResources.longest(one);
    if (slow != null || waits(one)) {
      return slow == null ? Duration.ofMinutes(45) : slow;
    }
    Estimator.Usual usual = usual(one, estimator);
    if (usual.runs() >= 2) {
      Duration bound = usual.ninety().multipliedBy(2);
      return bound.compareTo(LEAST) < 0 ? LEAST : bound;
    }
    return UNKNOWN_BOUND;
  }

  private Estimator.Usual usual(ResourceRun one, Estimator estimator) {
    int end = one.status().indexOf('_');
    return estimator.usual(
        stack.name(),
        one.logicalId(),
        one.type(),
        end < 0 ? one.status() : one.status().substring(0, end));
  }

  private Finding stuckFinding(ResourceRun one, Estimator estimator) {
    Duration elapsed = one.elapsed(run.now());
    List<String> evidence = new ArrayList<>();
    evidence.add(
        one.logicalId()
            + " ("
            + one.type()
            + ") is "
            + one.status()
            + " for "
            + Durations.humane(elapsed)
            + "; "
            + usually(one, estimator));
    if (one.reason() != null && !one.reason().isBlank()) {
      evidence.add("CloudFormation: " + DiagnosisRun.quoted(one.reason()));
    }
    if (one.physicalId() != null && !one.physicalId().isEmpty()) {
      evidence.add("physical id: " + DiagnosisRun.quoted(one.physicalId()));
    }
    return Finding.cause(
        FindingCode.RESOURCE_STUCK,
        one.logicalId()
            + " ("
            + one.type()
            + ") has taken "
            + Durations.humane(elapsed)
            + ", far longer than usual",
        evidence,
        one.logicalId(),
        remediations.end("Wait 10 more minutes and look at the resource itself"));
  }

  private String usually(ResourceRun one, Estimator estimator) {
    Estimator.Usual usual = usual(one, estimator);
    return "usually "
        + Durations.humane(usual.median())
        + (usual.runs() == 0
            ? " (a typical value; no runs seen yet)"
            : " (" + usual.runs() + (usual.runs() == 1 ? " run)" : " runs)"));
  }

  private String inProgress(List<ResourceRun> pending, Estimator estimator) {
    List<String> message = new ArrayList<>();
    for (ResourceRun one : pending.subList(0, Math.min(3, pending.size()))) {
      message.add(
          one.logicalId()
              + " for "
              + Durations.humane(one.elapsed(run.now()))
              + ", "
              + usually(one, estimator));
    }
    return "in progress: "
        + String.join("; ", message)
        + (pending.size() > 3 ? "; and " + (pending.size() - 3) + " more" : "");
  }

  private void silence(List<ResourceRun> pending) {
    Instant last = operation.lastEventAt();
    Duration threshold = settings.duration(ProgramSettings.STALL_THRESHOLD, null);
    Duration silence = last == null ? Duration.ZERO : Duration.between(last, run.now());
    boolean patient =
        SlowResources.allWithinBounds(pending, run.now())
            || !pending.isEmpty() && pending.stream().allMatch(this::waits);
    boolean stalled = silence.compareTo(threshold) >= 0 && !patient;
    String message =
        last == null
            ? "no event was seen"
            : "the last event was " + Durations.humane(silence) + " ago";
    run.checks()
        .tell(
            "last event",
            CheckResult.of(
                !stalled,
                message
                    + (patient && silence.compareTo(threshold) >= 0
                        ? "; what runs is slow by nature"
                        : "")));
    if (stalled) {
      run.add(
          Finding.cause(
                  FindingCode.STACK_STALLED,
                  stack.name() + " has told nothing for " + Durations.humane(silence),
                  List.of(message + ", and a stall counts from " + Durations.humane(threshold)),
                  stack.name(),
                  remediations.end("Look at what is in progress above"))
              .at(Finding.FindingRole.CONSEQUENCE));
    }
  }

  private void length() {
    Instant start = operation.startedAt();
    Duration most = settings.duration(ProgramSettings.MAX_DURATION, null);
    Duration elapsed = start == null ? Duration.ZERO : Duration.between(start, run.now());
    boolean overdue = elapsed.compareTo(most) > 0;
    run.checks()
        .tell(
            "duration",
            CheckResult.of(
                !overdue,
                "in progress for "
                    + Durations.humane(elapsed)
                    + ", "
                    + Durations.humane(most)
                    + " allowed"));
    if (overdue) {
      run.add(
          Finding.cause(
                  FindingCode.STACK_OVERDUE,
                  stack.name()
                      + " has been "
                      + stack.status()
                      + " for "
                      + Durations.humane(elapsed),
                  List.of(
                      "it may take "
                          + Durations.humane(most)
                          + " (monitor.max_duration, MAX_DURATION)"),
                  stack.name(),
                  remediations.end("See what holds it up above"))
              .at(Finding.FindingRole.CONSEQUENCE));
    }
  }
}
