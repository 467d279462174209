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
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Works off the queue: the channels side by side, the messages of each one after the other.
 *
 * <p>Safe beside other processes that do the same: a channel that another works on is left to it.
 */
public final class QueueProcessor {
  /** The longest pause that Slack may ask for without the channel being left to the next run. */
  static final Duration HOLD_PATIENCE = Duration.ofMillis(6_500);

  private static final int MOST_THREADS = 10;

  private final Spool queue;
  private final ChannelWorker worker;
  private final OutgoingMessage.Maker maker;
  private final Time time;
  private final RandomGenerator random;

  public QueueProcessor(
      Spool queue,
      ChannelWorker worker,
      OutgoingMessage.Maker maker,
      Time time,
      RandomGenerator random) {
    this.queue = queue;
    this.worker = worker;
    this.maker = maker;
    this.time = time;
    this.random = random;
  }

  /**
   * What a run did.
   *
   * @param failed tried and still waiting
   * @param skipped not tried: not due, held, limited, or another process's
   * @param deadLettered given up
   * @param folded removed because a later message of the same deployment tells more
   * @param unwritable whether the queue does not take what is to be written down
   * @param end why it ended early or came to nothing, or null
   */
  record DrainReport(
      int sent,
      int failed,
      int skipped,
      int deadLettered,
      int folded,
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
    DrainRun run = new DrainRun(limit, HOLD_PATIENCE, goOn);
    Map<String, List<QueuedMessage>> lanes = lanes();
    if (lanes.size() == 1) {
      lanes.forEach((channel, messages) -> lane(channel, messages, run));
    } else if (!lanes.isEmpty()) {
      sideBySide(lanes, run);
    }
    return new DrainReport(
        run.count(DeliveryStatus.SENT),
        run.count(DeliveryStatus.FAILED),
        run.skipped(),
        run.count(DeliveryStatus.BURIED),
        run.count(DeliveryStatus.FOLDED),
        run.unwritable(),
        run.end() != null ? run.end() : run.fault());
  }

  /** Return what waits, by channel. */
  Map<String, List<QueuedMessage>> lanes() {
    Map<String, List<QueuedMessage>> lanes = new LinkedHashMap<>();
    for (String id : queue.waitingIds()) {
      QueuedMessage message = queue.read(id);
      if (message != null) {
        lanes.computeIfAbsent(maker.channelOf(message), key -> new ArrayList<>()).add(message);
      }
    }
    return lanes;
  }

  private void sideBySide(Map<String, List<QueuedMessage>> lanes, DrainRun run) {
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Math.min(MOST_THREADS, lanes.size()),
            work -> {
              Thread thread = new Thread(work, "lane");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<?>> all = new ArrayList<>();
      lanes.forEach(
          (channel, messages) -> all.add(threads.submit(() -> lane(channel, messages, run))));
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

  private void lane(String channel, List<QueuedMessage> first, DrainRun run) {
    List<QueuedMessage> messages = first;
    while (!messages.isEmpty()) {
      try (ChannelLock lane = enter(channel)) {
        if (lane == null) {
          run.skip(messages.size());
          return;
        }
        worker.work(lane, DeliveryPlan.of(messages, time.now()), run);
      }
      // What came in meanwhile was left to us by processes that found the lane taken.
      messages = run.goesOn() ? arrivedSince(messages, channel) : List.of();
    }
  }

  private @Nullable ChannelLock enter(String channel) {
    Optional<ChannelLock> lane = ChannelLock.enter(queue, channel, Duration.ZERO, time, random);
    return lane.orElse(null);
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
    // What is left of the known ones keeps its place before the fresh ones.
    return left ? List.of() : fresh;
  }
}
