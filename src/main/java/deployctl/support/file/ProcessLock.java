package deployctl.support.file;

import deployctl.support.time.Deadline;
import deployctl.support.time.Jitter;
import deployctl.support.time.Time;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A lock between processes, and between the threads of this one, on a file that serves nothing
 * else.
 *
 * <p>The file is never deleted and never opened by anything else: closing any other channel on it
 * would free the lock, and a lock on a deleted file excludes nobody. The kernel frees the lock of a
 * process that dies; a process that is merely stopped keeps it, which is why waiting has an end.
 */
public final class ProcessLock {
  /** The lock is somebody else's and stayed so. */
  public static final class Timeout extends Exception {
    private static final long serialVersionUID = 1;

    private Timeout(String holder) {
      super(holder);
    }

    /** Return who holds the lock, for a sentence: a process and its state, or "another process". */
    public String holder() {
      String message = getMessage();
      return message == null ? "another process" : message;
    }
  }

  /** A lock that is held; closing it gives it up. Taken again by the same thread, it counts. */
  public static final class Held implements AutoCloseable {
    private final Local local;

    private Held(Local local) {
      this.local = local;
    }

    @Override
    public void close() throws IOException {
      local.release();
    }
  }

  private static final Map<Path, Local> LOCALS = new ConcurrentHashMap<>();
  private static final Duration POLL = Duration.ofMillis(6);

  private ProcessLock() {}

  /**
   * Take the lock on {@code file}, making the file when it is missing.
   *
   * @param timeout how long to wait for another holder
   * @throws Timeout when another still holds it after that time
   * @throws IOException when the file cannot be made or opened
   */
  public static Held acquire(Path file, Duration timeout, Time time, RandomGenerator random)
      throws IOException, Timeout {
    Path folder = file.toAbsolutePath().normalize().getParent();
    Path real = (folder == null ? file : folder.toRealPath().resolve(file.getFileName()));
    Local local = LOCALS.computeIfAbsent(real, Local::new);
    local.acquire(timeout, time, random);
    return new Held(local);
  }

  /**
   * Return who holds the lock on {@code file}, for a message: such as "process 123 (java,
   * stopped)", or "another process" where that cannot be told.
   */
  public static String holder(Path file) {
    return LockHolder.describe(file);
  }

  /**
   * What this process knows of one lock file. The OS lock belongs to the process, not to a thread.
   */
  private static final class Local {
    private final Path file;
    private final ReentrantLock threads = new ReentrantLock(true);
    private @Nullable FileChannel channel;
    private @Nullable FileLock lock;

    private Local(Path file) {
      this.file = file;
    }

    private void acquire(Duration timeout, Time time, RandomGenerator random)
        throws IOException, Timeout {
      Deadline deadline = Deadline.in(timeout, time);
      try {
        if (!threads.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
          throw new Timeout("another thread of this process");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Timeout("interrupted while waiting");
      }
      boolean acquired = false;
      try {
        if (threads.getHoldCount() == 1) {
          lockFile(deadline, time, random);
        }
        acquired = true;
      } finally {
        if (!acquired) {
          threads.unlock();
        }
      }
    }

    private void lockFile(Deadline deadline, Time time, RandomGenerator random)
        throws IOException, Timeout {
      FileChannel opened = RegularFile.openOwn(file);
      FileLock taken = null;
      try {
        taken = opened.tryLock();
        while (taken == null) {
          if (deadline.passed()) {
            throw new Timeout(LockHolder.describe(file));
          }
          time.sleep(Jitter.around(POLL, 0.8, random));
          taken = opened.tryLock();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Timeout("interrupted while waiting");
      } finally {
        if (taken == null) {
          opened.close();
        }
      }
      channel = opened;
      lock = taken;
    }

    private void release() throws IOException {
      if (!threads.isHeldByCurrentThread()) {
        throw new IllegalMonitorStateException("not held: " + file);
      }
      try {
        if (threads.getHoldCount() == 1) {
          FileLock held = lock;
          FileChannel open = channel;
          lock = null;
          channel = null;
          try {
            if (held != null) {
              held.release();
            }
          } finally {
            if (open != null) {
              open.close();
            }
          }
        }
      } finally {
        threads.unlock();
      }
    }
  }
}
