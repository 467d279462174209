package deployctl.cli;

import picocli.CommandLine.Model.CommandSpec;

/**
 * One subcommand: it parses, validates, delegates and renders.
 *
 * <p>Declared through picocli's programmatic model: reading annotations costs reflection and
 * generated classes at each start.
 */
public interface Command {
  /**
   * Add this command's arguments, options and examples to {@code spec}; values arrive in setters.
   */
  void declare(CommandSpec spec);

  /**
   * Carry the command out, after its arguments were set.
   *
   * @throws deployctl.support.Failure when it cannot be done; the caller reports it
   */
  ExitCode run();
}
