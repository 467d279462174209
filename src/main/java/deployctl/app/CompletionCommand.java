package deployctl.app;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.support.Failure;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** {@code completion}: a script that makes a shell complete commands and options. */
final class CompletionCommand implements Command {
  private final Console console;
  private final Supplier<CommandLine> tree;
  private @Nullable String shell;

  CompletionCommand(Console console, Supplier<CommandLine> tree) {
    this.console = console;
    this.tree = tree;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.required(spec, "bash|zsh|fish", "The shell.", v -> shell = v);
    Args.examples(
        spec,
        "source <(deployctl completion bash)",
        "source <(deployctl completion zsh)",
        "deployctl completion fish > ~/.config/fish/completions/deployctl.fish");
  }

  @Override
  public ExitCode run() {
    String wanted = String.valueOf(shell);
    console.printOwn(
        switch (wanted) {
          // picocli's script works in both: in zsh it switches bash completion on first.
          case "bash", "zsh" -> AutoComplete.bash("deployctl", tree.get());
          case "fish" -> FishCompletion.script(tree.get());
          default ->
              throw Failure.usage(
                  "No completion for the shell '" + wanted + "'", "Allowed: bash, zsh, fish");
        });
    return ExitCode.OK;
  }
}
