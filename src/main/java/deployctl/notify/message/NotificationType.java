package deployctl.notify.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a message tells, with the arguments that it is made from. The channel may follow them. */
public enum NotificationType {
  /** A deployment has begun. */
  START(
      "start",
      "Tell that a deployment has begun.",
      3,
      ArgumentNames.ID,
      ArgumentNames.ENV,
      ArgumentNames.RUN),
  /** A deployment waits for another. */
  CONCURRENT(
      "concurrent",
      "Tell that a deployment waits for another.",
      3,
      ArgumentNames.ID,
      ArgumentNames.ENV,
      "active_deployment_json"),
  /** How far a deployment is; replaces the one before. */
  PROGRESS(
      "progress", "Tell how far a deployment is.", 3, ArgumentNames.ID, "stack_status", "details"),
  /** A deployment has succeeded. */
  COMPLETE(
      "complete",
      "Tell that a deployment succeeded.",
      3,
      ArgumentNames.ID,
      ArgumentNames.ENV,
      "duration_minutes",
      "application_url"),
  /** A deployment has failed. */
  FAILED(
      "failed",
      "Tell that a deployment failed.",
      3,
      ArgumentNames.ID,
      ArgumentNames.ENV,
      "error",
      ArgumentNames.STACK),
  /** A deployment was told to end. */
  CANCELLED(
      "cancelled",
      "Tell that a deployment was cancelled.",
      2,
      ArgumentNames.ID,
      ArgumentNames.ENV,
      ArgumentNames.STACK),
  /** Nothing happens any more. */
  STALLED(
      "stalled",
      "Tell that nothing happens any more.",
      3,
      ArgumentNames.ID,
      ArgumentNames.STACK,
      "minutes"),
  /** Something about the watching of a deployment. */
  ALERT(
      "monitoring_alert",
      "Tell something about the watching of a deployment.",
      3,
      ArgumentNames.ID,
      ArgumentNames.STACK,
      "text"),
  /** Words of the caller's. */
  CUSTOM("custom", "Send words of your own.", 1, "text"),
  /** Whether messages arrive. */
  TEST("test", "Send a message to see whether it arrives.", 0);

  /** Words that several types share. */
  private static final class ArgumentNames {
    private static final String ID = "correlation_id";
    private static final String ENV = "environment";
    private static final String RUN = "workflow_run_id";
    private static final String STACK = "stack";
  }

  private final String word;
  private final String summary;
  private final int required;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> parameters;

  NotificationType(String word, String summary, int required, String... parameters) {
    this.word = word;
    this.summary = summary;
    this.required = required;
    this.parameters = List.of(parameters);
  }

  /** Return the word for it in files and on the command line. */
  public String word() {
    return word;
  }

  /** Return one line on what it is for. */
  public String summary() {
    return summary;
  }

  /** Return how many of the arguments must be given. */
  public int required() {
    return required;
  }

  /** Return the names of the arguments, in order, without the channel. */
  public List<String> parameters() {
    return parameters;
  }

  /** Tell whether the deployment is over with it. */
  public boolean isFinal() {
    return this == COMPLETE || this == FAILED || this == CANCELLED;
  }

  /** Tell whether it concerns one deployment, and so belongs to its thread. */
  public boolean concernsDeployment() {
    return !parameters.isEmpty() && parameters.get(0).equals(ArgumentNames.ID);
  }

  /** Tell whether it is shown in the channel although it belongs to a thread. */
  public boolean shownInChannel() {
    return isFinal() || this == STALLED || this == ALERT;
  }

  /** Return the type that {@code word} names, or null for none. */
  public static @Nullable NotificationType find(@Nullable String word) {
    for (NotificationType type : values()) {
      if (type.word.equals(word)) {
        return type;
      }
    }
    return null;
  }
}
