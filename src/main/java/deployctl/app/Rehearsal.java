package deployctl.app;

import deployctl.cli.Terminal;
import deployctl.support.process.Shutdown;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Runs many commands in one process, so that the JVM can list what they load: of that list the
 * start-up archives are made.
 *
 * <p>The commands come on stdin, one a line, words between spaces. What they print is dropped; an
 * exit code that the line does not begin with fails the rehearsal, for an archive trained on errors
 * serves nobody.
 */
public final class Rehearsal {
  private Rehearsal() {}

  /** With every class in the archive, no jar is opened at all. */
  private static void loadEntry() {
    try {
      Class.forName("deployctl.Main");
      Class.forName("deployctl.support.process.Exit");
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Run the commands of stdin, each {@code <expected exit code> <word>...}. */
  public static void main(String[] args) throws IOException {
    loadEntry();
    Platform real = Platform.ofProcess();
    Platform muted =
        new Platform(
            real.processes(),
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            OutputStream.nullOutputStream(),
            Terminal.none(),
            real.env(),
            real.time(),
            real.random(),
            Shutdown.hooks());
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      int space = line.indexOf(' ');
      int expected = Integer.parseInt(line.substring(0, space));
      int code = new Application(muted).run(line.substring(space + 1).split(" "));
      if (code != expected) {
        System.err.println("rehearsal: '" + line.substring(space + 1) + "' exited with " + code);
        System.exit(1);
      }
    }
  }
}
