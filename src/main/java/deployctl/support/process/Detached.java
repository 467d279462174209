package deployctl.support.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts processes that outlive the one that starts them, and the terminal.
 *
 * <p>They get a session of their own ({@code setsid(1)}), so that neither the terminal's hang-up
 * nor its Ctrl-C reaches them; where there is no setsid they ignore both.
 */
public final class Detached {
  private Detached() {}

  /**
   * Start a command without a terminal.
   *
   * @param environment variables that are set besides those of this process
   * @param errors file that what it says on stderr is added to; its stdout is dropped
   * @throws IOException when it cannot be started
   */
  public static Process start(List<String> command, Map<String, String> environment, Path errors)
      throws IOException {
    List<String> words = new ArrayList<>(prefix());
    words.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().putAll(environment);
    builder.redirectInput(new File("/dev/null"));
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
    return builder.start();
  }

  private static List<String> prefix() {
    for (String folder : String.valueOf(System.getenv("PATH")).split(":", -1)) {
      Path setsid = Path.of(folder.isEmpty() ? "." : folder, "setsid");
      if (Files.isExecutable(setsid)) {
        return List.of(setsid.toString());
      }
    }
    return List.of("sh", "-c", "trap '' HUP INT; exec \"$@\"", "sh");
  }
}
