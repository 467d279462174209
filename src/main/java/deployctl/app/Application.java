package deployctl.app;

import deployctl.cli.CommandNode;
import deployctl.cli.Console;
import deployctl.cli.GlobalOptions;
import deployctl.cli.Program;
import deployctl.support.Lazy;
import deployctl.support.text.KnownSecrets;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine;

/** The program: a function from arguments to an exit code. */
public final class Application {
  /** The secrets that a program like this is given, hidden by value wherever they stand. */
  private static final List<String> SECRETS =
      List.of(
          "AWS_ACCESS_KEY_ID",
          "AWS_SECRET_ACCESS_KEY",
          "AWS_SESSION_TOKEN",
          "SLACK_BOT_TOKEN",
          "GITHUB_TOKEN",
          "GH_TOKEN",
          "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
          "ACTIONS_RUNTIME_TOKEN");

  private final Platform platform;
  private final Consumer<Wiring> opening;

  /** Make the program in a given world. */
  public Application(Platform platform) {
    this(platform, wiring -> {});
  }

  /** Make the program in a given world, whose parts {@code opening} changes first. */
  Application(Platform platform, Consumer<Wiring> opening) {
    this.platform = platform;
    this.opening = opening;
  }

  /** Make the program of this process. */
  public static Application ofProcess() {
    return new Application(Platform.ofProcess());
  }

  /** Run the command that {@code args} name and return the exit code. */
  public int run(String... args) {
    GlobalOptions options = new GlobalOptions();
    Console console =
        new Console(platform.in(), platform.out(), platform.err(), platform.terminal());
    return program(options, console).exit(List.of(args));
  }

  /** Return the whole tree of commands, with what each declares. */
  CommandLine tree() {
    return program(
            new GlobalOptions(),
            new Console(platform.in(), platform.out(), platform.err(), platform.terminal()))
        .tree();
  }

  private Program program(GlobalOptions options, Console console) {
    for (String name : SECRETS) {
      String value = platform.env().get(name);
      if (value != null) {
        KnownSecrets.hide(value);
      }
    }
    Wiring wiring = new Wiring(platform, options, console);
    opening.accept(wiring);
    List<CommandNode> commands =
        List.of(
            CoordinatorCatalog.group(wiring),
            MonitorCatalog.monitor(wiring),
            MonitorCatalog.recovery(wiring),
            EstimatorCatalog.group(wiring),
            NotifyCatalog.notify(wiring),
            NotifyCatalog.retryQueue(wiring),
            DiagnoseCatalog.group(wiring),
            CommandNode.leaf(
                "reset",
                "Start from zero: stack, registry and queue, step by step.",
                wiring::resetting),
            CommandNode.leaf(
                "demo",
                "Show what the program does, without an account.",
                () -> new DemoCommand(console, platform)),
            CommandNode.leaf(
                "completion",
                "Print a completion script for a shell.",
                () ->
                    new CompletionCommand(
                        console, Lazy.of(() -> program(options, console).tree()))),
            CommandNode.leaf(
                "version",
                "Print the version, the commit and the Java runtime.",
                () -> new VersionCommand(console)));
    return new Program("deployctl", commands, options, console);
  }
}
