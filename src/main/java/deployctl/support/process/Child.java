package deployctl.support.process;

import deployctl.support.Failure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program that has this one's terminal and files, and a process group of its own, so that all of
 * it can be told to end. What it writes goes where this program's output goes, untouched.
 */
public interface Child {
  /** Starts such programs. */
  interface ChildStarter {
    /**
     * Tell what a shell would exit with for a command that cannot be run (POSIX, "Exit Status for
     * Commands").
     *
     * @return 0 when it can be run, else {@link ChildProcess#NOT_FOUND} or {@link
     *     ChildProcess#NOT_EXECUTABLE}
     */
    int check(String command);

    /**
     * Start a program.
     *
     * @param environment variables that are set besides those of this process
     * @throws Failure when it cannot be started
     */
    Child start(List<String> argv, Map<String, String> environment);
  }

  /**
   * Return what tells it from every other process; it leads a session of its own where it can. Null
   * where that is not known.
   */
  @Nullable ProcessIdentity identity();

  /** Wait until it has ended and return its exit code: 128 and the signal's number for a kill. */
  int await() throws InterruptedException;

  /**
   * Tell all of its group to end; after a grace time end what is left.
   *
   * @return whether it ended by itself within the grace time
   */
  boolean end(Duration grace);
}
