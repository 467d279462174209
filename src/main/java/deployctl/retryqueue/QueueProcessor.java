package deployctl.retryqueue;

import deployctl.retryqueue.DrainRun.DeliveryStatus;
import deployctl.slack.SlackFailure;
import deployctl.support.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Works off the queue: the channels side by side, the messages of each one after the other.
 *
 * <p>Safe beside other processes that do the same: a channel that another works on is left to it.
 */
public final class QueueProcessor {
  /** The longest pause that Slack may ask for without the channel being left to the next run. */
  static final Duration LONGEST_HOLD = Duration.ofMillis(6_500);

  private static final int MOST_THREADS = 10;

  private final Spool queue;
  private final ChannelWorker worker;
  private final OutgoingMessage.Maker maker;
  private final Time time;

  public QueueProcessor(Spool queue, ChannelWorker worker, OutgoingMessage.Maker maker, Time time) {
    this.queue = queue;
    this.worker = worker;
    this.maker = maker;
    this.time = time;
  }

  /**
   * What a run did.
   *
   * @param failed tried and still waiting
   * @param skipped not tried: not due, held, limited, or another process's
   * @param deadLettered given up
   * @param coalesced removed because a later message of the same deployment tells more
   * @param unwritable whether the queue does not take what is to be written down
   * @param end why it ended early or came to nothing, or null
   */
  record DrainReport(
      int sent,
      int failed,
      int skipped,
      int deadLettered,
      int coalesced,
      boolean unwritable,
      @Nullable SlackFailure end) {}

  /**
   * Send what is due.
   *
   * @param limit the most messages to try
   * @param goOn tells whether another message may be begun
   */
  DrainReport process(int limit, BooleanSupplier goOn) {
    queue.tidy();
    DrainRun run = new DrainRun(limit, LONGEST_HOLD, goOn);
    Map<String, List<QueuedMessage>> channels = byChannel();
    if (channels.size() == 1) {
      channels.forEach((channel, messages) -> work(channel, messages, run));
    } else if (!channels.isEmpty()) {
      sideBySide(channels, run);
    }
    return new DrainReport(
        run.count(DeliveryStatus.SENT),
        run.count(DeliveryStatus.FAILED),
        run.skipped(),
        run.count(DeliveryStatus.BURIED),
        run.count(DeliveryStatus.COALESCED),
        run.unwritable(),
        run.end() != null ? run.end() : run.fault());
  }

  /** Return what waits, by channel. */
  Map<String, List<QueuedMessage>> byChannel() {
    Map<String, List<QueuedMessage>> channels = new LinkedHashMap<>();
    for (String id : queue.waitingIds()) {
      QueuedMessage message = queue.read(id);
      if (message != null) {
        channels.computeIfAbsent(maker.channelOf(message), key -> new ArrayList<>()).add(message);
      }
    }
    return channels;
  }

  private void sideBySide(Map<String, List<QueuedMessage>> channels, DrainRun run) {
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Math.min(MOST_THREADS, channels.size()),
            work -> {
              Thread thread = new Thread(work, "channel");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<?>> all = new ArrayList<>();
      channels.forEach(
          (channel, messages) -> all.add(threads.submit(() -> work(channel, messages, run))));
      for (Future<?> one : all) {
        one.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException unexpected) {
        throw unexpected;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      threads.shutdown();
    }
  }

  private void work(String channel, List<QueuedMessage> first, DrainRun run) {
    List<QueuedMessage> messages = first;
    while (!messages.isEmpty()) {
      try (ChannelLock lock = take(channel)) {
        if (lock == null) {
          run.skip(messages.size());
          return;
        }
        worker.work(lock, DeliveryPlan.of(messages, time.now()), run);
      }
      // What came in meanwhile was left to us by processes that found the channel taken.
      messages = run.goesOn() ? arrivedSince(messages, channel) : List.of();
    }
  }

  private @Nullable ChannelLock take(String channel) {
    return ChannelLock.take(queue, channel, Duration.ZERO, time).orElse(null);
  }

  private List<QueuedMessage> arrivedSince(List<QueuedMessage> known, String channel) {
    Map<String, QueuedMessage> byId = new HashMap<>();
    known.forEach(message -> byId.put(message.id(), message));
    List<QueuedMessage> fresh = new ArrayList<>();
    boolean left = false;
    for (String id : queue.waitingIds()) {
      if (byId.containsKey(id)) {
        left = true;
        continue;
      }
      QueuedMessage message = queue.read(id);
      if (message != null && maker.channelOf(message).equals(channel)) {
        fresh.add(message);
      }
    }
    // What is left of the known ones stays ahead of the fresh ones.
    return left ? List.of() : fresh;
  }
}
