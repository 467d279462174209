package deployctl.retryqueue;

import deployctl.state.Claim;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The right to send to a channel, which one thread of one process has at a time, and what is
 * remembered of the channel between runs.
 *
 * <p>A process that is killed gives it up, one that is stopped keeps it and is not overtaken.
 */
public final class ChannelLock implements AutoCloseable {
  /** Where older programs keep it, too: both must meet at one lock. */
  private static final String FOLDER = ".state/lanes/";

  private static final String HELD_AT = "held_at";
  private static final String HELD_SECONDS = "held_seconds";
  private static final String SUSPENDED = "parked";
  private static final String CHANNEL_ID = "channel_id";

  private final String channel;
  private final QueueState state;
  private final Time time;
  private final @Nullable Claim claim;

  private ChannelLock(String channel, QueueState state, Time time, @Nullable Claim claim) {
    this.channel = channel;
    this.state = state;
    this.time = time;
    this.claim = claim;
  }

  /**
   * Take the channel.
   *
   * @param timeout how long to wait for another who has it
   * @return the lock, or empty when another keeps it
   */
  static Optional<ChannelLock> take(Spool spool, String channel, Duration timeout, Time time) {
    return spool
        .store()
        .claim(FOLDER + QueueState.nameFor(channel) + ".lock", timeout)
        .map(claim -> new ChannelLock(channel, stateOf(spool, channel), time, claim));
  }

  /** Look at a channel without taking it. */
  static ChannelLock peek(Spool spool, String channel, Time time) {
    return new ChannelLock(channel, stateOf(spool, channel), time, null);
  }

  private static QueueState stateOf(Spool spool, String channel) {
    return spool.state("lanes", QueueState.nameFor(channel));
  }

  String channel() {
    return channel;
  }

  /** Return how long Slack still wants to be left alone; zero when it does not. */
  Duration remainingHold() {
    JsonObject kept = state.read();
    Instant from = Timestamps.read(kept.get(HELD_AT));
    Duration length = Duration.ofSeconds(kept.integer(HELD_SECONDS, 0));
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
    state.write(
        state
            .read()
            .put("channel", channel)
            .put(HELD_AT, Timestamps.format(time.now()))
            .put(
                HELD_SECONDS, Timestamps.ceiling(Instant.EPOCH.plus(length)).getEpochSecond() + 1));
  }

  /** Return why nothing can be posted there, as last seen, or null. */
  @Nullable String suspended() {
    return state.read().string(SUSPENDED);
  }

  /** Remember that nothing can be posted there. */
  void suspend(String reason) {
    state.write(state.read().put("channel", channel).put(SUSPENDED, reason));
  }

  /** Return the channel's id as Slack told it, or the channel as it was given. */
  String channelId() {
    String id = state.read().string(CHANNEL_ID);
    return id == null ? channel : id;
  }

  /** Remember that a message arrived. */
  void delivered(String channelId) {
    JsonObject kept = state.read();
    boolean news =
        kept.has(SUSPENDED)
            || kept.has(HELD_AT)
            || !channelId.equals(channel) && !channelId.equals(kept.string(CHANNEL_ID));
    if (news) {
      state.write(
          kept.put("channel", channel)
              .put(CHANNEL_ID, channelId)
              .remove(SUSPENDED)
              .remove(HELD_AT));
    }
  }

  @Override
  public void close() {
    if (claim != null) {
      claim.close();
    }
  }
}
