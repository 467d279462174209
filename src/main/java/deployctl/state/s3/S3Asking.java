package deployctl.state.s3;

import deployctl.state.StateUnavailable;
import deployctl.state.StateUnavailable.Reason;
import deployctl.support.time.Backoff;
import deployctl.support.time.Deadline;
import deployctl.support.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Asks S3 until there is an answer that says something, or for as long as is sensible; and says in
 * one line what a refusal means.
 */
final class S3Asking {
  /** One request, which may be repeated as it is. */
  interface Request {
    S3Answer ask() throws IOException;
  }

  /**
   * How a request ended.
   *
   * @param answer the last one that said something; null where none came
   * @param certain whether no try before it can have been done, or come to be done later
   */
  record Outcome(@Nullable S3Answer answer, boolean certain, String why) {}

  private static final Backoff WAITS =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), Duration.ZERO);

  /** With 64 writers at once all are through soonest so. */
  private static final Backoff TURNS =
      new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1), Duration.ZERO);

  private static final int MOST_READS = 3;
  private static final Duration READING = Duration.ofSeconds(5);
  private static final int MOST_WRITES = 6;
  private static final Duration WRITING = Duration.ofSeconds(20);

  private final S3Location place;
  private final ServiceClock clock;
  private final Time time;
  private final RandomGenerator random;

  S3Asking(S3Location place, ServiceClock clock, Time time, RandomGenerator random) {
    this.place = place;
    this.clock = clock;
    this.time = time;
    this.random = random;
  }

  /**
   * Ask for something to be read.
   *
   * @param name what it is, for messages
   * @param permission that it needs
   * @return an answer that is good, says "not changed", or that there is no such object
   * @throws StateUnavailable otherwise
   */
  S3Answer read(String name, String permission, Request request) {
    return read(name, permission, repeat(request, MOST_READS, READING));
  }

  /** Likewise, for as long as a write is tried: where it hangs on that whether it got through. */
  S3Answer readPatiently(String name, String permission, Request request) {
    return read(name, permission, repeat(request, MOST_WRITES, WRITING));
  }

  private S3Answer read(String name, String permission, Outcome outcome) {
    S3Answer answer = outcome.answer();
    if (answer == null) {
      throw new StateUnavailable(
          Reason.NOT_READABLE,
          place.url(name) + " cannot be read: " + outcome.why(),
          "Check the network; try again");
    }
    if (answer.done() || answer.missing() || answer.status() == 304) {
      return answer;
    }
    throw refused(Reason.NOT_READABLE, name, "read", permission, answer);
  }

  /** Ask for something to be written or removed; the same request may be done once at most. */
  Outcome write(Request request) {
    return repeat(request, MOST_WRITES, WRITING);
  }

  /** Say what it means that something was not done, and will not be. */
  StateUnavailable refused(
      Reason reason, String name, String what, String permission, S3Answer answer) {
    String said = answer.code().isEmpty() ? "HTTP " + answer.status() : answer.code();
    String next =
        switch (answer.code()) {
          case "NoSuchBucket" -> "Make the bucket, or name another; see docs/shared-state.md";
          case "AccessDenied", "AllAccessDisabled" ->
              "The identity needs " + permission + " on the bucket, which must be this account's";
          case "InvalidAccessKeyId", "SignatureDoesNotMatch" -> "Check the AWS keys";
          case "ExpiredToken", "InvalidToken" -> "Sign in again: aws sso login";
          default -> "Check the bucket's settings; see docs/shared-state.md";
        };
    return new StateUnavailable(
        reason,
        place.url(name)
            + " cannot be "
            + what
            + ": "
            + said
            + (answer.message().isEmpty() ? "" : ", " + answer.message()),
        next);
  }

  private Outcome repeat(Request request, int most, Duration bound) {
    Deadline deadline = Deadline.in(bound, time);
    boolean certain = true;
    String why = "";
    for (int tries = 1; ; tries++) {
      S3Answer answer = null;
      try {
        answer = request.ask();
        if (saysSomething(answer)) {
          return new Outcome(answer, certain, "");
        }
        why = answer.code().isEmpty() ? "HTTP " + answer.status() : answer.code();
      } catch (IOException e) {
        why = String.valueOf(e.getMessage());
      }
      // A conflict and "slow down" were not done; after anything else it may be, or may come to be.
      certain &= answer != null && (answer.status() == 409 || answer.code().equals("SlowDown"));
      if (tries >= most || deadline.passed() || !pause(tries)) {
        return new Outcome(null, certain, why);
      }
    }
  }

  private static boolean saysSomething(S3Answer answer) {
    boolean refusedInGood = answer.status() < 300 && !answer.code().isEmpty() && !answer.refused();
    return !refusedInGood && (answer.status() < 400 || answer.notDone());
  }

  /** Let others go first who lost less often. */
  void waitAfterLoss(int losses) {
    sleep(TURNS.delay(losses, random));
  }

  /** Return the service's time; that of this machine while no answer has told. */
  Instant now() {
    Instant now = clock.middle();
    return now == null ? time.now() : now;
  }

  private boolean pause(int failures) {
    return sleep(WAITS.delay(failures, random));
  }

  private boolean sleep(Duration wait) {
    try {
      time.sleep(wait);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
