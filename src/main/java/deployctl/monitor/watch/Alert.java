package deployctl.monitor.watch;

import deployctl.operation.OperationFailure;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something worth saying besides the events themselves.
 *
 * @param key names it within the deployment, so that it is told once, also over restarts
 * @param failure the failure that it is about, or null
 */
public record Alert(AlertKind kind, String key, String text, @Nullable OperationFailure failure) {
  /** How much it matters. */
  public enum AlertLevel {
    /** Good to know. */
    INFO,
    /** Look at it. */
    WARN,
    /** It went wrong. */
    ERROR
  }

  /** What it is about. */
  public enum AlertKind {
    /** Watching began or went on. */
    WATCHING(AlertLevel.INFO, false),
    /** Nothing is there to be watched yet. */
    WAITING(AlertLevel.INFO, false),
    /** The operation began. */
    BEGUN(AlertLevel.INFO, false),
    /** The deployment has succeeded, and what is replaced is being removed. */
    CLEANING_UP(AlertLevel.INFO, false),
    /** No event for too long. */
    STALLED(AlertLevel.WARN, true),
    /** It moves again after a stall. */
    MOVING_AGAIN(AlertLevel.INFO, true),
    /** It takes too long. */
    OVERDUE(AlertLevel.WARN, true),
    /** A resource takes longer than such resources nearly always do. */
    SLOW_RESOURCE(AlertLevel.WARN, true),
    /** The first thing that failed, or something else that matters much. */
    RESOURCE_FAILED(AlertLevel.ERROR, true),
    /** The stack undoes what was done. */
    ROLLING_BACK(AlertLevel.WARN, true),
    /** The stack is being deleted although the deployment is another operation. */
    DELETED_UNDER_IT(AlertLevel.ERROR, true),
    /** AWS does not answer. */
    AWS_AWAY(AlertLevel.WARN, false),
    /** AWS answers again. */
    AWS_BACK(AlertLevel.INFO, false),
    /** Another deployment holds the lock. */
    LOCK_LOST(AlertLevel.WARN, true, "place_lost");

    private final AlertLevel level;
    private final boolean forSlack;
    private final String token;

    AlertKind(AlertLevel level, boolean forSlack) {
      this(level, forSlack, "");
    }

    /** Make a kind whose token in JSON is older than its name. */
    AlertKind(AlertLevel level, boolean forSlack, String token) {
      this.level = level;
      this.forSlack = forSlack;
      this.token = token;
    }

    /** Return the kind as JSON has it. */
    public String token() {
      return token.isEmpty() ? name().toLowerCase(Locale.ROOT) : token;
    }

    /** Return how much it matters. */
    public AlertLevel level() {
      return level;
    }

    /** Tell whether people in Slack are told. */
    public boolean forSlack() {
      return forSlack;
    }
  }

  static Alert of(AlertKind kind, String key, String text) {
    return new Alert(kind, key, text, null);
  }
}
