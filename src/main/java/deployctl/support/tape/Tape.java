package deployctl.support.tape;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the program and another system: it keeps the answers, or gives those that were
 * kept before.
 */
public interface Tape {
  /**
   * What is asked.
   *
   * @param service the system, in lower case, for instance {@code ecs} or {@code slack}
   * @param operation for instance {@code DescribeServices}
   * @param body the request as it is sent
   */
  record RecordedRequest(String service, String operation, String body) {}

  /**
   * What was answered.
   *
   * @param status HTTP status
   * @param contentType media type of the body
   * @param scopes Slack's header on what the token may do, or null
   */
  record RecordedAnswer(int status, String contentType, String body, @Nullable String scopes) {}

  /** The tape has no answer, and nothing else may be asked. */
  final class NoAnswer extends IOException {
    private static final long serialVersionUID = 1;

    NoAnswer(String message) {
      super(message);
    }
  }

  /**
   * Return the answer that was kept, or null when the other system is to be asked.
   *
   * @throws NoAnswer when answers are only to come from the tape and it has none
   */
  @Nullable RecordedAnswer play(RecordedRequest request) throws IOException;

  /** Keep an answer. */
  void keep(RecordedRequest request, RecordedAnswer answer);

  /** Tell whether answers only come from the tape, so that nothing else is needed or asked. */
  boolean closed();
}
