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
import deployctl.estimator.history.HistoryFile;
import deployctl.registry.Registry;
import deployctl.state.StateDocument;
import deployctl.state.StateObject;
import deployctl.support.config.Settings;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.text.Shell;
import deployctl.support.time.Durations;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code diagnose estimates}: what estimates rest on, and how wrong they were. */
public final class EstimatesDiagnostic implements Diagnostic {
  /** The runbook: an estimate that is off by half is no estimate. */
  private static final double WAY_OFF = 0.5;

  private final Supplier<HistoryFile> history;
  private final Supplier<StateDocument> document;
  private final Supplier<Registry> registry;
  private final Settings settings;
  private final Time time;

  /** Make it; {@code document} is what the history is kept in. */
  public EstimatesDiagnostic(
      Supplier<HistoryFile> history,
      Supplier<StateDocument> document,
      Supplier<Registry> registry,
      Settings settings,
      Time time) {
    this.history = history;
    this.document = document;
    this.registry = registry;
    this.settings = settings;
    this.time = time;
  }

  @Override
  public String name() {
    return "estimates";
  }

  @Override
  public String summary() {
    return "Why estimates are wrong.";
  }

  @Override
  public int order() {
    return 7;
  }

  @Override
  public void inspect(DiagnosisRun run) {
    run.subjectRead();
    String location = history.get().location();
    Optional<StateObject> kept;
    try {
      kept = document.get().read();
    } catch (deployctl.state.StateUnavailable e) {
      run.checks().tell("history", CheckResult.fail(e.what()));
      run.add(corrupt(run, location, e.what()));
      return;
    }
    if (kept.isEmpty()) {
      run.checks().tell("history", CheckResult.fail("there is no " + location));
      run.add(none(run, location, "file: no " + location));
      return;
    }
    History known;
    try {
      known = History.of(Json.parseObject(kept.get().content()));
    } catch (JsonException e) {
      run.checks().tell("history", CheckResult.fail("damaged: " + e.getMessage()));
      run.add(corrupt(run, location, String.valueOf(e.getMessage())));
      return;
    }
    inspect(run, location, known);
  }

  private void inspect(DiagnosisRun run, String location, History history) {
    int count = history.entries().size();
    run.checks().tell("history", CheckResult.of(count > 0, count + " deployments in " + location));
    implausible(run, location, history);
    if (count == 0) {
      run.add(none(run, location, "file: " + location + " holds no deployment"));
      return;
    }
    age(run, location, history);
    accuracy(run, history);
  }

  private void implausible(DiagnosisRun run, String location, History history) {
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
                .map(e -> location + ": " + e.getKey() + " = " + e.getValue() + " s")
                .toList(),
            odd.keySet().iterator().next(),
            Remediation.of("Set them in seconds, or collect anew", commands)
                .automatically(
                    "Collect the history anew from CloudFormation?", () -> collect(run))));
  }

  /** What was written in minutes by the old script, in seconds. */
  private long seconds(double minutes) {
    return Math.max(1, Math.round(minutes * 60));
  }

  private void age(DiagnosisRun run, String location, History history) {
    Duration most = settings.duration(ProgramSettings.HISTORY_AGE, null);
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
              List.of(location + ": last_updated " + Timestamps.format(updated)),
              location,
              collectRemediation(
                  run, "Collect what CloudFormation remembers of later deployments")));
    }
  }

  private void accuracy(DiagnosisRun run, History history) {
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
    String message =
        "past estimates were off by "
            + Math.round(worst.error() * 100)
            + " % of a deployment in the median, at "
            + Math.round(worst.progress() * 100)
            + " % of its time ("
            + worst.asked()
            + " deployments)";
    run.checks().tell("accuracy", CheckResult.of(!off, message));
    if (off) {
      run.add(inaccurate(run, message));
    }
  }

  /** Without the resources' times: how far the average that is stated is from what was seen. */
  private void simple(DiagnosisRun run, History history) {
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

  private Finding inaccurate(DiagnosisRun run, String message) {
    return Finding.cause(
        FindingCode.ESTIMATES_INACCURATE,
        "Estimates are off by more than half",
        List.of("backtest: " + message),
        run.target().stackName(),
        collectRemediation(
            run, "Collect anew; if that does not help, forget what was learned and collect"));
  }

  private Finding none(DiagnosisRun run, String location, String evidence) {
    return Finding.cause(
        FindingCode.NO_HISTORY,
        "Nothing is known of past deployments",
        List.of(evidence),
        location,
        collectRemediation(run, "Collect what CloudFormation remembers"));
  }

  private Finding corrupt(DiagnosisRun run, String location, String why) {
    return Finding.cause(
        FindingCode.HISTORY_CORRUPT,
        "The history is damaged",
        List.of("file: " + location + ": " + DiagnosisRun.quoted(why)),
        location,
        collectRemediation(run, "Collect anew; the damaged file is kept"));
  }

  private Remediation collectRemediation(DiagnosisRun run, String message) {
    return Remediation.of(message, collectCommand(run), run.own("estimator backtest"))
        .automatically(
            "Collect the history of " + run.target().stackName() + " from CloudFormation?",
            () -> collect(run));
  }

  private String collectCommand(DiagnosisRun run) {
    return run.own("estimator collect " + Shell.quote(run.target().stackName()));
  }

  private String collect(DiagnosisRun run) {
    Collector.Collected collected =
        new Collector(run.gateways().stacks().get(), history.get(), registry.get(), time)
            .collect(run.target().stackName());
    return collected.found() + " deployments found, " + collected.added() + " of them new";
  }
}
