package deployctl.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Turns the tree of commands, or the one branch that is wanted, into picocli's model. */
final class TreeBuilder {
  private static final String GLOBAL_OPTIONS = "globalOptions";
  private static final List<String> SECTIONS =
      List.of(
          UsageMessageSpec.SECTION_KEY_SYNOPSIS_HEADING,
          UsageMessageSpec.SECTION_KEY_SYNOPSIS,
          UsageMessageSpec.SECTION_KEY_DESCRIPTION,
          UsageMessageSpec.SECTION_KEY_PARAMETER_LIST_HEADING,
          UsageMessageSpec.SECTION_KEY_PARAMETER_LIST,
          UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING,
          UsageMessageSpec.SECTION_KEY_OPTION_LIST,
          UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING,
          UsageMessageSpec.SECTION_KEY_COMMAND_LIST,
          GLOBAL_OPTIONS,
          UsageMessageSpec.SECTION_KEY_FOOTER);

  private TreeBuilder() {}

  /**
   * Return the branch that {@code words} name; beside it, names and summaries where a help may list
   * them.
   */
  static CommandLine branch(
      String name, List<CommandNode> commands, GlobalOptions options, List<String> words) {
    CommandSpec root = root(name, options);
    CommandNode first = find(commands, words, 0);
    if (first == null) {
      commands.forEach(node -> root.addSubcommand(node.name(), outline(node)));
    } else {
      root.addSubcommand(first.name(), named(first, words));
    }
    return commandLine(root);
  }

  /** Return every command with all its options. */
  static CommandLine whole(String name, List<CommandNode> commands, GlobalOptions options) {
    CommandSpec root = root(name, options);
    commands.forEach(node -> root.addSubcommand(node.name(), full(node)));
    return commandLine(root);
  }

  private static CommandSpec named(CommandNode node, List<String> words) {
    if (!(node instanceof CommandNode.Group group)) {
      return full(node);
    }
    CommandSpec spec = outline(group);
    List<CommandNode> children = group.children().get();
    CommandNode child = find(children, words, 1);
    if (child == null) {
      children.forEach(other -> spec.addSubcommand(other.name(), outline(other)));
    } else {
      spec.addSubcommand(child.name(), full(child));
    }
    return spec;
  }

  private static CommandSpec full(CommandNode node) {
    if (node instanceof CommandNode.Leaf leaf) {
      return declared(leaf);
    }
    CommandSpec spec = outline(node);
    if (node instanceof CommandNode.Group group) {
      group.children().get().forEach(child -> spec.addSubcommand(child.name(), full(child)));
    }
    return spec;
  }

  private static CommandSpec root(String name, GlobalOptions options) {
    CommandSpec root = CommandSpec.create().name(name);
    root.usageMessage()
        .description("Coordinate, watch and repair deployments of a CloudFormation stack.")
        .commandListHeading("%nCommands:%n")
        .footer(exitCodes());
    options.declare(root);
    return root;
  }

  private static CommandSpec outline(CommandNode node) {
    CommandSpec spec = describe(CommandSpec.create(), node);
    if (node instanceof CommandNode.Group group && !group.examples().isEmpty()) {
      Args.examples(spec, group.examples().toArray(String[]::new));
    }
    return spec;
  }

  private static CommandSpec declared(CommandNode.Leaf leaf) {
    Command command = leaf.command().get();
    CommandSpec spec = describe(CommandSpec.wrapWithoutInspection(command), leaf);
    command.declare(spec);
    return spec;
  }

  private static CommandSpec describe(CommandSpec spec, CommandNode node) {
    spec.name(node.name()).aliases(node.aliases().toArray(String[]::new));
    spec.usageMessage()
        .description(node.summary())
        .abbreviateSynopsis(true)
        .parameterListHeading("%nArguments:%n")
        .optionListHeading("%nOptions:%n")
        .commandListHeading("%nCommands:%n");
    return spec;
  }

  private static CommandLine commandLine(CommandSpec root) {
    return new CommandLine(root)
        .setExpandAtFiles(false)
        .setUsageHelpAutoWidth(false)
        .setUsageHelpWidth(80)
        .setAbbreviatedOptionsAllowed(false)
        .setHelpSectionKeys(SECTIONS)
        .setHelpSectionMap(ownOptionsOnly());
  }

  /** The options that every command takes are told once, in the program's own help. */
  private static Map<String, IHelpSectionRenderer> ownOptionsOnly() {
    Map<String, IHelpSectionRenderer> sections =
        new HashMap<>(new CommandLine(CommandSpec.create()).getHelpSectionMap());
    sections.put(
        UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING,
        help -> ownOptions(help).isEmpty() ? "" : "\nOptions:\n");
    sections.put(
        UsageMessageSpec.SECTION_KEY_OPTION_LIST,
        help -> {
          Help.Layout layout = help.createDefaultLayout();
          layout.addOptions(ownOptions(help), help.createDefaultParamLabelRenderer());
          return layout.toString();
        });
    sections.put(
        GLOBAL_OPTIONS,
        help ->
            help.commandSpec().parent() == null
                ? ""
                : "\nGlobal options, such as -o json, --registry-dir and --region: see '"
                    + help.commandSpec().root().name()
                    + " --help'.\n");
    return sections;
  }

  private static List<OptionSpec> ownOptions(Help help) {
    return help.commandSpec().options().stream().filter(option -> !option.inherited()).toList();
  }

  private static @Nullable CommandNode find(
      List<CommandNode> nodes, List<String> words, int index) {
    if (words.size() <= index) {
      return null;
    }
    for (CommandNode node : nodes) {
      if (node.isNamed(words.get(index))) {
        return node;
      }
    }
    return null;
  }

  private static String[] exitCodes() {
    StringJoiner lines = new StringJoiner("\n");
    lines.add("").add("Exit codes:");
    for (ExitCode code : ExitCode.values()) {
      lines.add(
          "  "
              + " ".repeat(3 - Integer.toString(code.code()).length())
              + code.code()
              + "  "
              + code.meaning());
    }
    lines.add("").add("Documentation: docs/ beside the program, starting with docs/README.md");
    return lines.toString().split("\n", -1);
  }
}
