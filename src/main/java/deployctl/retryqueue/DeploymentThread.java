package deployctl.retryqueue;

import deployctl.notify.message.NotificationType;
import deployctl.slack.Posted;
import deployctl.support.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The thread of a deployment in a channel: the message that opened it, and the one that is kept up
 * to date. Used only by whoever has the channel's {@link ChannelLock}.
 */
final class DeploymentThread {
  private static final String CHANNEL_ID = "channel_id";
  private static final String ROOT = "thread_ts";
  private static final String PROGRESS = "progress_ts";

  private final @Nullable QueueState file;
  private JsonObject state;

  private DeploymentThread(@Nullable QueueState file) {
    this.file = file;
    this.state = file == null ? new JsonObject() : file.read();
  }

  /** Return the thread of a deployment, or one that remembers nothing for null. */
  static DeploymentThread of(Spool spool, ChannelLock lock, @Nullable String correlationId) {
    return new DeploymentThread(
        correlationId == null
            ? null
            : spool.state(
                "threads",
                QueueState.nameFor(correlationId) + "@" + QueueState.nameFor(lock.channel())));
  }

  /** Return the {@code ts} of the message that opened the thread, or null while there is none. */
  @Nullable String root() {
    return state.string(ROOT);
  }

  /** Return the message that progress replaces, or null while there is none. */
  @Nullable Posted progress() {
    String id = state.string(CHANNEL_ID);
    String timestamp = state.string(PROGRESS);
    return id == null || timestamp == null ? null : new Posted(id, timestamp);
  }

  /** Remember a message that arrived. */
  void delivered(NotificationType type, Posted posted) {
    if (file == null || posted.timestamp().isEmpty()) {
      return;
    }
    JsonObject changed = state.copy().put(CHANNEL_ID, posted.channelId());
    if (root() == null) {
      changed.put(ROOT, posted.timestamp());
    }
    if (type == NotificationType.PROGRESS) {
      changed.put(PROGRESS, posted.timestamp());
    }
    if (!changed.equals(state)) {
      state = changed;
      file.write(state);
    }
  }

  /** Forget the message that progress replaces: it is not there any more. */
  void forgetProgress() {
    change(state.copy().remove(PROGRESS));
  }

  /** Forget the thread: its first message is not there any more. */
  void forget() {
    change(new JsonObject());
  }

  private void change(JsonObject changed) {
    state = changed;
    if (file != null) {
      file.write(state);
    }
  }
}
