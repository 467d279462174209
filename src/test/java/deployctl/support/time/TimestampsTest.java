package deployctl.support.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {
  @Test
  void writesAndReadsWhatJavaWould() {
    Random random = new Random(7);
    for (int i = 0; i < 1_000; i++) {
      Instant instant = Instant.ofEpochSecond(random.nextLong(0, 4_000_000_000L));
      assertEquals(instant.toString(), Timestamps.format(instant));
      assertEquals(instant, Timestamps.parse(Timestamps.format(instant)));
    }
  }

  @Test
  void cutsToTheSecond() {
    assertEquals(
        "2026-01-31T12:34:56Z", Timestamps.format(Instant.parse("2026-01-31T12:34:56.999Z")));
  }

  @Test
  void readsOffsetsAndFractions() {
    assertEquals(
        Instant.parse("2026-01-31T10:34:56Z"), Timestamps.parse("2026-01-31T12:34:56+02:00"));
    assertEquals(
        Instant.parse("2026-01-31T12:34:56Z"),
        Timestamps.parse("2026-01-31T12:34:56.5Z").truncatedTo(ChronoUnit.SECONDS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "now",
        "2026-13-31T12:34:56Z",
        "2026-02-30T12:34:56Z",
        "2026-01-31",
        "2026-01-31T1a:34:56Z"
      })
  void refusesWhatIsNoTime(String text) {
    assertNull(Timestamps.parse(text));
  }

  @Test
  void makesTheTimePartOfAnId() {
    assertEquals("20260131-123456", Timestamps.compact(Instant.parse("2026-01-31T12:34:56Z")));
  }
}
