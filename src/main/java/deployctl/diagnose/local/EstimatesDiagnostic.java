package deployctl.diagnose.local;

import deployctl.cli.ProgramSettings;
import deployctl.diagnose.check.CheckResult;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.check.Diagnostic;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.finding.Remediation;
import deployctl.estimator.Backtest;
import deployctl.estimator.history.Collector;
import deployctl.estimator.history.History;
import deployctl.state.DocumentStore;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.text.Shell;
import deployctl.support.time.Durations;
import deployctl.support.time.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code diagnose estimates}: what estimates rest on, and how wrong they were. */
public final class EstimatesDiagnostic implements Diagnostic {
  /** The runbook: an estimate that is off by half is no estimate. */
  private static final double WAY_OFF = 0.5;

  @Override
  public void examine(DiagnosisRun run) {
    run.subjectRead();
    String place = run.context().history().get().location();
    Optional<DocumentStore.Document> document;
    try {
      document = run.context().historyStore().get().read();
    } catch (deployctl.registry.RegistryUnavailable e) {
      run.checks().tell("history", CheckResult.fail(e.what()));
      run.add(corrupt(run, place, e.what()));
      return;
    }
    if (document.isEmpty()) {
      run.checks().tell("history", CheckResult.fail("there is no " + place));
      run.add(none(run, place, "file: no " + place));
      return;
    }
    History history;
    try {
      history = History.of(Json.parseObject(document.get().content()));
    } catch (JsonException e) {
      run.checks().tell("history", CheckResult.fail("damaged: " + e.getMessage()));
      run.add(corrupt(run, place, String.valueOf(e.getMessage())));
      return;
    }
    examine(run, place, history);
  }

  private static void examine(DiagnosisRun run, String place, History history) {
    int count = history.entries().size();
    run.checks().tell("history", CheckResult.of(count > 0, count + " deployments in " + place));
    implausible(run, place, history);
    if (count == 0) {
      run.add(none(run, place, "file: " + place + " holds no deployment"));
      return;
    }
    age(run, place, history);
    accuracy(run, history);
  }

  private static void implausible(DiagnosisRun run, String place, History history) {
    Map<String, Double> odd = history.implausibleAverages();
    run.checks()
        .tell(
            "averages",
            CheckResult.of(
                odd.isEmpty(),
                odd.isEmpty() ? "plausible" : "implausible: " + String.join(", ", odd.keySet())));
    if (odd.isEmpty()) {
      return;
    }
    List<String> commands =
        new java.util.ArrayList<>(
            odd.keySet().stream()
                .map(
                    type ->
                        run.own(
                            "estimator set "
                                + Shell.quote(type)
                                + " "
                                + seconds(odd.getOrDefault(type, 0.0))))
                .toList());
    commands.add(collectCommand(run));
    run.add(
        Finding.cause(
            FindingCode.RESOURCE_AVERAGE_IMPLAUSIBLE,
            "Averages look like minutes where seconds are meant",
            odd.entrySet().stream()
                .map(e -> place + ": " + e.getKey() + " = " + e.getValue() + " s")
                .toList(),
            odd.keySet().iterator().next(),
            Remediation.of("Set them in seconds, or collect anew", commands)
                .automatically(
                    "Collect the history anew from CloudFormation?", () -> collect(run))));
  }

  /** What was written in minutes by the old script, in seconds. */
  private static long seconds(double minutes) {
    return Math.max(1, Math.round(minutes * 60));
  }

  private static void age(DiagnosisRun run, String place, History history) {
    Duration most = run.context().settings().duration(ProgramSettings.HISTORY_AGE, null);
    Instant updated = history.lastUpdated();
    if (updated == null) {
      run.checks().tell("age", CheckResult.skipped("the file does not say when it was updated"));
      return;
    }
    Duration age = Duration.between(updated, run.now());
    boolean old = age.compareTo(most) > 0;
    run.checks().tell("age", CheckResult.of(!old, "updated " + Durations.humane(age) + " ago"));
    if (old) {
      run.add(
          Finding.cause(
              FindingCode.HISTORY_OUTDATED,
              "The history was last updated " + Durations.humane(age) + " ago",
              List.of(place + ": last_updated " + Timestamps.format(updated)),
              place,
              collectRemedy(run, "Collect what CloudFormation remembers of later deployments")));
    }
  }

