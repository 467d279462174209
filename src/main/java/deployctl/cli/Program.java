package deployctl.cli;

import deployctl.support.Failure;
import deployctl.support.file.FileErrors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line as a function from arguments to an exit code.
 *
 * <p>Only the branch that the arguments name is built. When that does not parse, the whole tree is,
 * so that the error can suggest what was meant.
 */
public final class Program {
  private final String name;
  private final List<CommandNode> commands;
  private final GlobalOptions options;
  private final Console console;
  private @Nullable PassesExit passed;

  /** Make a program of the given commands. */
  public Program(String name, List<CommandNode> commands, GlobalOptions options, Console console) {
    this.name = name;
    this.commands = commands;
    this.options = options;
    this.console = console;
  }

  /**
   * Run the command that {@code args} name, report its failure, and return the exit code: that of
   * another program where the command was to run one.
   */
  public int exit(List<String> args) {
    ExitCode code = run(args);
    PassesExit passing = passed;
    OptionalInt other = passing == null ? OptionalInt.empty() : passing.otherExit();
    return code == ExitCode.OK && other.isPresent() ? other.getAsInt() : code.code();
  }

  /** Run the command that {@code args} name, report its failure, and return how it went. */
  public ExitCode run(List<String> args) {
    ExitCode code;
    try {
      code = runOrThrow(args);
    } catch (Failure failure) {
      console.error(failure);
      code = ExitCode.of(failure.kind());
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      console.error(
          new Failure(
              Failure.FailureKind.FAILED,
              "Internal error: " + e,
              "Run it again with -v and report what it prints",
              e));
      code = ExitCode.NO;
    }
    IOException broken = console.broken();
    if (broken != null) {
      console.error(
          new Failure(
              Failure.FailureKind.FAILED,
              "Cannot write the output: " + FileErrors.reason(broken),
              "Free the space or write it elsewhere",
              broken));
      return code == ExitCode.OK ? ExitCode.NO : code;
    }
    return code;
  }

  /** Return the whole tree, for completion scripts and documentation. */
  public CommandLine tree() {
    return TreeBuilder.whole(name, commands, options);
  }

  private ExitCode runOrThrow(List<String> given) {
    List<String> args = withUsualSpellings(given);
    List<String> words = leadingWords(args);
    CommandLine branch = TreeBuilder.branch(name, commands, options, words);
    args = withSeparator(args, named(branch, words));
    CommandLine parsed;
    try {
      parsed = deepest(branch, args);
    } catch (ParameterException e) {
      // Said once more with every command known, so that the error can suggest one.
      try {
        parsed = deepest(TreeBuilder.whole(name, commands, options), args);
      } catch (ParameterException complete) {
        throw wrongUsage(complete);
      }
    }
    console.configure(options.json(), options.quiet(), options.verbose(), options.noColour());
    if (options.help()) {
      console.printOwn(usage(parsed));
      return ExitCode.OK;
    }
    if (parsed.getCommandSpec().userObject() instanceof Command command) {
      passed = command instanceof PassesExit passing ? passing : null;
      return command.run();
    }
    String command = parsed.getCommandSpec().qualifiedName();
    console.talkOwn(usage(parsed));
    throw Failure.usage("'" + command + "' needs a command", "They are listed above");
  }

  /** Where a command runs another, it has to know where that begins: a parser drops the mark. */
  private static List<String> withSeparator(List<String> args, CommandLine command) {
    int mark = args.indexOf("--");
    if (mark < 0 || !(command.getCommandSpec().userObject() instanceof PassesExit)) {
      return args;
    }
    List<String> marked = new ArrayList<>(args);
    marked.add(mark, "--");
    return marked;
  }

  /** Return the command that {@code words} name, or the last on the way to it. */
  private static CommandLine named(CommandLine root, List<String> words) {
    CommandLine command = root;
    for (String word : words) {
      command = command.getSubcommands().getOrDefault(word, command);
    }
    return command;
  }

  private static CommandLine deepest(CommandLine root, List<String> args) {
    CommandLine.ParseResult result = root.parseArgs(args.toArray(String[]::new));
    while (result.hasSubcommand()) {
      result = result.subcommand();
    }
    return result.commandSpec().commandLine();
  }

  private String usage(CommandLine command) {
    boolean colour =
        console.terminal().output() && console.terminal().colour() && !options.noColour();
    return command
        .getUsageMessage(colour ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF)
        .stripTrailing();
  }

  /**
   * Understand {@code deployctl help X Y}, {@code deployctl X help} and {@code deployctl
   * --version}, too.
   */
  private static List<String> withUsualSpellings(List<String> args) {
    if (args.size() == 1 && List.of("--version", "-V").contains(args.get(0))) {
      return List.of("version");
    }
    int help = args.indexOf("help");
    if (help < 0 || help > 1 || (help == 1 && args.size() > 2)) {
      return args;
    }
    List<String> rest = new ArrayList<>(args);
    rest.remove(help);
    rest.add("--help");
    return rest;
  }

  /** Return the first two words that are no options and no values of options. */
  static List<String> leadingWords(List<String> args) {
    List<String> words = new ArrayList<>(2);
    for (int i = 0; i < args.size() && words.size() < 2; i++) {
      String arg = args.get(i);
      if (GlobalOptions.takesValue(arg)) {
        i++;
      } else if (!arg.startsWith("-")) {
        words.add(arg);
      }
    }
    return words;
  }

  private Failure wrongUsage(ParameterException e) {
    String message =
        String.valueOf(e.getMessage())
            .lines()
            .findFirst()
            .orElse("wrong usage")
            .replaceFirst(
                "^Unmatched arguments?( at index \\d+| from index \\d+)?:",
                "Unknown command or argument:");
    String suggestion = suggestion(e);
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    return new Failure(
        Failure.FailureKind.USAGE, message + suggestion, "See '" + command + " --help'", e);
  }

  /**
   * Return the command or option that was likely meant, as part of a sentence; empty when none is
   * close.
   */
  private static String suggestion(ParameterException e) {
    if (!(e instanceof UnmatchedArgumentException unmatched)
        || unmatched.getUnmatched().isEmpty()) {
      return "";
    }
    // Picocli ranks all that share two letters anywhere. Whoever mistypes a command mostly has its
    // first letter right, and 'place' must not lead to 'acquire'.
    String typed = unmatched.getUnmatched().get(0);
    String begin = typed.substring(0, Math.min(1, typed.length()));
    return unmatched.getSuggestions().stream()
        .filter(name -> name.startsWith(begin))
        .findFirst()
        .map(name -> "; did you mean '" + name + "'?")
        .orElse("");
  }
}
