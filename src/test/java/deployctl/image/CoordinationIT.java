package deployctl.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.testing.CliRun;
import deployctl.testing.ScriptedAws;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Coordination between real processes of the image. */
class CoordinationIT {
  @TempDir static Path shared;
  private static InstalledImage image;
  private static ScriptedAws aws;
  @TempDir Path folder;

  @BeforeAll
  static void install() throws Exception {
    image = InstalledImage.unpack(shared);
    aws = ScriptedAws.stacks(Map.of("CourtCaseManagementStack", "UPDATE_COMPLETE"));
  }

  @AfterAll
  static void stop() {
    aws.close();
  }

  private Map<String, String> env() {
    return InstalledImage.env(folder.resolve("registry"), aws.url());
  }

  private Process start(String... args) throws Exception {
    return image.start(env(), folder, args);
  }

  private CliRun run(int expected, String... args) throws Exception {
    CliRun run = image.run(env(), folder, args);
    assertEquals(expected, run.exit(), () -> String.join(" ", args) + "\n" + run);
    return run;
  }

  private void awaitText(String text) throws Exception {
    Path file = folder.resolve("registry/deployments.json");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.exists(file) || !Files.readString(file).contains(text)) {
      assertTrue(System.nanoTime() < end, text + " did not come");
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  @Test
  void of64RegistrationsAtOnceOneIsMade() throws Exception {
    List<Process> all = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      all.add(start("coordinator", "register", "id-" + i, Integer.toString(i), "production"));
    }
    Map<Integer, Integer> exits = new TreeMap<>();
    for (Process process : all) {
      exits.merge(InstalledImage.finish(process).exit(), 1, Integer::sum);
    }
    assertEquals(Map.of(0, 1, 2, 63), exits);
  }

  @Test
  void aKilledWaiterIsSkippedAndTheNextGetsTheLock() throws Exception {
    run(0, "coordinator", "register", "first", "1", "production");
    Process killed = start("coordinator", "acquire", "--correlation-id", "killed", "--wait", "5m");
    awaitText("\"killed\"");
    Process next = start("coordinator", "acquire", "--correlation-id", "next", "--wait", "5m");
    awaitText("\"next\"");
    InstalledImage.signal(killed, "KILL");
    InstalledImage.finish(killed);
    assertTrue(run(0, "coordinator", "queue").out().contains("QUEUED (abandoned)"));
    long released = System.nanoTime();
    run(0, "coordinator", "release", "first");
    assertEquals(0, InstalledImage.finish(next).exit());
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - released);
    assertTrue(seconds < 30, "the next had the lock after " + seconds + " s");
    assertTrue(run(0, "coordinator", "get-active", "-o", "json").out().contains("\"next\""));
  }

  @Test
  void aWaiterThatIsToldToEndGivesItsTicketBack() throws Exception {
    run(0, "coordinator", "register", "first", "1", "production");
    Process waiter = start("coordinator", "acquire", "--correlation-id", "waiter", "--wait", "5m");
    awaitText("\"waiter\"");
    InstalledImage.signal(waiter, "TERM");
    CliRun ended = InstalledImage.finish(waiter);
    assertEquals(143, ended.exit(), ended.toString());
    assertEquals("[]\n", run(0, "coordinator", "queue", "-o", "json").out());
  }

  @Test
  void aHolderThatIsInterruptedReleasesTheLock() throws Exception {
    Process holder =
        start("coordinator", "acquire", "--correlation-id", "holder", "--hold", "-o", "json");
    awaitText("\"IN_PROGRESS\"");
    run(2, "coordinator", "can-deploy");
    InstalledImage.signal(holder, "INT");
    assertEquals(130, InstalledImage.finish(holder).exit());
    run(0, "coordinator", "can-deploy");
    assertTrue(
        run(0, "coordinator", "list", "--all", "-o", "json").out().contains("\"CANCELLED\""));
  }

  @Test
  void aHolderEndsWhenItsDeploymentIsReleased() throws Exception {
    Process holder =
        start("coordinator", "acquire", "--correlation-id", "holder", "--hold", "-o", "json");
    awaitText("\"IN_PROGRESS\"");
    run(0, "coordinator", "release", "holder");
    CliRun ended = InstalledImage.finish(holder);
    assertEquals(0, ended.exit(), ended.toString());
    assertEquals("holder", ended.json().string("correlation_id"));
  }

  /** R8, with real processes: stopped past the lease, taken over, woken up. */
  @Test
  void aHolderThatSleptPastItsLeaseLearnsItAndWritesNothing() throws Exception {
    Process slept =
        start("coordinator", "acquire", "--correlation-id", "slept", "--hold", "--lease", "3s");
    awaitText("\"IN_PROGRESS\"");
    TimeUnit.SECONDS.sleep(5);
    run(2, "coordinator", "acquire", "--correlation-id", "early");
    InstalledImage.signal(slept, "STOP");
    CliRun heir =
        run(
            0,
            "coordinator",
            "acquire",
            "--correlation-id",
            "heir",
            "--wait",
            "60s",
            "--commit",
            "abc");
    assertTrue(heir.err().contains("Took over the lock of slept"), heir.toString());
    String before = Files.readString(folder.resolve("registry/deployments.json"));
    InstalledImage.signal(slept, "CONT");
    CliRun woken = InstalledImage.finish(slept);
    assertEquals(2, woken.exit(), woken.toString());
    assertTrue(woken.lastError().contains("slept lost the lock"), woken.toString());
    assertEquals(before, Files.readString(folder.resolve("registry/deployments.json")));
    run(1, "coordinator", "release", "slept");
  }

  /** R11: a held place is free within its lease and two polls after a kill. */
  @Test
  void aKilledHolderFreesTheLockWithItsLease() throws Exception {
    Process holder =
        start("coordinator", "acquire", "--correlation-id", "holder", "--hold", "--lease", "6s");
    awaitText("\"IN_PROGRESS\"");
    InstalledImage.signal(holder, "KILL");
    long killed = System.nanoTime();
    InstalledImage.finish(holder);
    run(0, "coordinator", "acquire", "--correlation-id", "next", "--wait", "2m");
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - killed);
    assertTrue(seconds < 6 + 2 * 12 + 5, "after " + seconds + " s");
  }
}
