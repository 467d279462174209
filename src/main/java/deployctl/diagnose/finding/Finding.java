package deployctl.diagnose.finding;

import deployctl.support.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that was found.
 *
 * @param title one line for people
 * @param evidence AWS's own words first, then what was seen; one line each
 * @param resource logical id, service, task, instance or file concerned; null for none
 * @param role where it stands among the others
 * @param severity how much it matters here
 */
public record Finding(
    FindingCode code,
    String title,
    List<String> evidence,
    @Nullable String resource,
    Remediation remediation,
    FindingRole role,
    Severity severity) {

  /** Make a finding that matters as much as its code does. */
  public Finding(
      FindingCode code,
      String title,
      List<String> evidence,
      @Nullable String resource,
      Remediation remediation,
      FindingRole role) {
    this(code, title, evidence, resource, remediation, role, code.severity());
  }

  /** Return the same, of another weight here. */
  public Finding of(Severity other) {
    return new Finding(code, title, evidence, resource, remediation, role, other);
  }

  /** Where a finding stands among the others: what explains them comes first. */
  public enum FindingRole {
    /** Why it went wrong. */
    CAUSE,
    /** What followed, or goes wrong beside it. */
    CONSEQUENCE,
    /** The state that it is left in. */
    STATE
  }

  /** Make a cause. */
  public static Finding cause(
      FindingCode code,
      String title,
      List<String> evidence,
      @Nullable String resource,
      Remediation remediation) {
    return new Finding(
        code, title, List.copyOf(evidence), resource, remediation, FindingRole.CAUSE);
  }

  /** Return the same at another place. */
  public Finding at(FindingRole other) {
    return new Finding(code, title, evidence, resource, remediation, other, severity);
  }

  /** Return the same with more evidence. */
  public Finding with(List<String> more) {
    List<String> all = new ArrayList<>(evidence);
    more.stream().filter(line -> !all.contains(line)).forEach(all::add);
    return new Finding(code, title, List.copyOf(all), resource, remediation, role, severity);
  }

  /** Tell whether it is a problem, rather than only worth knowing. */
  public boolean problem() {
    return severity != Severity.INFO;
  }

  public JsonObject toJson() {
    return new JsonObject()
        .put("code", code.name())
        .put("severity", severity.word())
        .put("title", title)
        .put("evidence", evidence)
        .put("resource", resource)
        .put("remedy", remediation.toJson());
  }
}
