package deployctl.monitor;

import deployctl.operation.OperationFailure;
import org.jspecify.annotations.Nullable;

/**
 * Something worth saying besides the events themselves.
 *
 * @param key names it within the deployment, so that it is told once, also over restarts
 * @param failure the failure that it is about, or null
 */
public record Notice(Kind kind, String key, String text, @Nullable OperationFailure failure) {
  /** How much it matters. */
  public enum Level {
    /** Good to know. */
    INFO,
    /** Look at it. */
    WARN,
    /** It went wrong. */
    ERROR
  }

  /** What it is about. */
  public enum Kind {
    /** Watching began or went on. */
    WATCHING(Level.INFO, false),
    /** Nothing is there to be watched yet. */
    WAITING(Level.INFO, false),
    /** The operation began. */
    BEGUN(Level.INFO, false),
    /** The deployment has succeeded, and what is replaced is being removed. */
    CLEANING_UP(Level.INFO, false),
    /** No event for too long. */
    STALLED(Level.WARN, true),
    /** It moves again after a stall. */
    MOVING_AGAIN(Level.INFO, true),
    /** It takes too long. */
    OVERDUE(Level.WARN, true),
    /** A resource takes longer than such resources nearly always do. */
    SLOW_RESOURCE(Level.WARN, true),
    /** The first thing that failed, or something else that matters much. */
    RESOURCE_FAILED(Level.ERROR, true),
    /** The stack undoes what was done. */
    ROLLING_BACK(Level.WARN, true),
    /** The stack is being deleted although the deployment is another operation. */
    DELETED_UNDER_IT(Level.ERROR, true),
    /** AWS does not answer. */
    AWS_AWAY(Level.WARN, false),
    /** AWS answers again. */
    AWS_BACK(Level.INFO, false),
    /** Another deployment holds the place. */
    PLACE_LOST(Level.WARN, true);

    private final Level level;
    private final boolean forSlack;

    Kind(Level level, boolean forSlack) {
      this.level = level;
      this.forSlack = forSlack;
    }

    /** Return how much it matters. */
    public Level level() {
      return level;
    }

    /** Tell whether people in Slack are told. */
    boolean forSlack() {
      return forSlack;
    }
  }

  static Notice of(Kind kind, String key, String text) {
    return new Notice(kind, key, text, null);
  }
}
