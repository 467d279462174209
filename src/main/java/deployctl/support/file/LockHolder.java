package deployctl.support.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Finds the process that holds a file lock, from Linux's {@code /proc/locks} (proc_locks(5)).
 *
 * <p>A guess for an error message, never a base for a decision: the holder may change meanwhile.
 */
final class LockHolder {
  /** Nobody holds it. */
  static final long NOBODY = 0;

  /** It cannot be told who holds it, or whether somebody does. */
  static final long UNKNOWN = -1;

  private LockHolder() {}

  /**
   * Return for instance "process 123 (java, stopped)", or "another process" where it cannot be
   * told.
   */
  static String describe(Path file) {
    long pid = pid(file);
    return pid > 0 ? describeProcess(Long.toString(pid)) : "another process";
  }

  /**
   * Return which process holds a lock on a file, as the kernel's list of locks says
   * (proc_locks(5)).
   *
   * @return {@link #NOBODY} where nobody holds one, {@link #UNKNOWN} where the kernel does not
   *     tell, or tells of a process that this one cannot see
   */
  static long pid(Path file) {
    try {
      Object inode = Files.getAttribute(file, "unix:ino");
      for (String line : Files.readAllLines(Path.of("/proc/locks"))) {
        // 1: POSIX  ADVISORY  WRITE 3568 fd:00:2531452 0 EOF
        List<String> fields = List.of(line.trim().split("\\s+"));
        if (fields.size() > 5
            && !fields.get(1).equals("->")
            && fields.get(5).endsWith(":" + inode)) {
          long pid = Long.parseLong(fields.get(4));
          return pid > 0 ? pid : UNKNOWN;
        }
      }
      return NOBODY;
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return UNKNOWN;
    }
  }

  private static String describeProcess(String pid) {
    try {
      String command = Files.readString(Path.of("/proc", pid, "comm")).trim();
      String stat = Files.readString(Path.of("/proc", pid, "stat"));
      char state = stat.charAt(stat.lastIndexOf(')') + 2);
      return "process " + pid + " (" + command + (state == 'T' ? ", stopped" : "") + ")";
    } catch (IOException | StringIndexOutOfBoundsException e) {
      return "process " + pid;
    }
  }
}
