package deployctl.support.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Tells one process from every other, now and after its pid is used again.
 *
 * @param pid the process id, inside {@code pidNamespace}
 * @param start when the kernel started it, in clock ticks after boot (proc_pid_stat(5), field 22);
 *     null where unknown
 * @param bootId the kernel's id of this boot; null where unknown
 * @param pidNamespace the namespace that {@code pid} counts in: two containers on a host share the
 *     boot, not the pids; null where unknown
 */
public record ProcessIdentity(
    long pid, @Nullable Long start, @Nullable String bootId, @Nullable String pidNamespace) {
  private static final Path PROC = Path.of("/proc");

  /** Return this process. */
  public static ProcessIdentity current() {
    return of(ProcessHandle.current().pid());
  }

  /** Return a process of this machine; its start is null when it has ended. */
  public static ProcessIdentity of(long pid) {
    return new ProcessIdentity(pid, startOf(pid), currentBootId(), currentPidNamespace());
  }

  /**
   * Tell whether that process is gone for certain, seen from this one.
   *
   * @return true only when everything that identifies it is known, it counts its pids where this
   *     process does, and no such process runs; false when it lives or when it cannot be told from
   *     here
   */
  public boolean certainlyDead() {
    if (start == null || bootId == null || pidNamespace == null) {
      return false;
    }
    String boot = currentBootId();
    // Another boot may be this machine's earlier one or another machine's: it cannot be told. And
    // the first pid
    // namespace has the same name everywhere.
    return bootId.equals(boot)
        && pidNamespace.equals(currentPidNamespace())
        && !start.equals(startOf(pid));
  }

  /** Tell whether that very process runs here and now; false also when that cannot be told. */
  public boolean runsHere() {
    return start != null
        && bootId != null
        && bootId.equals(currentBootId())
        && (pidNamespace == null || pidNamespace.equals(currentPidNamespace()))
        && start.equals(startOf(pid));
  }

  /**
   * Tell whether that process, or one of the session that it leads, runs here and now; false also
   * when that cannot be told.
   */
  public boolean anyOfItsSessionRunsHere() {
    if (runsHere()) {
      return true;
    }
    // The number of a session is not given to another process before the last of it has ended.
    boolean here =
        start != null
            && bootId != null
            && bootId.equals(currentBootId())
            && (pidNamespace == null || pidNamespace.equals(currentPidNamespace()));
    return here && startOf(pid) == null && new ProcessSession(pid).anyRuns();
  }

  /**
   * Ask that process to end (SIGTERM), or end it (SIGKILL), if it is still the same one.
   *
   * @return whether a signal was sent
   */
  public boolean end(boolean forcibly) {
    if (!runsHere()) {
      return false;
    }
    return ProcessHandle.of(pid)
        .map(process -> forcibly ? process.destroyForcibly() : process.destroy())
        .orElse(false);
  }

  private static @Nullable Long startOf(long pid) {
    try {
      return startIn(Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat")));
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  /**
   * Return when a process started, by its line in the kernel's list; null when it has ended.
   *
   * <p>A process whose first thread has ended looks like one that nobody waits for
   * (proc_pid_stat(5), field 3: Z) while others of its threads still end, and until the last one
   * its files are open and its locks held (field 20 counts them).
   */
  static @Nullable Long startIn(String stat) {
    // The command in parentheses may hold spaces and parentheses; what follows the last one is
    // fixed.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    boolean ended =
        fields[0].equals("X") || fields[0].equals("Z") && Integer.parseInt(fields[17]) <= 1;
    return ended ? null : Long.valueOf(fields[19]);
  }

  private static @Nullable String currentBootId() {
    try {
      return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).trim();
    } catch (IOException e) {
      return null;
    }
  }

  private static @Nullable String currentPidNamespace() {
    try {
      return Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString();
    } catch (IOException | UnsupportedOperationException e) {
      return null;
    }
  }
}
