package deployctl.cli;

import java.util.List;
import java.util.function.Supplier;

/** A place in the tree of commands. What it holds is made only when the command line names it. */
public sealed interface CommandNode {
  /** Return the word that names it. */
  String name();

  /** Return other words that name it: the old scripts' spellings. */
  List<String> aliases();

  /** Return one line on what it does. */
  String summary();

  /** Tell whether {@code word} names it. */
  default boolean isNamed(String word) {
    return name().equals(word) || aliases().contains(word);
  }

  /**
   * Commands under a common noun.
   *
   * @param children made when the group is named
   */
  record Group(
      String name, String summary, List<String> examples, Supplier<List<CommandNode>> children)
      implements CommandNode {
    @Override
    public List<String> aliases() {
      return List.of();
    }
  }

  /**
   * A command.
   *
   * @param command made when the command is named
   */
  record Leaf(String name, List<String> aliases, String summary, Supplier<Command> command)
      implements CommandNode {}

  /** Make a command without other spellings. */
  static Leaf leaf(String name, String summary, Supplier<Command> command) {
    return new Leaf(name, List.of(), summary, command);
  }
}
