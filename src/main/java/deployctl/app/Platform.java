package deployctl.app;

import deployctl.cli.Terminal;
import deployctl.support.env.Env;
import deployctl.support.process.Child;
import deployctl.support.process.ChildProcess;
import deployctl.support.process.Detached;
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
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The outside world as the program is given it.
 *
 * @param processes how other programs are started
 * @param in stdin
 * @param out stdout, unbuffered
 * @param err stderr, unbuffered
 */
public record Platform(
    Processes processes,
    InputStream in,
    OutputStream out,
    OutputStream err,
    Terminal terminal,
    Env env,
    Time time,
    RandomGenerator random,
    Shutdown.Hooks shutdown) {

  /**
   * How other programs are started.
   *
   * @param program the words that start this program as a process of its own
   * @param children starts what has this program's terminal
   * @param detached starts what outlives this program
   */
  public record Processes(
      List<String> program,
      Supplier<Child.ChildStarter> children,
      Detached.DetachedStarter detached) {
    /** Return those of the operating system, which looks for programs on a path; null for none. */
    public static Processes real(List<String> program, @Nullable String path) {
      return new Processes(
          program,
          () -> ChildProcess.starter(path),
          (command, errors) -> Detached.start(command, errors));
    }
  }

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
        Processes.real(ownProgram(), env.get("PATH")),
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
