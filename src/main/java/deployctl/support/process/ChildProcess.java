package deployctl.support.process;

import deployctl.support.Failure;
import deployctl.support.file.FileErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Child} as the operating system has it: a program that has this one's terminal and files,
 * and a process group of its own, so that all of it can be told to end. What it writes goes where
 * this program's output goes, untouched.
 */
public final class ChildProcess implements Child {
  /**
   * What a shell exits with for a command that is not there (POSIX, "Exit Status for Commands").
   */
  public static final int NOT_FOUND = 127;

  /** What a shell exits with for a command that cannot be run. */
  public static final int NOT_EXECUTABLE = 126;

  private final Process process;
  private final boolean group;

  private ChildProcess(Process process, boolean group) {
    this.process = process;
    this.group = group;
  }

  /** Return what starts such programs, searched in the folders of {@code path}; null for none. */
  public static ChildStarter starter(@Nullable String path) {
    return new ChildStarter() {
      @Override
      public int check(String command) {
        return ChildProcess.check(command, path);
      }

      @Override
      public Child start(List<String> argv, Map<String, String> environment) {
        return ChildProcess.start(argv, environment, path);
      }
    };
  }

  /**
   * Tell what a shell would exit with for a command that cannot be run.
   *
   * @param path folders between colons that are searched; null for none
   * @return 0 when it can be run, else {@link #NOT_FOUND} or {@link #NOT_EXECUTABLE}
   */
  static int check(String command, @Nullable String path) {
    if (!command.contains("/")) {
      return ExternalProgram.find(path, command).isPresent() ? 0 : NOT_FOUND;
    }
    Path file = Path.of(command);
    if (!Files.exists(file)) {
      return NOT_FOUND;
    }
    return Files.isDirectory(file) || !Files.isExecutable(file) ? NOT_EXECUTABLE : 0;
  }

  /**
   * Start a program.
   *
   * @param environment variables that are set besides those of this process
   * @throws Failure when it cannot be started
   */
  static ChildProcess start(
      List<String> argv, Map<String, String> environment, @Nullable String path) {
    Optional<Path> setsid = ExternalProgram.find(path, "setsid");
    List<String> command = new ArrayList<>();
    setsid.ifPresent(program -> command.add(program.toString()));
    command.addAll(argv);
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().putAll(environment);
    try {
      return new ChildProcess(builder.start(), setsid.isPresent());
    } catch (IOException e) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          argv.get(0) + " cannot be started: " + FileErrors.reason(e),
          "Check the command",
          e);
    }
  }

  /** Return its process id, which names its group too. */
  public long pid() {
    return process.pid();
  }

  @Override
  public @Nullable ProcessIdentity identity() {
    ProcessIdentity identity = ProcessIdentity.of(process.pid());
    return identity.start() == null ? null : identity;
  }

  @Override
  public int await() throws InterruptedException {
    return process.waitFor();
  }

  /** Wait for so long at most; returns whether it has ended. */
  public boolean await(Duration most) {
    try {
      return process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    }
  }

  @Override
  public boolean end(Duration grace) {
    signal("TERM");
    boolean willingly = await(grace);
    // Its children may outlive it: the group is gone only after this.
    signal("KILL");
    await(Duration.ofSeconds(2));
    return willingly;
  }

  private void signal(String name) {
    if (group) {
      try {
        Process kill =
            new ProcessBuilder("kill", "-" + name, "--", "-" + process.pid())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        kill.waitFor(2, TimeUnit.SECONDS);
        return;
      } catch (IOException e) {
        // Without kill(1) the processes are told one by one.
        each(name);
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    each(name);
  }

  private void each(String name) {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    for (ProcessHandle one : all) {
      if (name.equals("KILL")) {
        one.destroyForcibly();
      } else {
        one.destroy();
      }
    }
  }
}
