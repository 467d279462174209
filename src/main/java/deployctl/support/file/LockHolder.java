package deployctl.support.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the process that holds a file lock, from Linux's {@code /proc/locks} (proc_locks(5)). It
 * may be another one a moment later: whoever acts on it looks at the process's own identity, too.
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
    long pid = pids(file).stream().findFirst().orElse(NOBODY);
    return pid > 0 ? describeProcess(Long.toString(pid)) : "another process";
  }

  /**
   * Return which processes may hold a lock on a file, as the kernel's list of locks says
   * (proc_locks(5)). Those of another file system may have the same inode number, and some file
   * systems show another device there than to who asks for it: so the device decides where it is
   * found, and the number alone where it is not.
   *
   * @return none where nobody holds one; {@link #UNKNOWN} among them where the kernel does not
   *     tell, or tells of a process that this one cannot see
   */
  static List<Long> pids(Path file) {
    try {
      List<Long> sameNumber = new ArrayList<>();
      List<Long> sameFile = new ArrayList<>();
      String device = device(file);
      Object inode = Files.getAttribute(file, "unix:ino");
      for (String line : Files.readAllLines(Path.of("/proc/locks"))) {
        // 1: POSIX  ADVISORY  WRITE 3568 fd:00:2531452 0 EOF
        List<String> fields = List.of(line.trim().split("\\s+"));
        if (fields.size() > 5
            && !fields.get(1).equals("->")
            && fields.get(5).endsWith(":" + inode)) {
          long pid = Math.max(UNKNOWN, Long.parseLong(fields.get(4)));
          (fields.get(5).equals(device + ":" + inode) ? sameFile : sameNumber)
              .add(pid == NOBODY ? UNKNOWN : pid);
        }
      }
      return sameFile.isEmpty() ? sameNumber : sameFile;
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return List.of(UNKNOWN);
    }
  }

  /** The device of a file as the kernel's list has it: its major and minor number (makedev(3)). */
  private static String device(Path file) throws IOException {
    long device = Files.getAttribute(file, "unix:dev") instanceof Long number ? number : 0;
    long major = device >>> 8 & 0xfff | device >>> 32 & ~0xfffL;
    long minor = device & 0xff | device >>> 12 & 0xfff00;
    return String.format("%02x:%02x", major, minor);
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
