package deployctl.estimator.model;

import deployctl.estimator.history.DurationPriors;
import deployctl.estimator.history.History;
import deployctl.estimator.history.RunningStats;
import java.util.HashMap;
import java.util.Map;

/**
 * How long a resource takes, from what was seen of it, of its type in this stack, of its type in
 * the account, and of what is typical, each mixed in by how much was seen.
 *
 * <p>The model of random effects (Gelman et al., "Bayesian Data Analysis", chapter 5) for the
 * logarithm of the seconds: each resource has a middle of its own around that of its type, and its
 * runs scatter around its own middle. Few runs lean on the type, many stand for themselves.
 */
public final class DurationModel {
  /** How much the typical middle counts, in resources. */
  private static final double TYPICAL_WEIGHT = 0.5;

  /** How much other stacks may count at most, in resources. */
  private static final double ACCOUNT_WEIGHT = 3;

  /** Of the spread that is typical between all systems, the part from one run to the next. */
  private static final double WITHIN = 0.45;

  /** How much the typical scatter counts, in degrees of freedom. */
  private static final double WITHIN_FREEDOM = 2;

  /** How much the scatter of the type counts for one resource, at most. */
  private static final double SHARED_FREEDOM = 8;

  /** A scatter below that is luck. */
  private static final double SMALLEST = 0.03;

  /** What is known of a type and an action in the stack. */
  private record DurationKind(
      double center, double within, double between, double freedom, double resources) {}

  private final History history;
  private final String stack;
  private final Map<String, DurationKind> kinds = new HashMap<>();

  public DurationModel(History history, String stack) {
    this.history = history;
    this.stack = stack;
  }

  /** Return what the next run of a resource may take. */
  public PredictiveDistribution of(String logicalId, String type, String action) {
    DurationKind kind = kinds.computeIfAbsent(type + "|" + action, key -> kind(type, action));
    RunningStats own = history.ofResource(stack, logicalId, action);
    double lean = kind.within * kind.within / (kind.between * kind.between);
    double center = (lean * kind.center + own.count() * own.mean()) / (lean + own.count());
    double shared = Math.min(SHARED_FREEDOM, kind.freedom);
    double freedom = shared + Math.max(0, own.count() - 1);
    double within = Math.sqrt((shared * kind.within * kind.within + own.squares()) / freedom);
    // The middle itself is only known so well.
    double scale = Math.sqrt(within * within * (1 + 1 / (lean + own.count())));
    return new PredictiveDistribution(center, Math.max(SMALLEST, scale), freedom, own.count());
  }

  /** Tell whether a resource's time rests on typical values alone. */
  public boolean onlyTypical(String logicalId, String type, String action) {
    return history.ofResource(stack, logicalId, action).count() == 0
        && history.ofType(stack, type, action).isEmpty()
        && history.ofAccount(type, action).count() == 0;
  }

  private DurationKind kind(String type, String action) {
    DurationPriors typical = DurationPriors.of(type, action);
    Double manual = action.equals("DELETE") ? null : history.manualAverage(type);
    double center = Math.log(manual == null ? typical.median() : manual);
    double weight = manual == null ? TYPICAL_WEIGHT : 2;
    RunningStats account = history.ofAccount(type, action);
    double accountWeight = Math.min(ACCOUNT_WEIGHT, account.count());
    double sum = weight * center + accountWeight * account.mean();
    double weights = weight + accountWeight;
    double prior = sum / weights;
    double squares = 0;
    double freedom = 0;
    double spread = 0;
    int resources = 0;
    for (RunningStats own : history.ofType(stack, type, action)) {
      sum += own.mean();
      weights += 1;
      squares += own.squares();
      freedom += own.count() - 1;
      spread += (own.mean() - prior) * (own.mean() - prior);
      resources++;
    }
    double typicalWithin = typical.spread() * WITHIN;
    double within =
        Math.sqrt(
            (WITHIN_FREEDOM * typicalWithin * typicalWithin + squares)
                / (WITHIN_FREEDOM + freedom));
    // Between resources of a type: as typical where few were seen.
    double between =
        Math.sqrt((2 * typical.spread() * typical.spread() + spread) / (2 + resources));
    return new DurationKind(
        sum / weights,
        Math.max(SMALLEST, within),
        Math.max(2 * SMALLEST, between),
        WITHIN_FREEDOM + freedom,
        resources);
  }
}
