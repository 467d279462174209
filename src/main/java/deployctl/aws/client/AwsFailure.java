package deployctl.aws.client;

import deployctl.support.Failure;

/** A call to AWS that did not give an answer. Never to be read as "there is nothing". */
public final class AwsFailure extends Failure {
  private static final long serialVersionUID = 1;

  private final AwsErrorKind problem;

  /**
   * Make a failure.
   *
   * @param what what failed and AWS's own words, one line
   */
  public AwsFailure(AwsErrorKind problem, String what, String nextStep, Throwable cause) {
    super(kindOf(problem), what, nextStep, cause);
    this.problem = problem;
  }

  /** Return which way it failed. */
  public AwsErrorKind problem() {
    return problem;
  }

  private static FailureKind kindOf(AwsErrorKind problem) {
    return switch (problem) {
      case NOT_FOUND, REJECTED -> FailureKind.FAILED;
      case ACCESS_DENIED,
          NO_CREDENTIALS,
          EXPIRED_CREDENTIALS,
          INVALID_CREDENTIALS,
          NO_REGION,
          WRONG_REGION,
          THROTTLED,
          UNREACHABLE,
          TIMED_OUT,
          SERVER_ERROR ->
          FailureKind.UNKNOWN;
    };
  }
}
