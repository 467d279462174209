package deployctl.retryqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.support.file.DurableWrite;
import deployctl.testing.JavaProcess;
import deployctl.testing.ScriptedSlack;
import deployctl.testing.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Q1, and the twin of Q2, with real processes; the rest is in the image's tests. */
class QueuePromisesTest {
  @TempDir Path folder;

  private Path queueFolder() {
    return folder.resolve("queue");
  }

  private Set<String> waiting() {
    Spool queue = QueueWorker.queue(queueFolder(), step -> {});
    Set<String> ids = new HashSet<>(queue.waitingIds());
    assertEquals(
        ids.size(), ids.stream().map(queue::read).filter(Objects::nonNull).count(), "all whole");
    return ids;
  }

  private static List<String> reported(List<String> said) {
    return said.stream()
        .filter(line -> line.matches("ok msg_.*;"))
        .map(line -> line.substring(3, line.length() - 1))
        .toList();
  }

  /** Q1: an end at any step of queueing leaves the whole message or none. */
  @ParameterizedTest
  @EnumSource(DurableWrite.WriteStep.class)
  void anEndWhileQueueingLeavesAllOrNothing(DurableWrite.WriteStep step) throws Exception {
    JavaProcess halted = QueueWorker.start(List.of(), "halt-at-" + step, queueFolder(), "1");
    assertEquals(137, halted.waitFor());
    boolean there = step.compareTo(DurableWrite.WriteStep.RENAMED) >= 0;
    assertEquals(there ? 1 : 0, waiting().size());
    JavaProcess next = QueueWorker.start(List.of(), "enqueue", queueFolder(), "1");
    assertEquals(0, next.waitFor());
    assertEquals(there ? 2 : 1, waiting().size());
  }

  /** Q1 with SIGKILL by the kernel: what was reported as queued is there. */
  @ParameterizedTest
  @CsvSource({"fsync,1", "fsync,2", "fsync,5", "link,1", "link,3"})
  void aKillAtTheSystemCallsOfQueueingLosesNothingReported(String call, int when) throws Exception {
    List<String> strace = Tools.killedAt(call, when);
    JavaProcess killed = QueueWorker.start(strace, "enqueue", queueFolder(), "5");
    List<String> said = killed.rest();
    assertEquals(137, killed.waitFor(), "the kill came");
    assertTrue(waiting().containsAll(reported(said)), said.toString());
  }

  /** Q1, the order in the trace: the file is on disk, then its name, then it is said. */
  @Test
  void queuedIsSaidAfterItIsOnDisk() throws Exception {
    Tools.need("strace");
    Path trace = folder.resolve("trace");
    List<String> strace =
        List.of(
            "strace", "-f", "-qq", "-y", "-o", trace.toString(), "-e", "trace=fsync,link,write");
    assertEquals(0, QueueWorker.start(strace, "enqueue", queueFolder(), "1").waitFor());
    StringBuilder order = new StringBuilder();
    for (String line : Files.readAllLines(trace)) {
      if (line.contains("fsync(") && line.contains(".tmp>")) {
        order.append("file ");
      } else if (line.contains("link(") && line.contains("queue/msg_")) {
        order.append("name ");
      } else if (line.contains("fsync(") && line.contains("/queue>")) {
        order.append("folder ");
      } else if (line.contains("write(1") && line.contains("ok msg_")) {
        order.append("said");
      }
    }
    assertEquals("file name folder said", order.toString());
  }

  /** Q2's twin: without channel locks eight processors send twice. */
  @Test
  void withoutChannelLocksMessagesAreSentTwice() throws Exception {
    QueueWorker.start(List.of(), "enqueue", queueFolder(), "100").waitFor();
    try (ScriptedSlack slack = new ScriptedSlack()) {
      slack.script(
          call ->
              (exchange, accept) -> {
                sleep();
                ScriptedSlack.accepting().meet(exchange, accept);
              });
      List<JavaProcess> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(QueueWorker.start(List.of(), "process-naive", queueFolder(), slack.url()));
      }
      for (JavaProcess one : all) {
        one.waitFor();
      }
      assertTrue(
          slack.messages().size() > 100, "the test cannot tell a safe queue from an unsafe one");
    }
  }

  private static void sleep() {
    try {
      TimeUnit.MILLISECONDS.sleep(5);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
