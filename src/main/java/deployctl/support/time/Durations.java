package deployctl.support.time;

import deployctl.support.Failure;
import java.time.Duration;

/** Durations as an operator writes and reads them. */
public final class Durations {
  private static final double LONGEST_NANOS = Duration.ofDays(36_500).toNanos();

  private Durations() {}

  /**
   * Read a duration: {@code 90s}, {@code 30m}, {@code 2h}, {@code 7d}, {@code 1h30m}, {@code
   * 500ms}; a bare number is taken in {@code bareUnit}.
   *
   * @param name what the duration is for, named in the error
   * @param bareUnit what a number without a unit counts, for instance one second
   * @throws Failure of kind USAGE when the text is no duration, is negative, or is over 100 years
   */
  public static Duration parse(String name, String text, Duration bareUnit) {
    String rest = text.trim();
    if (rest.isEmpty()) {
      throw invalid(name, text);
    }
    Duration total = Duration.ZERO;
    try {
      while (!rest.isEmpty()) {
        int digits = 0;
        while (digits < rest.length()
            && (Character.isDigit(rest.charAt(digits)) || rest.charAt(digits) == '.')) {
          digits++;
        }
        int unit = digits;
        while (unit < rest.length() && Character.isLetter(rest.charAt(unit))) {
          unit++;
        }
        if (digits == 0 || unit == digits && unit < rest.length()) {
          throw invalid(name, text);
        }
        Duration unitLength = digits == unit ? bareUnit : unit(rest.substring(digits, unit));
        if (unitLength.isZero()) {
          throw invalid(name, text);
        }
        double nanos = Double.parseDouble(rest.substring(0, digits)) * unitLength.toNanos();
        if (nanos > LONGEST_NANOS) {
          throw invalid(name, text);
        }
        total = total.plusNanos(Math.round(nanos));
        rest = rest.substring(unit);
      }
    } catch (NumberFormatException e) {
      throw invalid(name, text);
    }
    return total;
  }

  /**
   * Return a duration for a sentence: {@code 45 s}, {@code 12 min}, {@code 2 h 5 min}, {@code 3 d 4
   * h}.
   */
  public static String humane(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    long minutes = Math.round(seconds / 60.0);
    if (minutes < 60) {
      return minutes + " min";
    }
    long hours = minutes / 60;
    if (hours < 24) {
      return minutes % 60 == 0 ? hours + " h" : hours + " h " + minutes % 60 + " min";
    }
    return hours % 24 == 0 ? hours / 24 + " d" : hours / 24 + " d " + hours % 24 + " h";
  }

  private static Duration unit(String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(1);
      case "s", "sec", "secs" -> Duration.ofSeconds(1);
      case "m", "min", "mins" -> Duration.ofMinutes(1);
      case "h" -> Duration.ofHours(1);
      case "d" -> Duration.ofDays(1);
      default -> Duration.ZERO;
    };
  }

  private static Failure invalid(String name, String text) {
    return Failure.usage(
        "'" + text + "' is not a duration for " + name, "Write it like 90s, 30m, 2h or 7d");
  }
}
