package deployctl.diagnose.finding;

import java.util.Locale;

/** How much a finding matters; the more serious first. */
public enum Severity {
  /** A deployment fails or cannot start. */
  HIGH,
  /** People do not see what happens. */
  MEDIUM,
  /** It works, less well. */
  LOW,
  /** Worth knowing; no problem. */
  INFO;

  /** Return the word of the JSON output. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
