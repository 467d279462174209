package deployctl.diagnose.finding;

import deployctl.support.json.JsonObject;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What to do about a finding.
 *
 * @param commands complete, to be pasted into a shell; empty where none helps
 * @param fix carries the remediation out, or null where a person has to; it may be repeated, and
 *     does nothing when the trouble is gone
 */
public record Remediation(String summary, List<String> commands, @Nullable Fix fix) {
  /**
   * Carries a remediation out.
   *
   * @param question what is asked before, as a question
   * @param action does it and returns what came of it, one line
   */
  public record Fix(String question, Supplier<String> action) {}

  /** Make a remediation for a person. */
  public static Remediation of(String summary, String... commands) {
    return new Remediation(summary, List.of(commands), null);
  }

  /** Make a remediation for a person. */
  public static Remediation of(String summary, List<String> commands) {
    return new Remediation(summary, List.copyOf(commands), null);
  }

  /** Return this remediation as one that the program can carry out. */
  public Remediation automatically(String question, Supplier<String> action) {
    return new Remediation(summary, commands, new Fix(question, action));
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("summary", summary)
        .put("commands", commands)
        .put("automatic", fix != null);
  }
}
