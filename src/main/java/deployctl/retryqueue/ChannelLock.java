package deployctl.retryqueue;

import deployctl.support.file.ProcessLock;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The right to send to a channel, which one thread of one process has at a time, and what is
 * remembered of the channel between runs.
 *
 * <p>The lock is the kernel's: a process that is killed gives it up, one that is stopped keeps it
 * and is not overtaken.
 */
public final class ChannelLock implements AutoCloseable {
  private static final String HELD_AT = "held_at";
  private static final String HELD_SECONDS = "held_seconds";
  private static final String PARKED = "parked";
  private static final String CHANNEL_ID = "channel_id";

  private final String channel;
  private final StateFile file;
  private final Time time;
  private final ProcessLock.@Nullable Held held;

  private ChannelLock(String channel, StateFile file, Time time, ProcessLock.@Nullable Held held) {
    this.channel = channel;
    this.file = file;
    this.time = time;
    this.held = held;
  }

  /**
   * Take the lane.
   *
   * @param patience how long to wait for another who has it
   * @return the lane, or empty when another keeps it
   */
  public static Optional<ChannelLock> enter(
      Spool queue, String channel, Duration patience, Time time, RandomGenerator random) {
    Path lock = queue.state("lanes").resolve(StateFile.nameFor(channel) + ".lock");
    try {
      boolean made = !Files.exists(lock);
      ProcessLock.Held held = ProcessLock.acquire(lock, patience, time, random);
      if (made) {
        Spool.ownersAlone(lock, "rw-------");
      }
      return Optional.of(new ChannelLock(channel, stateOf(queue, channel), time, held));
    } catch (ProcessLock.Timeout e) {
      return Optional.empty();
    } catch (IOException e) {
      throw QueueUnavailable.of(lock, "cannot be locked", e);
    }
  }

  /** Look at a lane without taking it. */
  static ChannelLock look(Spool queue, String channel, Time time) {
    StateFile file = queue.lookAtState("lanes", StateFile.nameFor(channel));
    return new ChannelLock(channel, file, time, null);
  }

  private static StateFile stateOf(Spool queue, String channel) {
    return queue.stateFile("lanes", StateFile.nameFor(channel));
  }

  String channel() {
    return channel;
  }

  /** Return how long Slack still wants to be left alone; zero when it does not. */
  Duration remainingHold() {
    JsonObject state = file.read();
    Instant from = Timestamps.read(state.get(HELD_AT));
    Duration length = Duration.ofSeconds(state.integer(HELD_SECONDS, 0));
    if (from == null) {
      return Duration.ZERO;
    }
    Instant now = time.now();
    if (now.isBefore(from.minusSeconds(2))) {
      // The clock stepped back: when the hold began is not known any more. One request tells.
      return Duration.ZERO;
    }
    Duration left = length.minus(Duration.between(from, now));
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Remember that Slack wants to be left alone for so long. */
  void hold(Duration length) {
    // Written to the second: rounded so that it does not end early.
    file.write(
        file.read()
            .put("channel", channel)
            .put(HELD_AT, Timestamps.format(time.now()))
            .put(
                HELD_SECONDS, Timestamps.ceiling(Instant.EPOCH.plus(length)).getEpochSecond() + 1));
  }

  /** Return why nothing can be posted there, as last seen, or null. */
  @Nullable String parked() {
    return file.read().string(PARKED);
  }

  /** Remember that nothing can be posted there. */
  void park(String reason) {
    file.write(file.read().put("channel", channel).put(PARKED, reason));
  }

  /** Return the channel's id as Slack told it, or the channel as it was given. */
  String channelId() {
    String id = file.read().string(CHANNEL_ID);
    return id == null ? channel : id;
  }

  /** Remember that a message arrived. */
  void delivered(String channelId) {
    JsonObject state = file.read();
    boolean news =
        state.has(PARKED)
            || state.has(HELD_AT)
            || !channelId.equals(channel) && !channelId.equals(state.string(CHANNEL_ID));
    if (news) {
      file.write(
          state.put("channel", channel).put(CHANNEL_ID, channelId).remove(PARKED).remove(HELD_AT));
    }
  }

  @Override
  public void close() {
    if (held == null) {
      return;
    }
    try {
      held.close();
    } catch (IOException e) {
      throw QueueUnavailable.of(file.file(), "cannot be unlocked", e);
    }
  }
}
