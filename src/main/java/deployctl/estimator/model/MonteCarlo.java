package deployctl.estimator.model;

import deployctl.estimator.model.WorkPlan.State;
import deployctl.estimator.model.WorkPlan.WorkStep;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Plays what is left of an operation many times: each step takes a time from its distribution,
 * given how long it has run; each begins when those it waits for are done; what is left is the
 * longest chain. The seed is fixed: the same question has the same answer.
 */
public final class MonteCarlo {
  private static final int MOST_ROUNDS = 600;
  private static final int FEWEST_ROUNDS = 150;

  /** So many steps are played in all: with many of them, chance evens out within a round. */
  private static final int STEPS = 60_000;

  private static final long SEED = 20_260_131;

  private final DurationModel model;
  private final Lags lags;

  /**
   * What CloudFormation takes between its resources.
   *
   * @param between seconds from the end of a resource to the beginning of one that waits for it
   * @param atEnd seconds from the end of the last resource to the end of the operation
   * @param released of a resource's time, the share after which others may go on
   */
  public record Lags(double between, double atEnd, double released) {}

  public MonteCarlo(DurationModel model, Lags lags) {
    this.model = model;
    this.lags = lags;
  }

  /**
   * Return the seconds that are left, of each round, rising.
   *
   * @param plans what may have to be done; each is played in turn
   */
  public double[] left(List<WorkPlan> plans) {
    SplittableRandom random = new SplittableRandom(SEED);
    List<Trial> players = plans.stream().map(Trial::new).toList();
    int steps = plans.stream().mapToInt(plan -> plan.steps().size()).max().orElse(1);
    int rounds = Math.max(FEWEST_ROUNDS, Math.min(MOST_ROUNDS, STEPS / Math.max(1, steps)));
    double[] left = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      left[round] = players.get(round % players.size()).play(random);
    }
    Arrays.sort(left);
    return left;
  }

  /** Plays one plan; what does not change from round to round is worked out once. */
  private final class Trial {
    private final WorkStep[] steps;
    private final PredictiveDistribution[] times;
    private final double[] below;
    private final double[] released;
    private final boolean over;

    private Trial(WorkPlan plan) {
      steps = plan.steps().toArray(WorkStep[]::new);
      times = new PredictiveDistribution[steps.length];
      below = new double[steps.length];
      released = new double[steps.length];
      over = plan.over();
      for (int i = 0; i < steps.length; i++) {
        WorkStep step = steps[i];
        if (step.state() != State.DONE) {
          times[i] = model.of(step.logicalId(), step.type(), step.action());
          below[i] = times[i].below(step.elapsed());
        }
      }
    }

    private double play(SplittableRandom random) {
      double end = 0;
      for (int i = 0; i < steps.length; i++) {
        WorkStep step = steps[i];
        if (step.state() == State.DONE) {
          continue;
        }
        double length;
        double start = 0;
        if (step.state() == State.RUNNING) {
          length = times[i].left(step.elapsed(), below[i], random.nextDouble());
          double all = step.elapsed() + length;
          released[i] = step.released() ? 0 : Math.max(0, lags.released() * all - step.elapsed());
        } else {
          length = times[i].quantile(random.nextDouble());
          boolean waits = false;
          for (int other : step.after()) {
            if (steps[other].state() != State.DONE) {
              start = Math.max(start, released[other]);
              waits = true;
            }
          }
          start += waits ? lags.between() : 0;
          released[i] = start + lags.released() * length;
        }
        end = Math.max(end, start + length);
      }
      return over ? lags.atEnd() / 2 : end + lags.atEnd();
    }
  }
}
