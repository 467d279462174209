package deployctl.diagnose.rules;

import org.jspecify.annotations.Nullable;

/** Where a message stands; a rule looks at these places only. */
public enum RuleField {
  /** Why a task or one of its containers stopped. */
  TASK("task"),
  /** A container's exit code. */
  EXIT_CODE("exit-code"),
  /** What a service says of itself. */
  SERVICE_EVENT("service-event"),
  /** The status reason of a resource in a stack. */
  STACK_EVENT("stack-event"),
  /** The status of a database instance. */
  RDS_STATUS("rds-status"),
  /** What RDS says of an instance. */
  RDS_EVENT("rds-event");

  private final String word;

  RuleField(String word) {
    this.word = word;
  }

  /** Return the field as a rule file writes it. */
  public String word() {
    return word;
  }

  static @Nullable RuleField find(String word) {
    for (RuleField field : values()) {
      if (field.word.equals(word)) {
        return field;
      }
    }
    return null;
  }
}
