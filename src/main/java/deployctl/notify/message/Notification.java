package deployctl.notify.message;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that people are to be told; null for what is not known. The words of each kind, in
 * their order, are what files of the queue hold, see {@link NotificationType#parameters}.
 */
public sealed interface Notification {
  /** Return what it tells. */
  NotificationType type();

  /**
   * Return its words in the order of the type's parameters; those missing at the end are left out.
   */
  List<String> args();

  /** Return the deployment's id, or null when it concerns none or the file does not say. */
  default @Nullable String correlationId() {
    return null;
  }

  /** Return the environment that it names, or null. */
  default @Nullable String environment() {
    return null;
  }

  /** Return the stack that it names, or null. */
  default @Nullable String stack() {
    return null;
  }

  /** Return it as of a moment, to the usual channel. */
  default AddressedNotification at(Instant occurredAt) {
    return new AddressedNotification(this, null, occurredAt);
  }

  /** A deployment has begun. */
  record DeploymentStarted(
      @Nullable String correlationId, @Nullable String environment, @Nullable String workflowRunId)
      implements Notification {
    @Override
    public NotificationType type() {
      return NotificationType.START;
    }

    @Override
    public List<String> args() {
      return known(correlationId, environment, workflowRunId);
    }
  }

  /**
   * A deployment waits for another.
   *
   * @param active what is in the way, as {@code get-active} gives it
   */
  record DeploymentWaiting(
      @Nullable String correlationId, @Nullable String environment, @Nullable String active)
      implements Notification {
    @Override
    public NotificationType type() {
      return NotificationType.CONCURRENT;
    }

    @Override
    public List<String> args() {
      return known(correlationId, environment, active);
    }
  }

  /** How far a deployment is; replaces the one before. */
  record DeploymentProgress(
      @Nullable String correlationId, @Nullable String stackStatus, @Nullable String details)
      implements Notification {
    @Override
    public NotificationType type() {
      return NotificationType.PROGRESS;
    }

    @Override
    public List<String> args() {
      return known(correlationId, stackStatus, details);
    }
  }

  /**
   * A deployment has succeeded.
   *
   * @param minutes how long it took, in minutes, as it is to be shown
   * @param url where the application is
   */
  record DeploymentSucceeded(
      @Nullable String correlationId,
      @Nullable String environment,
      @Nullable String minutes,
      @Nullable String url)
      implements Notification {
    @Override
    public NotificationType type() {
      return NotificationType.COMPLETE;
    }

    @Override
    public List<String> args() {
      return known(correlationId, environment, minutes, url);
    }
  }

  /** A deployment has failed. */
  record DeploymentFailed(
      @Nullable String correlationId,
      @Nullable String environment,
      @Nullable String error,
      @Nullable String stack)
      implements Notification {
    @Override
    public NotificationType type() {
      return NotificationType.FAILED;
    }

    @Override
    public List<String> args() {
      return known(correlationId, environment, error, stack);
    }
  }

  /** A deployment was told to end. */
  record DeploymentCancelled(
      @Nullable String correlationId, @Nullable String environment, @Nullable String stack)
      implements Notification {
    @Override
    public NotificationType type() {
      return NotificationType.CANCELLED;
    }

    @Override
    public List<String> args() {
      return known(correlationId, environment, stack);
    }
  }

  /**
   * Nothing happens any more.
   *
   * @param minutes for how long, in minutes, as it is to be shown
   */
  record DeploymentStalled(
      @Nullable String correlationId, @Nullable String stack, @Nullable String minutes)
      implements Notification {
    @Override
    public NotificationType type() {
      return NotificationType.STALLED;
    }

    @Override
    public List<String> args() {
      return known(correlationId, stack, minutes);
    }
  }

  /** Something about the watching of a deployment. */
  record MonitoringAlert(
      @Nullable String correlationId, @Nullable String stack, @Nullable String text)
      implements Notification {
    @Override
    public NotificationType type() {
      return NotificationType.ALERT;
    }

    @Override
    public List<String> args() {
      return known(correlationId, stack, text);
    }
  }

  /** Words of the caller's. */
  record CustomText(@Nullable String text) implements Notification {
    @Override
    public NotificationType type() {
      return NotificationType.CUSTOM;
    }

    @Override
    public List<String> args() {
      return known(text);
    }
  }

  /** Whether messages arrive. */
  record TestMessage() implements Notification {
    @Override
    public NotificationType type() {
      return NotificationType.TEST;
    }

    @Override
    public List<String> args() {
      return List.of();
    }
  }

  /** Read what {@link #args} gave; a word that is missing or blank is not known. */
  static Notification of(NotificationType type, List<String> args) {
    return switch (type) {
      case START -> new DeploymentStarted(word(args, 0), word(args, 1), word(args, 2));
      case CONCURRENT -> new DeploymentWaiting(word(args, 0), word(args, 1), word(args, 2));
      case PROGRESS -> new DeploymentProgress(word(args, 0), word(args, 1), word(args, 2));
      case COMPLETE ->
          new DeploymentSucceeded(word(args, 0), word(args, 1), word(args, 2), word(args, 3));
      case FAILED ->
          new DeploymentFailed(word(args, 0), word(args, 1), word(args, 2), word(args, 3));
      case CANCELLED -> new DeploymentCancelled(word(args, 0), word(args, 1), word(args, 2));
      case STALLED -> new DeploymentStalled(word(args, 0), word(args, 1), word(args, 2));
      case ALERT -> new MonitoringAlert(word(args, 0), word(args, 1), word(args, 2));
      case CUSTOM -> new CustomText(word(args, 0));
      case TEST -> new TestMessage();
    };
  }

  private static @Nullable String word(List<String> args, int index) {
    return index < args.size() && !args.get(index).isBlank() ? args.get(index) : null;
  }

  private static List<String> known(@Nullable String... known) {
    List<String> args = new ArrayList<>();
    int last = 0;
    for (String word : known) {
      args.add(word == null ? "" : word);
      last = word == null ? last : args.size();
    }
    return List.copyOf(args.subList(0, last));
  }
}
