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
  private LockHolder() {}

  /**
   * Return for instance "process 123 (java, stopped)", or "another process" where it cannot be
   * told.
   */
  static String describe(Path file) {
    try {
      Object inode = Files.getAttribute(file, "unix:ino");
      for (String line : Files.readAllLines(Path.of("/proc/locks"))) {
        // 1: POSIX  ADVISORY  WRITE 3568 fd:00:2531452 0 EOF
        List<String> fields = List.of(line.trim().split("\\s+"));
        if (fields.size() > 5
            && !fields.get(1).equals("->")
            && fields.get(5).endsWith(":" + inode)) {
          return describeProcess(fields.get(4));
        }
      }
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return "another process";
    }
    return "another process";
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
