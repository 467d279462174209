package deployctl.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.monitor.checkpoint.MonitorState;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** When a monitor hangs, and how often it is started again. */
class HangDetectorTest {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();
  private final HangDetector watch = new HangDetector(Duration.ofMinutes(3), Duration.ofMinutes(1));

  @Test
  void aLoopThatFinishesPollsIsWellHoweverSlowly() {
    for (int i = 0; i < 100; i++) {
      assertFalse(watch.hangs(i / 3, i * MINUTE), "look " + i);
    }
  }

  @Test
  void aLoopThatFinishesNoneHangsAfterItsTime() {
    assertFalse(watch.hangs(7, 0));
    assertFalse(watch.hangs(7, MINUTE));
    assertFalse(watch.hangs(7, 2 * MINUTE));
    assertTrue(watch.hangs(7, 3 * MINUTE));
  }

  /** S3: a host that slept for a night, or both processes stopped together. */
  @Test
  void aPauseOfTheWholeHostIsNoHang() {
    assertFalse(watch.hangs(7, 0));
    assertFalse(watch.hangs(7, 600 * MINUTE));
    assertFalse(watch.hangs(8, 601 * MINUTE));
  }

  @Test
  void anotherMonitorBeginsAnew() {
    assertFalse(watch.hangs(7, 0));
    assertFalse(watch.hangs(7, 2 * MINUTE));
    watch.reset();
    assertFalse(watch.hangs(7, 3 * MINUTE));
    assertFalse(watch.hangs(7, 5 * MINUTE));
  }

  /** S4 and S5. */
  @Test
  void fiveRestartsInFiveMinutesAndAWholeBudgetAfterAQuietTime() {
    RestartBudget budget = RestartBudget.of(RestartBudget.USUAL, Duration.ofMinutes(1));
    Instant now = Instant.parse("2026-01-31T12:00:00Z");
    MonitorState state = MonitorState.empty("dep-1");
    for (int i = 0; i < 5; i++) {
      assertTrue(budget.allows(state, now));
      state = budget.spend(state, now);
      now = now.plusSeconds(60);
    }
    assertFalse(budget.allows(state, now));
    assertEquals(5, budget.spent(state, now));
    // Killed as soon as it was started, once a minute: the sixth comes just after five minutes.
    assertFalse(budget.allows(state, now.plusSeconds(5)));
    assertTrue(budget.allows(state, now.plusSeconds(150)));
    assertEquals(0, budget.spent(state, now.plus(Duration.ofMinutes(8))));
    assertEquals(5L, state.restarts());
    // A clock that stepped back makes no restart out of the future count.
    assertTrue(budget.allows(state, now.minus(Duration.ofHours(1))));
  }
}
