package deployctl.coordinator;

import deployctl.coordinator.lock.GateDecision;
import deployctl.coordinator.lock.LockQueue;
import deployctl.support.time.Durations;
import java.time.Duration;

/**
 * Tells on a terminal who is ahead, in one line that is kept up to date; elsewhere a line a minute.
 */
final class WaitReport implements LockQueue.Watcher {
  private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);

  private final CoordinatorContext context;
  private Duration nextLine = Duration.ZERO;

  WaitReport(CoordinatorContext context) {
    this.context = context;
  }

  @Override
  public void waiting(GateDecision verdict, int position, Duration waited) {
    GateDecisionView view = context.verdicts();
    String start = "waiting " + Durations.humane(waited) + ", ";
    String place = position > 0 ? "place " + position : "";
    if (context
        .console()
        .status(start + (place.isEmpty() ? "" : place + ": ") + view.brief(verdict))) {
      return;
    }
    if (waited.compareTo(nextLine) >= 0) {
      String queue = place.isEmpty() ? "" : place + " in the queue, ";
      context.console().note(start + queue + view.sentence(verdict));
      nextLine = waited.plus(BETWEEN_LINES);
    }
  }
}
