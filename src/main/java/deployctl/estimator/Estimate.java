package deployctl.estimator;

import deployctl.support.json.JsonObject;
import deployctl.support.time.Durations;
import deployctl.support.time.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long something still takes.
 *
 * @param elapsed how long it has taken; zero before it begins
 * @param left as likely more as less
 * @param interval where the time that is left likely lies
 * @param complete steps that are done
 * @param total steps in all, or null where that is not known
 * @param basis what it rests on
 * @param overdue by how much it is beyond the longest that was seen, or null when it is not
 * @param longest the longest that was seen, or null where none was
 * @param slow what takes longer than nine of ten of its kind
 */
public record Estimate(
    Duration elapsed,
    Duration left,
    Interval interval,
    int complete,
    @Nullable Integer total,
    Basis basis,
    @Nullable Duration overdue,
    @Nullable Duration longest,
    List<SlowResource> slow) {

  /**
   * Where the time that is left likely lies.
   *
   * @param level how often the truth is within, such as 0.8
   */
  public record Interval(Duration low, Duration high, double level) {}

  /**
   * A resource that takes long.
   *
   * @param bound what nine of ten stay below
   */
  public record SlowResource(String logicalId, String type, Duration elapsed, Duration bound) {}

  /**
   * What an estimate rests on.
   *
   * @param runs past operations of the stack
   * @param known steps still to be done of which past times are known
   * @param typical steps still to be done that rest on typical values alone
   * @param order where the order of the steps is from: template, history or none
   */
  public record Basis(int runs, int known, int typical, String order) {
    /** Return it for a sentence. */
    public String describe() {
      String seen = runs == 0 ? "no runs seen yet" : runs == 1 ? "1 run" : runs + " runs";
      String values = typical == 0 ? "" : ", typical values for " + typical + " resources";
      String how =
          switch (order) {
            case "template" -> "";
            case "history" -> ", the order as last time (the template could not be read)";
            default -> ", nothing known of the order";
          };
      return seen + values + how;
    }

    JsonObject toJson() {
      return new JsonObject()
          .put("runs", runs)
          .put("resources_known", known)
          .put("resources_typical", typical)
          .put("order", order)
          .put("summary", describe());
    }
  }

  /** Return how long it takes in all. */
  public Duration all() {
    return elapsed.plus(left);
  }

  /** Return it for a sentence, such as "about 9 min left (6 to 14, 12 runs)". */
  public String describe() {
    String late =
        overdue == null || longest == null
            ? ""
            : "; overdue by "
                + Durations.humane(overdue)
                + ", the longest seen took "
                + Durations.humane(longest);
    return "about "
        + Durations.humane(left)
        + " left ("
        + minutes(interval.low())
        + " to "
        + minutes(interval.high())
        + " min, "
        + basis.describe()
        + ")"
        + late;
  }

  /** Return what the contract's JSON holds besides who and where. */
  JsonObject into(JsonObject json, Instant now) {
    return json.put("elapsed_minutes", minutes(elapsed))
        .put("estimated_remaining_minutes", minutes(left))
        .put(
            "confidence_interval",
            new JsonObject()
                .put("level", interval.level())
                .put("low", minutes(interval.low()))
                .put("high", minutes(interval.high())))
        .put("estimated_total_minutes", minutes(all()))
        .put("estimated_completion_time", Timestamps.format(now.plus(left)))
        .put("progress", new JsonObject().put("complete", complete).put("total", total))
        .put("basis", basis.toJson())
        .put("overdue_minutes", overdue == null ? null : minutes(overdue))
        .put("longest_seen_minutes", longest == null ? null : minutes(longest))
        .put(
            "slow",
            slow.stream()
                .map(
                    one ->
                        new JsonObject()
                            .put("logical_id", one.logicalId())
                            .put("type", one.type())
                            .put("elapsed_minutes", minutes(one.elapsed()))
                            .put("bound_minutes", minutes(one.bound())))
                .toList());
  }

  static double minutes(Duration duration) {
    return Math.round(duration.toMillis() / 6_000.0) / 10.0;
  }
}
