package deployctl.registry;

import deployctl.support.Failure;
import deployctl.support.text.Masking;
import deployctl.support.time.Timestamps;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** Names of deployments: {@code YYYYMMDD-HHMMSS-xxxxxxxx} when made here, others are accepted. */
public final class CorrelationId {
  private static final int LONGEST = 128;

  private CorrelationId() {}

  /** Make a new id from the time and eight random hexadecimal digits. */
  public static String create(Instant now, RandomGenerator random) {
    String digits = Integer.toHexString(random.nextInt());
    return Timestamps.compact(now) + "-" + "0".repeat(8 - digits.length()) + digits;
  }

  /**
   * Return {@code id} when it can name a deployment: 1 to 128 of {@code A-Z a-z 0-9 . _ -}.
   *
   * @throws Failure of kind USAGE otherwise
   */
  public static String check(String id) {
    if (!isValid(id)) {
      throw Failure.usage(
          "'" + shown(id) + "' is not a correlation id",
          "Use 1 to 128 letters, digits, '.', '_' or '-'");
    }
    return id;
  }

  /** Tell whether {@code id} can name a deployment, and nothing outside the registry's folder. */
  public static boolean isValid(String id) {
    if (id.isEmpty() || id.length() > LONGEST || id.equals(".") || id.equals("..")) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      boolean good =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || c == '.'
              || c == '_'
              || c == '-';
      if (!good) {
        return false;
      }
    }
    return true;
  }

  private static String shown(String id) {
    return Masking.line(id, 60);
  }
}
