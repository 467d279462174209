package deployctl.slack;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A call to Slack that did not succeed. */
public final class SlackFailure extends Exception {
  private static final long serialVersionUID = 1;

  private final SlackProblem problem;
  private final String code;
  private final transient @Nullable Duration retryAfter;

  /**
   * Make a failure.
   *
   * @param code Slack's error code, or a word in its manner where Slack gave none
   * @param message what happened, one line, without the token
   * @param retryAfter how long Slack wants to be left alone, or null where it does not say
   */
  public SlackFailure(
      SlackProblem problem, String code, String message, @Nullable Duration retryAfter) {
    super(message);
    this.problem = problem;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /** Return what is to be done about it. */
  public SlackProblem problem() {
    return problem;
  }

  /** Return Slack's error code, for instance {@code channel_not_found}. */
  public String code() {
    return code;
  }

  /** Return what happened, one line. */
  public String what() {
    String message = getMessage();
    return message == null ? code : message;
  }

  /** Return how long Slack wants to be left alone, or null where it does not say. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
