package deployctl.coordinator;

import deployctl.support.time.Durations;
import java.time.Duration;

/**
 * Tells on a terminal who is ahead, in one line that is kept up to date; elsewhere a line a minute.
 */
final class WaitReport implements Waiting.Watcher {
  private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);

  private final CoordinatorContext context;
  private Duration nextLine = Duration.ZERO;

  WaitReport(CoordinatorContext context) {
    this.context = context;
  }

  @Override
  public void waiting(Verdict verdict, int position, Duration waited) {
    String place = position > 0 ? "place " + position + " in the queue, " : "";
    String line =
        "waiting " + Durations.humane(waited) + ": " + place + context.verdicts().sentence(verdict);
    if (!context.console().status(line) && waited.compareTo(nextLine) >= 0) {
      context.console().note(line);
      nextLine = waited.plus(BETWEEN_LINES);
    }
  }
}
