package deployctl.coordinator.view;

import deployctl.cli.Console;
import deployctl.coordinator.lock.GateDecision;
import deployctl.coordinator.lock.LockQueue;
import deployctl.support.time.Durations;
import java.time.Duration;

/**
 * Tells on a terminal who is ahead, in one line that is kept up to date; elsewhere a line a minute.
 */
public final class WaitReport implements LockQueue.Watcher {
  private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);

  private final Console console;
  private final GateDecisionView view;
  private Duration nextLine = Duration.ZERO;

  public WaitReport(Console console, GateDecisionView view) {
    this.console = console;
    this.view = view;
  }

  @Override
  public void waiting(GateDecision decision, int position, Duration waited) {
    String start = "waiting " + Durations.humane(waited) + ", ";
    String turn = position > 0 ? "position " + position : "";
    if (console.status(start + (turn.isEmpty() ? "" : turn + ": ") + view.brief(decision))) {
      return;
    }
    if (waited.compareTo(nextLine) >= 0) {
      String queue = turn.isEmpty() ? "" : turn + " in the queue, ";
      console.note(start + queue + view.sentence(decision));
      nextLine = waited.plus(BETWEEN_LINES);
    }
  }
}
