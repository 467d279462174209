package deployctl.recovery;

import deployctl.monitor.checkpoint.MonitorState;
import deployctl.support.time.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How often a monitor may be started again: so many times in five minutes or so. Kept in the
 * monitor's state, so that it also holds over recoveries. A restart that is older counts no more: a
 * monitor that was well for a while has the whole budget again.
 *
 * @param most the restarts that are allowed
 * @param within in which time
 */
record RestartBudget(int most, Duration within) {
  static final int USUAL = 5;
  static final Duration WITHIN = Duration.ofMinutes(5);
  private static final String TIMES = "restart_times";

  /**
   * Make a budget for a recovery that looks at an interval. Looking once a minute, five restarts
   * take five minutes and a little more; the sixth must find them all.
   */
  static RestartBudget of(int most, Duration interval) {
    Duration looks = interval.multipliedBy(most + 1L).plusSeconds(30);
    return new RestartBudget(most, looks.compareTo(WITHIN) > 0 ? looks : WITHIN);
  }

  /** Tell whether another restart is allowed now. */
  boolean allows(MonitorState state, Instant now) {
    return recent(state, now).size() < most;
  }

  /** Return a state in which a restart is counted. */
  MonitorState spend(MonitorState state, Instant now) {
    List<String> times =
        java.util.stream.Stream.concat(
                recent(state, now).stream(), java.util.stream.Stream.of(Timestamps.format(now)))
            .toList();
    return state.with(TIMES, times).with("restarts", state.restarts() + 1);
  }

  /** Return how many restarts count now. */
  int spent(MonitorState state, Instant now) {
    return recent(state, now).size();
  }

  private List<String> recent(MonitorState state, Instant now) {
    List<?> times = state.toJson().list(TIMES);
    return times == null
        ? List.of()
        : times.stream()
            .filter(String.class::isInstance)
            .map(String.class::cast)
            .filter(
                text -> {
                  Instant at = Timestamps.parse(text);
                  // One in the future is from before a step of the clock.
                  return at != null && !at.isAfter(now) && !at.isBefore(now.minus(within));
                })
            .toList();
  }
}
