package deployctl.diagnose;

import deployctl.diagnose.Check.Status;

/** How a check judges what it saw. */
record Seen(Status status, String detail) {
  static Seen pass(String detail) {
    return new Seen(Status.PASS, detail);
  }

  static Seen fail(String detail) {
    return new Seen(Status.FAIL, detail);
  }

  static Seen warn(String detail) {
    return new Seen(Status.WARN, detail);
  }

  static Seen skipped(String detail) {
    return new Seen(Status.SKIPPED, detail);
  }

  /** Judge by one question. */
  static Seen of(boolean good, String detail) {
    return good ? pass(detail) : fail(detail);
  }
}
