package deployctl.estimator;

import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.estimator.SimulatedWorld.SimulatedDeployment;
import deployctl.estimator.history.DurationPriors;
import deployctl.estimator.history.History;
import deployctl.estimator.history.RunningStats;
import deployctl.operation.ExpectedChanges;
import deployctl.operation.ObservedOperation;
import deployctl.operation.OperationSplitter;
import deployctl.operation.StackOperation.OperationKind;
import deployctl.testing.ScriptedOperation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * E1 to E3 and E5 on simulated deployments, replayed in time order: each is estimated from those
 * before it alone. Prints the table that the documentation quotes.
 */
class CorpusTest {
  private static final int DEPLOYMENTS = 40;
  private static final double[] PROGRESS = {0, 0.25, 0.5, 0.75};

  /** Errors, in shares of the total, and how often the interval held. */
  private static final class Score {
    private final List<Double> ours = new ArrayList<>();
    private final List<Double> oracle = new ArrayList<>();
    private final List<Double> mean = new ArrayList<>();
    private final List<Double> sum = new ArrayList<>();
    private int held;
    private int asked;

    private static double median(List<Double> values) {
      return values.stream().sorted().toList().get(values.size() / 2);
    }

    private double coverage() {
      return (double) held / asked;
    }
  }

  private final Score[] warm = {new Score(), new Score(), new Score(), new Score()};
  private final Score cold = new Score();
  private final Score late = new Score();

  private void replay(SimulatedWorld world) {
    History history = History.empty();
    Random chance = new Random(world.name.hashCode());
    List<Double> totals = new ArrayList<>();
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    for (int i = 0; i < DEPLOYMENTS; i++) {
      SimulatedDeployment deployment = world.deploy(start);
      for (int p = 0; p < PROGRESS.length; p++) {
        double now = Math.floor(deployment.total() * PROGRESS[p]);
        ask(world, history, deployment, now, p, i, totals, chance);
      }
      history.add(
          OperationSplitter.single(world.events(deployment, 1e9)).orElseThrow(), null, null, null);
      history = History.of(history.toJson(start));
      totals.add(deployment.total());
      start = start.plus(Duration.ofDays(1));
    }
  }

  private void ask(
      SimulatedWorld world,
      History history,
      SimulatedDeployment deployment,
      double now,
      int p,
      int seen,
      List<Double> totals,
      Random chance) {
    OperationKind kind =
        deployment.action().equals("CREATE") ? OperationKind.CREATE : OperationKind.UPDATE;
    ObservedOperation subject =
        new ObservedOperation(
            world.name,
            ScriptedOperation.arn(world.name),
            kind,
            p == 0 ? null : world.operation(deployment, now),
            new ExpectedChanges(
                null,
                world.template(),
                kind == OperationKind.UPDATE ? List.copyOf(deployment.times().keySet()) : null),
            deployment.start().plusMillis(Math.round(now * 1_000)));
    Estimate estimate = new Estimator(history).estimate(subject, 0.8);
    double truth = deployment.total() - now;
    double ours = estimate.left().toMillis() / 1_000.0;
    boolean held =
        truth >= estimate.interval().low().toMillis() / 1_000.0 - 0.5
            && truth <= estimate.interval().high().toMillis() / 1_000.0 + 0.5;
    List<Score> scores = new ArrayList<>();
    if (seen < 3) {
      scores.add(cold);
    } else {
      scores.add(warm[p]);
      if (p > 0) {
        scores.add(late);
      }
    }
    double oracle = world.oracle(deployment, now, chance);
    double mean =
        totals.isEmpty()
            ? 25 * 60
            : totals.subList(Math.max(0, totals.size() - 3), totals.size()).stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(0);
    double pending = sumOfAverages(world, history, deployment, now);
    for (Score score : scores) {
      score.ours.add(Math.abs(ours - truth) / deployment.total());
      score.oracle.add(Math.abs(oracle - truth) / deployment.total());
      score.mean.add(Math.abs(Math.max(0, mean - now) - truth) / deployment.total());
      score.sum.add(Math.abs(pending - truth) / deployment.total());
      score.held += held ? 1 : 0;
      score.asked++;
    }
  }

  /** What the old script does: the averages of everything that is not done, added up. */
  private static double sumOfAverages(
      SimulatedWorld world, History history, SimulatedDeployment deployment, double now) {
    double sum = 0;
    for (var entry : deployment.times().entrySet()) {
      if (entry.getValue()[0] + entry.getValue()[1] > now) {
        String type = world.resources.get(entry.getKey()).type();
        RunningStats stats = history.ofAccount(type, deployment.action());
        sum +=
            stats.count() == 0
                ? DurationPriors.of(type, deployment.action()).median()
                : Math.exp(stats.mean());
      }
    }
    return sum;
  }

  private static void print(String name, Score score) {
    System.out.printf(
        Locale.ROOT,
        "%-22s %5d   %5.1f %%  %5.1f %%  %5.1f %%  %5.1f %%   %5.1f %%%n",
        name,
        score.asked,
        100 * Score.median(score.ours),
        100 * Score.median(score.oracle),
        100 * Score.median(score.mean),
        100 * Score.median(score.sum),
        100 * score.coverage());
  }

  @Test
  void estimatesAreNearTheOracleAndTheirIntervalsAreHonest() {
    SimulatedWorld.corpus().forEach(this::replay);
    System.out.println("E1, E2: median error of the time left, as a share of the total");
    System.out.println(
        "                       asked     ours   oracle  mean-of-3  sum    80 % holds");
    for (int p = 0; p < PROGRESS.length; p++) {
      print("at " + Math.round(100 * PROGRESS[p]) + " %, 3 runs or more", warm[p]);
    }
    print("from 25 % on", late);
    print("fewer than 3 runs", cold);
    double ours = Score.median(late.ours);
    assertTrue(ours <= 1.15 * Score.median(late.oracle), "within 15 % of the oracle");
    assertTrue(ours < Score.median(late.mean), "below the mean of the last three");
    assertTrue(ours < Score.median(late.sum) / 3, "under a third of the sum of averages");
    assertTrue(late.coverage() >= 0.75 && late.coverage() <= 0.85, "coverage " + late.coverage());
    assertTrue(warm[0].coverage() >= 0.75, "before the start " + warm[0].coverage());
    assertTrue(cold.coverage() >= 0.6, "cold start " + cold.coverage());
  }
}
