package deployctl.cli;

import java.io.IOException;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what is typed from being shown, until it is closed. Where the terminal does not obey, it is
 * shown all the same.
 */
final class HiddenInput implements AutoCloseable {
  private final @Nullable Terminal terminal;

  private HiddenInput(@Nullable Terminal terminal) {
    this.terminal = terminal;
  }

  /** Stop showing what is typed. */
  static HiddenInput begin() {
    try {
      Terminal terminal =
          TerminalBuilder.builder()
              .system(true)
              .provider("exec")
              .dumb(false)
              // Its output may go to a file while somebody types.
              .systemOutput(TerminalBuilder.SystemOutput.SysErr)
              .nativeSignals(false)
              .build();
      terminal.echo(false);
      return new HiddenInput(terminal);
    } catch (IOException | RuntimeException e) {
      return new HiddenInput(null);
    }
  }

  /** Tell whether the terminal shows nothing, not even the end of the line. */
  boolean hidden() {
    return terminal != null && !terminal.getAttributes().getLocalFlag(LocalFlag.ECHO);
  }

  /** Show again what is typed. */
  @Override
  public void close() {
    if (terminal != null) {
      try {
        terminal.close();
      } catch (IOException e) {
        // The library gave the terminal's settings back before it closed anything.
        return;
      }
    }
  }
}
