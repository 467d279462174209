package deployctl.diagnose.check;

import deployctl.support.json.JsonObject;

/**
 * Something that was looked at.
 *
 * @param detail what was seen, or why nothing was, one line
 */
public record Check(String name, CheckStatus status, String detail) {
  /** How it went. The names are written in lower case. */
  public enum CheckStatus {
    /** As it should be. */
    PASS,
    /** A problem. */
    FAIL,
    /** Not as it should be, and no problem by itself. */
    WARN,
    /** There was nothing to look at. */
    SKIPPED,
    /** It could not be looked at. */
    ERROR;

    String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  static Check pass(String name, String detail) {
    return new Check(name, CheckStatus.PASS, detail);
  }

  JsonObject toJson() {
    return new JsonObject().put("name", name).put("status", status.word()).put("detail", detail);
  }
}
