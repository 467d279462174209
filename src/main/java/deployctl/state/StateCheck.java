package deployctl.state;

import deployctl.state.StateUnavailable.Reason;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One thing about the place where something is kept, as a store that was asked to inspect itself
 * tells it.
 *
 * @param name for instance "permissions"
 * @param detail what was seen, one line
 * @param fault what is wrong, or null
 */
public record StateCheck(
    String name, StateCheckStatus status, String detail, @Nullable StateFault fault) {
  /** How a check came out. */
  public enum StateCheckStatus {
    /** Well. */
    PASS,
    /** Odd, and no problem. */
    WARN,
    /** Wrong. */
    FAIL,
    /** Not looked at. */
    SKIPPED
  }

  /**
   * What is wrong with the place, and what helps.
   *
   * @param title one line, or null for the usual one of the reason
   * @param remediation one line
   * @param commands complete, to be pasted into a shell
   * @param fix carries the remediation out, or null where a person has to
   */
  public record StateFault(
      Reason reason,
      @Nullable String title,
      String remediation,
      List<String> commands,
      @Nullable StateFix fix) {}

  /**
   * Carries a remediation out.
   *
   * @param question asked before
   * @param action does it, and returns what it did
   */
  public record StateFix(String question, Supplier<String> action) {}

  /** Return a check without a fault. */
  public static StateCheck of(String name, StateCheckStatus status, String detail) {
    return new StateCheck(name, status, detail, null);
  }
}
