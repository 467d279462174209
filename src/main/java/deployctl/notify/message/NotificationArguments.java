package deployctl.notify.message;

import deployctl.registry.CorrelationId;
import deployctl.support.Failure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads notifications from the words of a command line. */
public final class NotificationArguments {
  private static final String CHANNEL_ID = "[CGD][A-Z0-9]{8,}";
  private static final String CHANNEL_NAME = "[a-z0-9_-]{1,80}";

  private NotificationArguments() {}

  /**
   * Return the notification that the words say: the type's parameters, then perhaps the channel.
   *
   * @param channel what {@code --channel} says, or null
   * @throws Failure of kind USAGE when an argument is missing or there is one too many
   */
  public static AddressedNotification parse(
      NotificationType type, List<String> argv, @Nullable String channel, Instant now) {
    int most = type.parameters().size();
    if (argv.size() < type.required()) {
      throw Failure.usage(
          "'"
              + type.word()
              + "' needs "
              + String.join(", ", type.parameters().subList(0, type.required())),
          "See '" + help(type));
    }
    List<String> args = new ArrayList<>(argv.subList(0, Math.min(argv.size(), most)));
    String named = argv.size() > most ? argv.get(most) : null;
    if (argv.size() > most + 1) {
      throw Failure.usage(
          "'" + type.word() + "' takes no '" + argv.get(most + 1) + "'",
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
    return Notification.of(type, args).at(now).to(chosen);
  }

  private static boolean isChannel(NotificationType type, String word) {
    return word.startsWith("#")
        || type == NotificationType.COMPLETE && word.matches(CHANNEL_ID + "|" + CHANNEL_NAME);
  }

  private static String help(NotificationType type) {
    return "deployctl notify " + type.word() + " --help'";
  }
}
