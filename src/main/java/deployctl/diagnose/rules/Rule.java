package deployctl.diagnose.rules;

import deployctl.diagnose.finding.FindingCode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a message means.
 *
 * @param code the finding that it leads to, or null when it names no cause
 * @param link where AWS documents it; empty for none
 * @param samples messages that it is for
 */
public record Rule(
    String id,
    Set<RuleField> fields,
    Pattern pattern,
    @Nullable FindingCode code,
    RuleKind kind,
    String meaning,
    String remediation,
    String link,
    List<String> samples) {

  /** What a message is good for. */
  public enum RuleKind {
    /** It is an answer. */
    ROOT,
    /** Look further; an answer only when nothing better is found. */
    SYMPTOM,
    /** It may pass by itself. */
    TRANSIENT,
    /** It is slow by nature, and not stuck. */
    WAIT,
    /** It says nothing of a cause. */
    NOISE,
    /** Progress. */
    INFO;

    static @Nullable RuleKind find(String word) {
      for (RuleKind kind : values()) {
        if (kind.name().toLowerCase(Locale.ROOT).equals(word)) {
          return kind;
        }
      }
      return null;
    }

    /** Tell whether a message of this kind can be why something failed. */
    public boolean cause() {
      return this == ROOT || this == TRANSIENT || this == SYMPTOM;
    }
  }
}