  private static void accuracy(DiagnosisRun run, History history) {
    List<Backtest.BacktestRow> rows = Backtest.of(history, run.target().stackName());
    if (rows.isEmpty()) {
      run.checks()
          .tell(
              "accuracy",
              CheckResult.skipped(
                  "too few deployments with their resources' times to be replayed"));
      simple(run, history);
      return;
    }
    Backtest.BacktestRow worst =
        rows.stream()
            .max(java.util.Comparator.comparingDouble(Backtest.BacktestRow::error))
            .orElse(rows.get(0));
    boolean off = worst.error() > WAY_OFF;
    String words =
        "past estimates were off by "
            + Math.round(worst.error() * 100)
            + " % of a deployment in the median, at "
            + Math.round(worst.progress() * 100)
            + " % of its time ("
            + worst.asked()
            + " deployments)";
    run.checks().tell("accuracy", CheckResult.of(!off, words));
    if (off) {
      run.add(inaccurate(run, words));
    }
  }

  /** Without the resources' times: how far the average that is stated is from what was seen. */
  private static void simple(DiagnosisRun run, History history) {
    List<Double> minutes =
        history.entries().stream()
            .filter(
                entry ->
                    entry.string("stack_name") == null
                        || run.target().stackName().equals(entry.string("stack_name")))
            .filter(
                entry ->
                    entry.string("status") == null || "SUCCEEDED".equals(entry.string("status")))
            .map(entry -> entry.get("duration_minutes"))
            .filter(Number.class::isInstance)
            .map(value -> ((Number) value).doubleValue())
            .filter(value -> value > 0)
            .toList();
    Double average = history.averageMinutes();
    if (minutes.size() < 3 || average == null) {
      return;
    }
    double[] errors =
        minutes.stream().mapToDouble(m -> Math.abs(average - m) / m).sorted().toArray();
    double median = errors[errors.length / 2];
    if (median > WAY_OFF) {
      run.add(
          inaccurate(
              run,
              "average_deployment_minutes is "
                  + average
                  + ", which is off by "
                  + Math.round(median * 100)
                  + " % in the median of "
                  + minutes.size()
                  + " deployments"));
    }
  }

  private static Finding inaccurate(DiagnosisRun run, String words) {
    return Finding.cause(
        FindingCode.ESTIMATES_INACCURATE,
        "Estimates are off by more than half",
        List.of("backtest: " + words),
        run.target().stackName(),
        collectRemedy(
            run, "Collect anew; if that does not help, forget what was learned and collect"));
  }

  private static Finding none(DiagnosisRun run, String place, String evidence) {
    return Finding.cause(
        FindingCode.NO_HISTORY,
        "Nothing is known of past deployments",
        List.of(evidence),
        place,
        collectRemedy(run, "Collect what CloudFormation remembers"));
  }

  private static Finding corrupt(DiagnosisRun run, String place, String why) {
    return Finding.cause(
        FindingCode.HISTORY_CORRUPT,
        "The history is damaged",
        List.of("file: " + place + ": " + DiagnosisRun.quoted(why)),
        place,
        collectRemedy(run, "Collect anew; the damaged file is kept"));
  }

  private static Remediation collectRemedy(DiagnosisRun run, String words) {
    return Remediation.of(words, collectCommand(run), run.own("estimator backtest"))
        .automatically(
            "Collect the history of " + run.target().stackName() + " from CloudFormation?",
            () -> collect(run));
  }

  private static String collectCommand(DiagnosisRun run) {
    return run.own("estimator collect " + Shell.quote(run.target().stackName()));
  }

  private static String collect(DiagnosisRun run) {
    Collector.Collected collected =
        new Collector(
                run.context().cloud().get().stacks().get(),
                run.context().history().get(),
                run.context().quietRegistry().get(),
                run.context().time())
            .collect(run.target().stackName());
    return collected.found() + " deployments found, " + collected.added() + " of them new";
  }
}
