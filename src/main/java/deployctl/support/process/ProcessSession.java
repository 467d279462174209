package deployctl.support.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The processes of one session (setsid(2)), of this machine.
 *
 * @param id the pid of the process that began it
 */
record ProcessSession(long id) {
  private static final Path PROC = Path.of("/proc");

  /** Tell whether a process of it runs; false where the system does not list its processes. */
  boolean anyRuns() {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : all) {
        if (isOf(process)) {
          return true;
        }
      }
    } catch (IOException e) {
      return false;
    }
    return false;
  }

  private boolean isOf(Path process) {
    try {
      return runsIn(Files.readString(process.resolve("stat")));
    } catch (IOException | RuntimeException e) {
      // It has ended while it was looked at.
      return false;
    }
  }

  /** Tell whether a line of the kernel's is of a running process of this session. */
  boolean runsIn(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    // proc_pid_stat(5), field 6.
    return Long.parseLong(fields[3]) == id && ProcessIdentity.startIn(stat) != null;
  }
}
