package deployctl.support.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

/**
 * A folder for what belongs to this machine's processes alone: signs of life, and what a detached
 * process said on stderr. Other machines do not look at it.
 */
public final class MachineFolder {
  private final Path folder;

  /** Make it; the folder need not exist. */
  public MachineFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Give a sign of life that a full disk does not stop: the time of an empty file.
   *
   * <p>Not of a lock file: setting its time opens and closes it, which would free the lock.
   */
  public void beat(String name, Instant now) {
    try {
      Path beat = folder.resolve(name);
      if (!Files.exists(beat)) {
        RegularFile.openOwn(beat).close();
      }
      Files.setLastModifiedTime(beat, FileTime.from(now));
    } catch (IOException e) {
      // There are other signs.
      return;
    }
  }

  /** Return a number that changes with each sign of life; 0 where there is none. */
  public long lastBeat(String name) {
    try {
      return Files.getLastModifiedTime(folder.resolve(name)).toMillis();
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * Tell whether a process may hold the lock on a file of this folder: false when the kernel says
   * that nobody or another does, true when it names that process or cannot tell.
   */
  public boolean mayHold(String name, long pid) {
    List<Long> holders = LockHolder.pids(folder.resolve(name));
    return holders.contains(pid) || holders.contains(LockHolder.UNKNOWN);
  }

  /** Return a file in the folder, which need not exist. */
  public LocalFile file(String name) {
    return new LocalFile(folder.resolve(name));
  }
}
