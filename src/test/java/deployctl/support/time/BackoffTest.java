package deployctl.support.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff =
      new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ofSeconds(1));

  @Test
  void theBoundDoublesUpToItsEnd() {
    int[] expected = {5, 10, 20, 40, 80, 160, 300, 300};
    for (int i = 0; i < expected.length; i++) {
      assertEquals(Duration.ofSeconds(expected[i]), backoff.bound(i + 1));
    }
    assertEquals(Duration.ofMinutes(5), backoff.bound(Integer.MAX_VALUE));
    assertEquals(Duration.ofSeconds(5), backoff.bound(0));
  }

  /** Q9: full jitter. A thousand who failed together spread over the whole time. */
  @Test
  void delaysSpreadEvenlyBelowTheBound() {
    SplittableRandom random = new SplittableRandom(9);
    int[] tenths = new int[10];
    for (int i = 0; i < 10_000; i++) {
      Duration delay = backoff.delay(7, random);
      assertTrue(delay.compareTo(Duration.ofSeconds(1)) >= 0);
      assertTrue(delay.compareTo(Duration.ofMinutes(5)) <= 0);
      tenths[(int) Math.min(9, delay.toSeconds() / 30)]++;
    }
    assertTrue(
        Arrays.stream(tenths).allMatch(count -> count > 850 && count < 1_150),
        Arrays.toString(tenths));
  }
}
