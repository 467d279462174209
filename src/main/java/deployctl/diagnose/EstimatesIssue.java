package deployctl.diagnose;

import deployctl.cli.ProgramSettings;
import deployctl.estimator.Backtest;
import deployctl.estimator.Collector;
import deployctl.estimator.History;
import deployctl.registry.DocumentStore;
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
final class EstimatesIssue implements Issue {
  /** The runbook: an estimate that is off by half is no estimate. */
  private static final double WAY_OFF = 0.5;

  @Override
  public void examine(Examination run) {
    run.subjectRead();
    String place = run.context().history().get().location();
    Optional<DocumentStore.Document> document;
    try {
      document = run.context().historyStore().get().read();
    } catch (deployctl.registry.RegistryUnavailable e) {
      run.checks().tell("history", Seen.fail(e.what()));
      run.add(corrupt(run, place, e.what()));
      return;
    }
    if (document.isEmpty()) {
      run.checks().tell("history", Seen.fail("there is no " + place));
      run.add(none(run, place, "file: no " + place));
      return;
    }
    History history;
    try {
      history = History.of(Json.parseObject(document.get().content()));
    } catch (JsonException e) {
      run.checks().tell("history", Seen.fail("damaged: " + e.getMessage()));
      run.add(corrupt(run, place, String.valueOf(e.getMessage())));
      return;
    }
    examine(run, place, history);
  }

  private static void examine(Examination run, String place, History history) {
    int count = history.entries().size();
    run.checks().tell("history", Seen.of(count > 0, count + " deployments in " + place));
    implausible(run, place, history);
    if (count == 0) {
      run.add(none(run, place, "file: " + place + " holds no deployment"));
      return;
    }
    age(run, place, history);
    accuracy(run, history);
  }

  private static void implausible(Examination run, String place, History history) {
    Map<String, Double> odd = history.implausibleAverages();
    run.checks()
        .tell(
            "averages",
            Seen.of(
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
            Remedy.of("Set them in seconds, or collect anew", commands)
                .automatically(
                    "Collect the history anew from CloudFormation?", () -> collect(run))));
  }

  /** What was written in minutes by the old script, in seconds. */
  private static long seconds(double minutes) {
    return Math.max(1, Math.round(minutes * 60));
  }

  private static void age(Examination run, String place, History history) {
    Duration most = run.context().settings().duration(ProgramSettings.HISTORY_AGE, null);
    Instant updated = history.lastUpdated();
    if (updated == null) {
      run.checks().tell("age", Seen.skipped("the file does not say when it was updated"));
      return;
    }
    Duration age = Duration.between(updated, run.now());
    boolean old = age.compareTo(most) > 0;
    run.checks().tell("age", Seen.of(!old, "updated " + Durations.humane(age) + " ago"));
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

  private static void accuracy(Examination run, History history) {
    List<Backtest.Row> rows = Backtest.of(history, run.target().stackName());
    if (rows.isEmpty()) {
      run.checks()
          .tell(
              "accuracy",
              Seen.skipped("too few deployments with their resources' times to be replayed"));
      simple(run, history);
      return;
    }
    Backtest.Row worst =
        rows.stream()
            .max(java.util.Comparator.comparingDouble(Backtest.Row::error))
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
    run.checks().tell("accuracy", Seen.of(!off, words));
    if (off) {
      run.add(inaccurate(run, words));
    }
  }

  /** Without the resources' times: how far the average that is stated is from what was seen. */
  private static void simple(Examination run, History history) {
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

  private static Finding inaccurate(Examination run, String words) {
    return Finding.cause(
        FindingCode.ESTIMATES_INACCURATE,
        "Estimates are off by more than half",
        List.of("backtest: " + words),
        run.target().stackName(),
        collectRemedy(
            run, "Collect anew; if that does not help, forget what was learned and collect"));
  }

  private static Finding none(Examination run, String place, String evidence) {
    return Finding.cause(
        FindingCode.NO_HISTORY,
        "Nothing is known of past deployments",
        List.of(evidence),
        place,
        collectRemedy(run, "Collect what CloudFormation remembers"));
  }

  private static Finding corrupt(Examination run, String place, String why) {
    return Finding.cause(
        FindingCode.HISTORY_CORRUPT,
        "The history is damaged",
        List.of("file: " + place + ": " + Examination.quoted(why)),
        place,
        collectRemedy(run, "Collect anew; the damaged file is kept"));
  }

  private static Remedy collectRemedy(Examination run, String words) {
    return Remedy.of(words, collectCommand(run), run.own("estimator backtest"))
        .automatically(
            "Collect the history of " + run.target().stackName() + " from CloudFormation?",
            () -> collect(run));
  }

  private static String collectCommand(Examination run) {
    return run.own("estimator collect " + Shell.quote(run.target().stackName()));
  }

  private static String collect(Examination run) {
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
