package deployctl.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.state.StateDocument;
import deployctl.state.StateUnavailable;
import deployctl.state.file.FileDocument;
import deployctl.support.file.DurableWrite;
import deployctl.support.time.SystemTime;
import deployctl.testing.JavaProcess;
import deployctl.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the registry promises under kills and crowds, with real processes. Rounds are small here;
 * {@code -Ddeployctl.promises=full} runs the figures of the benchmarks' README.
 */
class RegistryPromisesTest {
  private static final boolean FULL = "full".equals(System.getProperty("deployctl.promises"));

  @TempDir Path folder;

  private Registry registry() {
    StateDocument store =
        new FileDocument(
            folder,
            "deployments.json",
            Duration.ofSeconds(10),
            new SystemTime(),
            new SplittableRandom(1),
            new DurableWrite());
    return new Registry(
        store,
        warning -> {
          throw new AssertionError(warning);
        });
  }

  private Set<String> ids() {
    return registry().read().deployments().stream()
        .map(Deployment::correlationId)
        .collect(Collectors.toSet());
  }

  private void assertNoLitter() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<String> temporary =
          files.map(f -> f.getFileName().toString()).filter(f -> f.endsWith(".tmp")).toList();
      assertEquals(List.of(), temporary);
    }
  }

  private List<JavaProcess> startMany(String mode, int processes, int each) throws IOException {
    List<JavaProcess> workers = new ArrayList<>();
    for (int i = 0; i < processes; i++) {
      workers.add(RegistryWorker.start(mode, folder, each, "p" + i));
    }
    return workers;
  }

  /**
   * R4 and R5: every registration of a crowd is there, and a reader never sees a torn file
   * meanwhile.
   */
  @Test
  void losesNoUpdateOfACrowdAndNeverShowsATornFile() throws Exception {
    int processes = FULL ? 64 : 8;
    int each = FULL ? 100 : 20;
    Files.createDirectories(folder);
    List<JavaProcess> workers = startMany("register", processes, each);
    int reads = 0;
    while (workers.stream().anyMatch(RegistryPromisesTest::alive)) {
      RegistryDocument seen = registry().read();
      assertTrue(seen.deployments().size() <= processes * each);
      reads++;
    }
    for (JavaProcess worker : workers) {
      assertEquals(0, worker.waitFor(), () -> String.join("\n", rest(worker)));
    }
    assertEquals(processes * each, ids().size());
    assertNoLitter();
    System.out.println(
        "figures: registry: "
            + processes
            + " processes x "
            + each
            + " registrations, 0 lost, "
            + reads
            + " reads, 0 torn");
  }

  /** R4's twin: without the protections the same crowd loses updates. */
  @Test
  void theSameCrowdLosesUpdatesWithoutTheProtections() throws Exception {
    Files.createDirectories(folder);
    int lostOrBroken = 0;
    for (JavaProcess worker : startMany("register-naive", 8, 20)) {
      lostOrBroken += worker.waitFor() == 0 ? 0 : 1;
    }
    String left = Files.readString(folder.resolve("deployments.json"));
    lostOrBroken += 8 * 20 - left.split("correlation_id", -1).length + 1;
    assertTrue(lostOrBroken > 0, "the test cannot tell a safe store from an unsafe one");
  }

  /** R3: at most one holds the lock, and everyone gets it in turn. */
  @Test
  void letsOneOfACrowdHoldTheLockAtATime() throws Exception {
    int processes = FULL ? 64 : 8;
    int each = FULL ? 100 : 10;
    Files.createDirectories(folder);
    List<String> said = new ArrayList<>();
    for (JavaProcess worker : startMany("take-turns", processes, each)) {
      said.addAll(worker.rest());
      assertEquals(0, worker.waitFor(), () -> String.join("\n", said));
    }
    assertEquals(0, said.stream().filter(line -> line.startsWith("overlap")).count());
    assertEquals(
        (long) processes * each, said.stream().filter(line -> line.startsWith("ok")).count());
    System.out.println(
        "figures: lock: " + processes + " processes x " + each + " turns, 0 overlaps, all served");
  }

  /** R3's twin. */
  @Test
  void theSameCrowdOverlapsWithoutTheProtections() throws Exception {
    Files.createDirectories(folder);
    List<String> said = new ArrayList<>();
    int crashed = 0;
    List<JavaProcess> workers = startMany("take-turns-naive", 4, 50);
    for (JavaProcess worker : workers) {
      said.addAll(worker.rest());
      crashed += worker.waitFor() == 0 ? 0 : 1;
    }
    boolean violated = crashed > 0 || said.stream().anyMatch(line -> line.startsWith("overlap"));
    assertTrue(violated, "the test cannot tell a safe store from an unsafe one");
  }

  /** R1, with the process halted between any two steps of a write. */
  @ParameterizedTest
  @EnumSource(DurableWrite.WriteStep.class)
  void survivesAnEndAtEachStepOfAWrite(DurableWrite.WriteStep step) throws Exception {
    Files.createDirectories(folder);
    RegistryWorker.start("register", folder, 2, "before").waitFor();
    JavaProcess killed = RegistryWorker.start("halt-at-" + step, folder, 1, "during");
    assertEquals(137, killed.waitFor());
    boolean renamed = step.compareTo(DurableWrite.WriteStep.RENAMED) >= 0;
    assertEquals(renamed, ids().contains("during-0"), "old or new, never a mixture");
    assertTrue(ids().containsAll(Set.of("before-0", "before-1")));
    assertEquals(0, RegistryWorker.start("register", folder, 1, "after").waitFor());
    assertTrue(ids().contains("after-0"));
    assertNoLitter();
  }

  /** R1's twin: a write in place that ends in the middle is noticed by the check above. */
  @Test
  void aWriteInPlaceDoesNotSurviveSuchAnEnd() throws Exception {
    Files.createDirectories(folder);
    RegistryWorker.start("register", folder, 2, "before").waitFor();
    assertEquals(137, RegistryWorker.start("halt-naive", folder, 1, "during").waitFor());
    assertThrows(StateUnavailable.class, this::ids);
  }

  /** R1, with SIGKILL at random moments: what was reported as done is there. */
  @Test
  void losesNothingReportedToRandomKills() throws Exception {
    int kills = FULL ? 150 : 15;
    Files.createDirectories(folder);
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int reported = 0;
    for (int i = 0; i < kills; i++) {
      JavaProcess worker = RegistryWorker.start("register", folder, 1_000, "k" + i);
      List<String> done = new ArrayList<>();
      done.add(worker.nextLine());
      long end = System.nanoTime() + random.nextInt(20_000_000);
      while (System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      worker.signal("KILL");
      done.addAll(worker.rest());
      worker.waitFor();
      Set<String> there = ids();
      for (String line : done) {
        // A line that the kill cut short reports nothing.
        if (line.matches("ok k\\d+-\\d+;")) {
          assertTrue(
              there.contains(line.substring(3, line.length() - 1)),
              line + " was lost, seed " + seed);
          reported++;
        }
      }
    }
    assertEquals(0, RegistryWorker.start("register", folder, 1, "last").waitFor());
    assertNoLitter();
    System.out.println(
        "figures: registry: "
            + kills
            + " kills, "
            + reported
            + " reported registrations, 0 lost, seed "
            + seed);
  }

  /** R1, with SIGKILL sent by the kernel as the k-th system call of a kind begins. */
  @ParameterizedTest
  @CsvSource({"fsync,1", "fsync,2", "rename,1", "rename,2", "link,1", "unlink,1", "chmod,1"})
  void survivesAKillAtTheSystemCallsOfAWrite(String call, int when) throws Exception {
    Files.createDirectories(folder);
    RegistryWorker.start("register", folder, 2, "before").waitFor();
    List<String> strace = Tools.killedAt(call, when);
    JavaProcess worker = RegistryWorker.start(strace, "register", folder, 1, "during");
    List<String> said = worker.rest();
    assertEquals(137, worker.waitFor(), "the kill came");
    assertTrue(ids().containsAll(Set.of("before-0", "before-1")));
    if (said.contains("ok during-0;")) {
      assertTrue(ids().contains("during-0"), "reported and lost");
    }
    assertEquals(0, RegistryWorker.start("register", folder, 1, "after").waitFor());
    assertTrue(ids().contains("after-0"));
    assertNoLitter();
  }

  /** R2: the new file is on disk, then its name, then the answer is given. */
  @Test
  void isDurableBeforeItSaysOk() throws Exception {
    Tools.need("strace");
    Files.createDirectories(folder);
    Path trace = folder.resolveSibling(folder.getFileName() + ".trace");
    List<String> strace =
        List.of(
            "strace",
            "-f",
            "-qq",
            "-y",
            "-o",
            trace.toString(),
            "-e",
            "trace=fsync,rename,write,writev");
    assertEquals(0, RegistryWorker.start(strace, "register", folder, 1, "x").waitFor());
    List<String> calls = Files.readAllLines(trace);
    int syncedFile = indexOf(calls, 0, "fsync(", ".tmp>");
    int renamed = indexOf(calls, syncedFile, "rename(", "deployments.json\"");
    int syncedFolder = indexOf(calls, renamed, "fsync(", folder.getFileName() + ">");
    int answered = indexOf(calls, syncedFolder, "write(1", "ok x-0");
    assertTrue(answered > 0);
    Files.delete(trace);
  }

  private static int indexOf(List<String> calls, int from, String start, String part) {
    for (int i = from; i < calls.size(); i++) {
      if (calls.get(i).contains(start) && calls.get(i).contains(part)) {
        return i;
      }
    }
    throw new AssertionError(
        "no "
            + start
            + " with "
            + part
            + " after line "
            + from
            + " of\n"
            + String.join("\n", calls));
  }

  private static boolean alive(JavaProcess worker) {
    return ProcessHandle.of(worker.pid()).map(ProcessHandle::isAlive).orElse(false);
  }

  private static List<String> rest(JavaProcess worker) {
    try {
      return worker.rest();
    } catch (IOException e) {
      return List.of(e.toString());
    }
  }

  /** R5's twin: a torn file would have been noticed. */
  @Test
  void theReadersOfTheseTestsWouldNoticeATornFile() throws Exception {
    Files.createDirectories(folder);
    RegistryWorker.start("register", folder, 3, "x").waitFor();
    byte[] whole = Files.readAllBytes(folder.resolve("deployments.json"));
    Files.write(folder.resolve("deployments.json"), Arrays.copyOf(whole, whole.length / 2));
    assertThrows(StateUnavailable.class, () -> registry().read());
  }
}
