package deployctl.app;

import deployctl.cli.Terminal;
import deployctl.support.env.Env;
import deployctl.support.process.Shutdown;
import deployctl.support.time.SystemTime;
import deployctl.support.time.Time;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The outside world as the program is given it.
 *
 * @param in stdin
 * @param program the words that start this program as a process of its own
 * @param out stdout, unbuffered
 * @param err stderr, unbuffered
 */
public record Platform(
    List<String> program,
    InputStream in,
    OutputStream out,
    OutputStream err,
    Terminal terminal,
    Env env,
    Time time,
    RandomGenerator random,
    Shutdown.Hooks shutdown) {

  private static List<String> ownProgram() {
    String home = System.getProperty("deployctl.home");
    return List.of(home == null ? "deployctl" : Path.of(home, "bin", "deployctl").toString());
  }

  /** Return the world of this process. */
  static Platform ofProcess() {
    Env env = Env.ofProcess();
    // Two processes that start in the same nanosecond must still differ.
    long seed =
        System.nanoTime()
            ^ System.currentTimeMillis()
            ^ ProcessHandle.current().pid() * 0x9E3779B97F4A7C15L;
    return new Platform(
        ownProgram(),
        new FileInputStream(FileDescriptor.in),
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        Terminal.fromLauncher(
            System.getProperty("deployctl.terminal"), System.getProperty("deployctl.size"), env),
        env,
        new SystemTime(),
        new SplittableRandom(seed),
        Shutdown.hooks());
  }
}
