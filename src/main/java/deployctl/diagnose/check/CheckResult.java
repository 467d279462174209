package deployctl.diagnose.check;

import deployctl.diagnose.check.Check.CheckStatus;

/** How a check assesses what it saw. */
public record CheckResult(CheckStatus status, String detail) {
  public static CheckResult pass(String detail) {
    return new CheckResult(CheckStatus.PASS, detail);
  }

  public static CheckResult fail(String detail) {
    return new CheckResult(CheckStatus.FAIL, detail);
  }

  public static CheckResult warn(String detail) {
    return new CheckResult(CheckStatus.WARN, detail);
  }

  public static CheckResult skipped(String detail) {
    return new CheckResult(CheckStatus.SKIPPED, detail);
  }

  /** Assess by one question. */
  public static CheckResult of(boolean good, String detail) {
    return good ? pass(detail) : fail(detail);
  }
}
