package deployctl.support.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.support.time.SystemTime;
import deployctl.support.time.Time;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLockTest {
  @TempDir Path folder;
  private final Time time = new SystemTime();

  private ProcessLock.Held take(Duration timeout) throws Exception {
    return ProcessLock.acquire(folder.resolve(".lock"), timeout, time, new SplittableRandom(1));
  }

  @Test
  void excludesTheOtherThreadsOfTheProcess() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    CountDownLatch start = new CountDownLatch(1);
    Future<?>[] all = new Future<?>[8];
    for (int i = 0; i < all.length; i++) {
      all[i] =
          threads.submit(
              () -> {
                start.await();
                for (int j = 0; j < 20; j++) {
                  try (ProcessLock.Held held = take(Duration.ofSeconds(20))) {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    inside.decrementAndGet();
                  }
                }
                return null;
              });
    }
    start.countDown();
    for (Future<?> one : all) {
      one.get();
    }
    threads.shutdown();
    assertEquals(1, most.get());
  }

  @Test
  void isTakenAgainByTheThreadThatHasIt() throws Exception {
    try (ProcessLock.Held outer = take(Duration.ZERO)) {
      take(Duration.ZERO).close();
      ExecutorService other = Executors.newSingleThreadExecutor();
      Future<?> attempt = other.submit(() -> take(Duration.ofMillis(50)));
      Exception e = assertThrows(Exception.class, attempt::get);
      assertTrue(e.getCause() instanceof ProcessLock.Timeout, String.valueOf(e.getCause()));
      other.shutdown();
    }
    take(Duration.ZERO).close();
  }

  @Test
  void readingTheGuardedFileDoesNotFreeTheLock() throws Exception {
    Path guarded = Files.writeString(folder.resolve("guarded"), "x");
    try (ProcessLock.Held held = take(Duration.ZERO)) {
      Files.readString(guarded);
      String locks = Files.readString(Path.of("/proc/locks"));
      Object inode = Files.getAttribute(folder.resolve(".lock"), "unix:ino");
      assertTrue(locks.contains(":" + inode + " "), locks);
    }
  }
}
