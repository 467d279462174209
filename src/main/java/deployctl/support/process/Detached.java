package deployctl.support.process;

import deployctl.support.file.LocalFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts processes that outlive the one that starts them, and the terminal.
 *
 * <p>They get a session of their own ({@code setsid(1)}), so that neither the terminal's hang-up
 * nor its Ctrl-C reaches them; where there is no setsid they ignore both.
 */
public final class Detached {
  private Detached() {}

  /** Starts processes that outlive this one. */
  @FunctionalInterface
  public interface DetachedStarter {
    /**
     * Start a command without a terminal.
     *
     * @param errors file of this machine that what it says on stderr is added to, anew; its folder
     *     is made when it is missing
     * @throws IOException when it cannot be started
     */
    Process start(List<String> command, LocalFile errors) throws IOException;
  }

  /** Start a command without a terminal; see {@link DetachedStarter}. Its stdout is dropped. */
  public static Process start(List<String> command, LocalFile errors) throws IOException {
    Path file = errors.path().toAbsolutePath();
    Files.deleteIfExists(file);
    errors.writeInFolder("");
    List<String> argv = new ArrayList<>(prefix());
    argv.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(argv);
    // What bears it, GitHub's runner ends with the job; this is to outlive the job.
    builder.environment().remove("RUNNER_TRACKING_ID");
    builder.redirectInput(new File("/dev/null"));
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.appendTo(file.toFile()));
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
