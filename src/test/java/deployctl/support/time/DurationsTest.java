package deployctl.support.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import deployctl.support.Failure;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "90s,PT90S",
    "30m,PT30M",
    "2h,PT2H",
    "7d,PT168H",
    "1h30m,PT90M",
    "500ms,PT0.5S",
    "45,PT45S",
    "0.5m,PT30S",
    "0,PT0S"
  })
  void readsWhatOperatorsWrite(String text, Duration expected) {
    assertEquals(expected, Durations.parse("x", text, Duration.ofSeconds(1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-5m", "5 m", "m", "5x", "1.2.3s", "99999999999d", "abc", "5m-"})
  void refusesAnythingElse(String text) {
    Failure failure =
        assertThrows(Failure.class, () -> Durations.parse("--wait", text, Duration.ofSeconds(1)));
    assertEquals(Failure.FailureKind.USAGE, failure.kind());
  }

  @Test
  void refusesABareNumberWhereNoUnitIsMeant() {
    assertThrows(Failure.class, () -> Durations.parse("--older-than", "7", Duration.ZERO));
    assertEquals(Duration.ofDays(7), Durations.parse("--older-than", "7d", Duration.ZERO));
  }

  @ParameterizedTest
  @CsvSource({
    "PT45S,45 s",
    "PT12M5S,12 min",
    "PT2H,2 h",
    "PT2H5M,2 h 5 min",
    "PT76H,3 d 4 h",
    "PT-5S,0 s"
  })
  void saysThemForPeople(Duration duration, String expected) {
    assertEquals(expected, Durations.humane(duration));
  }
}
