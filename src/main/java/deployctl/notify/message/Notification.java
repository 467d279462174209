package deployctl.notify.message;

import deployctl.registry.CorrelationId;
import deployctl.support.Failure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that people are to be told.
 *
 * @param args the type's arguments, in order; those left out at the end are missing
 * @param channel id or name of a Slack channel, or null for the usual one
 * @param occurredAt when it happened
 */
public record Notification(
    NotificationType type, List<String> args, @Nullable String channel, Instant occurredAt) {
  private static final String CHANNEL_ID = "[CGD][A-Z0-9]{8,}";
  private static final String CHANNEL_NAME = "[a-z0-9_-]{1,80}";

  /**
   * Make a notification from the words of a command line: the type's arguments, then perhaps the
   * channel.
   *
   * @param channel what {@code --channel} says, or null
   * @throws Failure of kind USAGE when an argument is missing or there is one too many
   */
  public static Notification of(
      NotificationType type, List<String> words, @Nullable String channel, Instant now) {
    int most = type.parameters().size();
    if (words.size() < type.required()) {
      throw Failure.usage(
          "'" + type.word() + "' needs " + String.join(", ", required(type)), "See '" + help(type));
    }
    List<String> args = new ArrayList<>(words.subList(0, Math.min(words.size(), most)));
    String named = words.size() > most ? words.get(most) : null;
    if (words.size() > most + 1) {
      throw Failure.usage(
          "'" + type.word() + "' takes no '" + words.get(most + 1) + "'",
          "Put a text of several words in quotes; see '" + help(type));
    }
    boolean open = channel == null && named == null && args.size() > type.required();
    if (open && isChannel(type, args.get(most - 1))) {
      // The optional argument was left out and the channel given, as the old scripts allowed.
      named = args.remove(most - 1);
    }
    if (type.concernsDeployment()) {
      CorrelationId.check(args.get(0));
    }
    if (type == NotificationType.CUSTOM && args.get(0).isBlank()) {
      throw Failure.usage("The text is empty", "Slack takes no empty message");
    }
    String chosen = channel != null ? channel : named == null || named.isBlank() ? null : named;
    return new Notification(type, List.copyOf(args), chosen, now);
  }

  /** Make a notification about a deployment, to the usual channel. */
  public static Notification about(NotificationType type, Instant now, String... args) {
    return new Notification(type, List.of(args), null, now);
  }

  /** Return the same for another channel; null leaves it to the usual one. */
  public Notification to(@Nullable String other) {
    return other == null ? this : new Notification(type, args, other, occurredAt);
  }

  /** Return the deployment's id, or null when it concerns none. */
  public @Nullable String correlationId() {
    return type.concernsDeployment() ? arg(0) : null;
  }

  /** Return an argument, or null when it was left out or is blank. */
  @Nullable String arg(int index) {
    return index < args.size() && !args.get(index).isBlank() ? args.get(index) : null;
  }

  /** Return an argument by its name, or null when the type has none or it was left out. */
  @Nullable String arg(String name) {
    int index = type.parameters().indexOf(name);
    return index < 0 ? null : arg(index);
  }

  private static boolean isChannel(NotificationType type, String word) {
    return word.startsWith("#")
        || type == NotificationType.COMPLETE && word.matches(CHANNEL_ID + "|" + CHANNEL_NAME);
  }

  private static List<String> required(NotificationType type) {
    return type.parameters().subList(0, type.required());
  }

  private static String help(NotificationType type) {
    return "deployctl notify " + type.word() + " --help'";
  }
}
