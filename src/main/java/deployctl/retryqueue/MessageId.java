package deployctl.retryqueue;

import deployctl.support.Failure;

/** Names of messages as an operator types them. */
final class MessageId {
  private MessageId() {}

  /**
   * Return the message's name from its name or its file's, with or without the folder.
   *
   * @throws Failure of kind USAGE when no message can have the name
   */
  static String of(String typed) {
    String name = typed.substring(typed.lastIndexOf('/') + 1);
    name = name.endsWith(".json") ? name.substring(0, name.length() - ".json".length()) : name;
    name = name.startsWith("dead_letter_") ? name.substring("dead_letter_".length()) : name;
    if (name.isEmpty() || name.startsWith(".")) {
      throw Failure.usage("'" + typed + "' is not a message's id", "It looks like msg_...");
    }
    return name;
  }
}
