package deployctl.reset;

import deployctl.support.json.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One step of a reset, and how it stands. */
record ResetStep(StepName name, StepStatus status, String detail) {
  /** The steps in their order. */
  enum StepName {
    /** Stop monitors and recoveries. */
    MONITORS,
    /** Delete the stack and wait for it. */
    STACK,
    /** Look for what was left behind. */
    LEFT_OVERS,
    /** Back up and make the registry anew. */
    REGISTRY,
    /** Back up and clear the retry queue. */
    QUEUE,
    /** See whether a deployment could begin. */
    PREFLIGHT,
    /** Have it begin. */
    DEPLOY;

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static @Nullable StepName find(String word) {
      for (StepName name : values()) {
        if (name.word().equals(word)) {
          return name;
        }
      }
      return null;
    }
  }

  /** How a step stands. */
  enum StepStatus {
    /** Still to be done. */
    PLANNED,
    /** Begun, and not known to be done: only in the file. */
    BEGUN,
    /** Done. */
    DONE,
    /** Tried, and not done. */
    FAILED,
    /** Tried, and whether it could be done is not known: AWS gave no answer. */
    UNKNOWN,
    /** Not asked for, or nothing was to be done. */
    SKIPPED;

    String word() {
      return switch (this) {
        case BEGUN -> "planned";
        case UNKNOWN -> "failed";
        case PLANNED, DONE, FAILED, SKIPPED -> name().toLowerCase(Locale.ROOT);
      };
    }

    /** Return it as the file has it, which tells what was begun. */
    String stored() {
      return this == BEGUN ? "begun" : word();
    }

    /** Tell whether it was tried and is not done. */
    boolean failed() {
      return this == FAILED || this == UNKNOWN;
    }
  }

  ResetStep with(StepStatus changed, String message) {
    return new ResetStep(name, changed, message);
  }

  ResetStep couldNotTell(String why) {
    return with(StepStatus.UNKNOWN, "could not tell: " + why);
  }

  boolean over() {
    return status == StepStatus.DONE || status == StepStatus.SKIPPED;
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("name", name.word())
        .put("status", status.word())
        .put("detail", detail);
  }
}
