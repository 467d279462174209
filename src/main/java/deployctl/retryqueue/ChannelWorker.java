package deployctl.retryqueue;

import deployctl.retryqueue.DrainRun.DeliveryStatus;
import deployctl.retryqueue.DrainRun.DrainResult;
import deployctl.retryqueue.MessageSender.Next;
import deployctl.support.time.Sleeper;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;

/** Sends a channel's messages in their order. */
public final class ChannelWorker {
  /** Slack's documented rate, kept to once it has complained: a message a second and channel. */
  private static final Duration PACE = Duration.ofMillis(1_020);

  /** How often in a row Slack may ask one message to wait before it is left to the next run. */
  private static final int MOST_WAITS = 3;

  private final Spool queue;
  private final MessageSender sender;
  private final Time time;

  public ChannelWorker(Spool queue, MessageSender sender, Time time) {
    this.queue = queue;
    this.sender = sender;
    this.time = time;
  }

  /** Work through a plan; returns when it is done or the channel cannot go on. */
  public void work(ChannelLock lock, DeliveryPlan plan, DrainRun run) {
    for (QueuedMessage message : plan.coalesced()) {
      queue.remove(message.id());
      run.note(
          message.id(),
          new DrainResult(DeliveryStatus.COALESCED, null, "a later message tells more"));
    }
    Deque<QueuedMessage> waiting = new ArrayDeque<>(plan.send());
    long lastSend = 0;
    int waits = 0;
    boolean paced = false;
    while (!waiting.isEmpty() && run.goesOn() && outlastsHold(lock, run)) {
      QueuedMessage message = queue.read(waiting.getFirst().id());
      if (message == null || alreadyBuried(message)) {
        waiting.removeFirst();
        continue;
      }
      if (!due(message) || !run.takeAttempt()) {
        break;
      }
      if (paced) {
        sleep(PACE.minusNanos(time.nanos() - lastSend));
      }
      lastSend = time.nanos();
      Next next = sender.send(lock, message, run);
      if (next == Next.AGAIN && waits++ < MOST_WAITS) {
        paced = true;
        continue;
      }
      waits = 0;
      waiting.removeFirst();
      if (next == Next.SUSPENDED) {
        buryAll(waiting, String.valueOf(lock.suspended()), run);
        waiting.clear();
      }
      if (next != Next.GO_ON) {
        break;
      }
    }
    run.skip((int) waiting.stream().filter(left -> run.result(left.id()) == null).count());
  }

  private void buryAll(Collection<QueuedMessage> messages, String reason, DrainRun run) {
    for (QueuedMessage planned : messages) {
      QueuedMessage message = queue.read(planned.id());
      if (message != null) {
        sender.bury(message.with(QueuedMessage.LAST_ERROR, reason), reason, run);
      }
    }
  }

  /**
   * A message may be there twice, waiting and dead: a kill came between the two steps of giving it
   * up, or of putting it back. How often it was put back tells which.
   */
  private boolean alreadyBuried(QueuedMessage message) {
    if (!queue.isBuried(message.id())) {
      return false;
    }
    QueuedMessage dead = queue.readDead(message.id());
    if (dead != null && message.requeued() > dead.requeued()) {
      queue.removeDead(message.id());
      return false;
    }
    queue.remove(message.id());
    return true;
  }

  private boolean due(QueuedMessage message) {
    return isDue(message, time.now());
  }

  /** Tell whether a message may be tried; a pause from before a step back of the clock is over. */
  static boolean isDue(QueuedMessage message, Instant now) {
    Instant tried = Timestamps.read(message.fields().get(QueuedMessage.LAST_ATTEMPT_AT));
    Instant written = tried == null ? message.queuedAt() : tried;
    return written.isAfter(now.plusSeconds(2)) || !message.nextRetryAt().isAfter(now);
  }

  /** Wait for the end of a hold if that is near; returns whether the channel can go on. */
  private boolean outlastsHold(ChannelLock lock, DrainRun run) {
    Duration left = lock.remainingHold();
    if (left.compareTo(run.longestHold()) > 0) {
      return false;
    }
    sleep(left);
    return true;
  }

  private void sleep(Duration length) {
    if (!length.isNegative()) {
      new Sleeper(time).sleep(length);
    }
  }
}
