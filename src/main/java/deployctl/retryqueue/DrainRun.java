package deployctl.retryqueue;

import deployctl.slack.Posted;
import deployctl.slack.SlackFailure;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One run over the queue, shared by the threads that work on its channels: how much it may do, what
 * it did, and why it ended early.
 */
public final class DrainRun {
  /** What became of a message in this run. */
  public enum DeliveryStatus {
    SENT,
    FAILED,
    BURIED,
    COALESCED
  }

  /**
   * What became of a message, and the words for it.
   *
   * @param posted where it is, when it was sent
   * @param why Slack's answer or the reason, when it was not
   */
  public record DrainResult(DeliveryStatus status, @Nullable Posted posted, String why) {}

  private final AtomicInteger attemptsLeft;
  private final Duration longestHold;
  private final BooleanSupplier mayBegin;
  private final AtomicReference<@Nullable SlackFailure> end = new AtomicReference<>();
  private final AtomicReference<@Nullable SlackFailure> fault = new AtomicReference<>();
  private volatile boolean unwritable;
  private final Map<String, DrainResult> results = new ConcurrentHashMap<>();
  private final AtomicInteger skipped = new AtomicInteger();

  /**
   * Make a run.
   *
   * @param mostAttempts how many messages it may try to send
   * @param longestHold the longest time that it waits for Slack to take more
   * @param mayBegin tells whether another call may be begun
   */
  public DrainRun(int mostAttempts, Duration longestHold, BooleanSupplier mayBegin) {
    this.attemptsLeft = new AtomicInteger(mostAttempts);
    this.longestHold = longestHold;
    this.mayBegin = mayBegin;
  }

  /** Tell whether another message may be tried, and count it. */
  boolean takeAttempt() {
    return goesOn() && attemptsLeft.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
  }

  public boolean goesOn() {
    return end.get() == null && mayBegin.getAsBoolean();
  }

  Duration longestHold() {
    return longestHold;
  }

  /** End the run for all channels: the token, or Slack as a whole. */
  void endWith(SlackFailure why) {
    end.compareAndSet(null, why);
  }

  /** Note that Slack answers with faults. */
  void failedAtSlack(SlackFailure why) {
    fault.compareAndSet(null, why);
  }

  /** Return a fault that Slack answered with, when nothing else came through; else null. */
  @Nullable SlackFailure fault() {
    return count(DeliveryStatus.SENT) == 0 ? fault.get() : null;
  }

  /** Note that the queue's folder does not take what is to be written down. */
  void cannotWrite() {
    unwritable = true;
  }

  /** Tell whether something could not be written down. */
  boolean unwritable() {
    return unwritable;
  }

  /** Return why the run ended early, or null when it did not. */
  public @Nullable SlackFailure end() {
    return end.get();
  }

  void note(String id, DrainResult result) {
    results.put(id, result);
  }

  void skip(int messages) {
    skipped.addAndGet(messages);
  }

  /** Return what became of a message, or null when it was not touched. */
  public @Nullable DrainResult result(String id) {
    return results.get(id);
  }

  public int count(DeliveryStatus status) {
    return (int) results.values().stream().filter(result -> result.status() == status).count();
  }

  /** Return how many messages something became of. */
  public int handled() {
    return results.size();
  }

  int skipped() {
    return skipped.get();
  }
}
