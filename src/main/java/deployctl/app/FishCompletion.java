package deployctl.app;

import java.util.Collection;
import java.util.StringJoiner;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Writes completions for the fish shell, which picocli does not; format: fish's manual page of
 * {@code complete}.
 */
final class FishCompletion {
  private FishCompletion() {}

  static String script(CommandLine tree) {
    StringJoiner lines = new StringJoiner("\n");
    String program = tree.getCommandName();
    lines.add("complete -c " + program + " -f");
    CommandSpec root = tree.getCommandSpec();
    root.options().forEach(option -> option(lines, program, "", option));
    commands(lines, program, "__fish_use_subcommand", tree);
    for (CommandLine group : distinct(tree)) {
      String inGroup = "__fish_seen_subcommand_from " + group.getCommandName();
      String children = String.join(" ", group.getSubcommands().keySet());
      if (!children.isEmpty()) {
        commands(
            lines, program, inGroup + "; and not __fish_seen_subcommand_from " + children, group);
      }
      for (CommandLine leaf : distinct(group)) {
        String inLeaf = inGroup + "; and __fish_seen_subcommand_from " + leaf.getCommandName();
        leaf.getCommandSpec().options().stream()
            .filter(option -> !option.inherited())
            .forEach(option -> option(lines, program, inLeaf, option));
      }
    }
    return lines.toString();
  }

  private static void commands(
      StringJoiner lines, String program, String condition, CommandLine parent) {
    for (CommandLine child : distinct(parent)) {
      String[] description = child.getCommandSpec().usageMessage().description();
      lines.add(
          "complete -c "
              + program
              + " -n "
              + quoted(condition)
              + " -a "
              + child.getCommandName()
              + " -d "
              + quoted(description.length == 0 ? "" : description[0]));
    }
  }

  private static void option(
      StringJoiner lines, String program, String condition, OptionSpec option) {
    StringBuilder line = new StringBuilder("complete -c ").append(program);
    if (!condition.isEmpty()) {
      line.append(" -n ").append(quoted(condition));
    }
    for (String name : option.names()) {
      line.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    if (option.arity().max() > 0) {
      line.append(" -r");
    }
    if (option.description().length > 0) {
      line.append(" -d ").append(quoted(option.description()[0]));
    }
    lines.add(line);
  }

  private static Collection<CommandLine> distinct(CommandLine parent) {
    return new java.util.LinkedHashSet<>(parent.getSubcommands().values());
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
