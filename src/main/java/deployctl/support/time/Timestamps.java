package deployctl.support.time;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Times as the files and the JSON output write them: UTC, ISO-8601 with {@code Z}, to the second.
 *
 * <p>Written by hand because the formatters of {@code java.time} cost more to load than a short
 * command takes.
 */
public final class Timestamps {
  /** The year 2286: what lies beyond is no time of ours. */
  private static final long LATEST_SECOND = 9_999_999_999L;

  private static final int WRITTEN_LENGTH = "2026-01-31T12:34:56Z".length();

  private Timestamps() {}

  /** Return {@code instant} as for instance {@code 2026-01-31T12:34:56Z}, cut to the second. */
  public static String format(Instant instant) {
    LocalDateTime utc = LocalDateTime.ofEpochSecond(instant.getEpochSecond(), 0, ZoneOffset.UTC);
    StringBuilder text = new StringBuilder(WRITTEN_LENGTH);
    pad(text, utc.getYear(), 4).append('-');
    pad(text, utc.getMonthValue(), 2).append('-');
    pad(text, utc.getDayOfMonth(), 2).append('T');
    pad(text, utc.getHour(), 2).append(':');
    pad(text, utc.getMinute(), 2).append(':');
    return pad(text, utc.getSecond(), 2).append('Z').toString();
  }

  /** Return {@code instant} as for instance {@code 20260131-123456}, UTC. */
  public static String compact(Instant instant) {
    String iso = format(instant);
    return iso.substring(0, 4)
        + iso.substring(5, 7)
        + iso.substring(8, 10)
        + '-'
        + iso.substring(11, 13)
        + iso.substring(14, 16)
        + iso.substring(17, 19);
  }

  /** Return the time of day as for instance {@code 12:34 UTC}, for a sentence. */
  public static String clock(Instant instant) {
    return format(instant).substring(11, 16) + " UTC";
  }

  /**
   * Read a time: as written by {@link #format}, or any ISO-8601 time with an offset, the colon of
   * which may be missing as {@code date} leaves it out.
   *
   * @return the time, or null when {@code text} is not one
   */
  public static @Nullable Instant parse(String text) {
    Instant plain = parseWritten(text);
    if (plain != null) {
      return plain;
    }
    try {
      return OffsetDateTime.parse(text.replaceFirst("([+-]\\d\\d)(\\d\\d)$", "$1:$2")).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }

  /**
   * Read a time out of a JSON value: a text as {@link #parse} reads it, or a number of seconds
   * since 1970, or of milliseconds where it cannot be seconds.
   *
   * @return the time, or null when the value is none
   */
  public static @Nullable Instant read(@Nullable Object value) {
    if (value instanceof Long number) {
      long seconds = number > LATEST_SECOND ? number / 1_000 : number;
      return seconds < 0 || seconds > LATEST_SECOND ? null : Instant.ofEpochSecond(seconds);
    }
    return value instanceof String text ? parse(text) : null;
  }

  /** Return the next full second: a time written to the second must not come early. */
  public static Instant ceiling(Instant instant) {
    return instant.getNano() == 0 ? instant : Instant.ofEpochSecond(instant.getEpochSecond() + 1);
  }

  /**
   * Return how many minutes lie between two times, to one decimal; negative when {@code to} is
   * earlier.
   */
  public static double minutesBetween(Instant from, Instant to) {
    return Math.round(Duration.between(from, to).toMillis() / 6_000.0) / 10.0;
  }

  private static @Nullable Instant parseWritten(String text) {
    if (text.length() != WRITTEN_LENGTH
        || text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || text.charAt(10) != 'T'
        || text.charAt(13) != ':'
        || text.charAt(16) != ':'
        || text.charAt(19) != 'Z') {
      return null;
    }
    int year = digits(text, 0, 4);
    int month = digits(text, 5, 7);
    int day = digits(text, 8, 10);
    int hour = digits(text, 11, 13);
    int minute = digits(text, 14, 16);
    int second = digits(text, 17, 19);
    if ((year | month | day | hour | minute | second) < 0) {
      return null;
    }
    try {
      return LocalDateTime.of(year, month, day, hour, minute, second).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static int digits(String text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private static StringBuilder pad(StringBuilder text, int value, int width) {
    String digits = Integer.toString(value);
    for (int i = digits.length(); i < width; i++) {
      text.append('0');
    }
    return text.append(digits);
  }
}
