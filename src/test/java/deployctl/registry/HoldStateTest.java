package deployctl.registry;

import static deployctl.registry.HoldState.ALIVE;
import static deployctl.registry.HoldState.DEAD;
import static deployctl.registry.HoldState.ENDED;
import static deployctl.registry.HoldState.EXPIRED;
import static deployctl.registry.HoldState.LEASED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.support.Failure;
import deployctl.support.json.JsonObject;
import deployctl.support.process.ProcessIdentity;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who keeps a lock, told with processes that live and die. */
class HoldStateTest {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private static final String RUNS = "2026-01-31T12:01:00Z";
  private static final String RAN_OUT = "2026-01-31T11:59:00Z";

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void end() throws Exception {
    for (Process one : started) {
      one.descendants().forEach(ProcessHandle::destroyForcibly);
      one.destroyForcibly().waitFor();
    }
  }

  private Process start(String... argv) throws IOException {
    Process process = new ProcessBuilder(argv).start();
    started.add(process);
    return process;
  }

  private ProcessIdentity living() throws IOException {
    return ProcessIdentity.of(start("sleep", "60").pid());
  }

  private ProcessIdentity dead() throws Exception {
    Process process = start("sleep", "60");
    ProcessIdentity identity = ProcessIdentity.of(process.pid());
    process.destroyForcibly().waitFor();
    return identity;
  }

  private static ProcessIdentity elsewhere() {
    return new ProcessIdentity(1, 1L, "another-boot", "pid:[1]");
  }

  /** A slip of a clock or a finger would keep everybody out for a century. */
  @Test
  void aTimeFarAheadIsNotBelieved() throws Exception {
    Deployment odd = entry("2126-01-31T12:00:00Z");
    assertEquals(HoldState.DISBELIEVED, odd.hold(NOW));
    assertTrue(odd.hold(NOW).freeable());
    assertTrue(HoldState.DISBELIEVED.describe(odd).contains("too far ahead"), odd.toString());
    Deployment fresh = odd.with("updated_at", NOW.minusSeconds(60));
    assertEquals(LEASED, fresh.hold(NOW), "as if no lease were written");
    Deployment ahead =
        entry(RUNS)
            .with("lease_expires_at", null)
            .with("updated_at", Instant.parse("2126-01-01T00:00:00Z"));
    assertEquals(HoldState.DISBELIEVED, ahead.hold(NOW));
    assertEquals(LEASED, entry("2026-02-06T12:00:00Z").hold(NOW), "six days are a wish");
  }

  private static Deployment entry(String lease) throws Exception {
    return Deployment.of(
        new JsonObject()
            .put("correlation_id", "dep-1")
            .put("environment", "production")
            .put("status", "IN_PROGRESS")
            .put("lease_expires_at", lease));
  }

  private static Deployment ofRun(String lease, ProcessIdentity run) throws Exception {
    return entry(lease).ownedBy(run, "here").with("held_by", Deployment.HELD_BY_RUN);
  }

  @Test
  void aLeaseHoldsForAsLongAsItRuns() throws Exception {
    assertEquals(LEASED, entry(RUNS).hold(NOW));
    assertEquals(EXPIRED, entry(RAN_OUT).hold(NOW));
    assertEquals(LEASED, entry(RUNS).ownedBy(elsewhere(), "there").hold(NOW));
    assertEquals(EXPIRED, entry(RAN_OUT).ownedBy(elsewhere(), "there").hold(NOW));
  }

  @Test
  void aRunHoldsForAsLongAsItOrItsCommandLives() throws Exception {
    assertEquals(ALIVE, ofRun(RAN_OUT, living()).hold(NOW));
    assertEquals(ALIVE, ofRun(RAN_OUT, living()).running(dead()).hold(NOW));
    assertEquals(ALIVE, ofRun(RAN_OUT, dead()).running(living()).hold(NOW));
    assertEquals(DEAD, ofRun(RUNS, dead()).running(dead()).hold(NOW));
  }

  @Test
  void aRunThatDiedBeforeItsCommandWasWrittenDownHoldsForItsLease() throws Exception {
    assertEquals(LEASED, ofRun(RUNS, dead()).hold(NOW));
    assertEquals(EXPIRED, ofRun(RAN_OUT, dead()).hold(NOW));
  }

  @Test
  void aProcessThatOnlyRenewsHoldsByItsLease() throws Exception {
    assertEquals(EXPIRED, entry(RAN_OUT).ownedBy(living(), "here").hold(NOW), "it may be stopped");
    assertEquals(DEAD, entry(RUNS).ownedBy(dead(), "here").hold(NOW));
  }

  @Test
  void whatTheCommandStartedInItsSessionCountsAsTheCommand() throws Exception {
    Process shell = start("setsid", "sh", "-c", "sleep 60 & echo $!; wait");
    String child = shell.inputReader().readLine();
    ProcessIdentity command = ProcessIdentity.of(shell.pid());
    shell.destroyForcibly().waitFor();
    assertTrue(command.certainlyDead());
    assertEquals(ALIVE, ofRun(RAN_OUT, dead()).running(command).hold(NOW));
    ProcessHandle sleep = ProcessHandle.of(Long.parseLong(child)).orElseThrow();
    sleep.destroyForcibly();
    sleep.onExit().get();
    Deployment entry = ofRun(RAN_OUT, dead()).running(command);
    long end = System.nanoTime() + 10_000_000_000L;
    while (entry.hold(NOW) == ALIVE && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertEquals(DEAD, entry.hold(NOW));
  }

  @Test
  void anOperationThatWasSeenToEndLeavesTenMinutes() throws Exception {
    Instant before = NOW.minusSeconds(599);
    assertEquals(LEASED, entry(RUNS).operationEnded("UPDATE_COMPLETE", before).hold(NOW));
    Instant longAgo = NOW.minusSeconds(600);
    assertEquals(ENDED, entry(RUNS).operationEnded("UPDATE_COMPLETE", longAgo).hold(NOW));
    Deployment run = ofRun(RUNS, living()).operationEnded("UPDATE_COMPLETE", longAgo);
    assertEquals(ALIVE, run.hold(NOW));
    Deployment other = ofRun(RUNS, elsewhere()).operationEnded("UPDATE_COMPLETE", longAgo);
    assertEquals(LEASED, other.hold(NOW), "another machine renews its own lease");
    Deployment dead = ofRun(RUNS, dead()).running(dead()).operationEnded("UPDATE_COMPLETE", before);
    assertEquals(DEAD, dead.hold(NOW), "at once when the owner is known to be dead");
  }

  @Test
  void nobodyFreesTheLockOfWhatLives() throws Exception {
    ofRun(RUNS, dead()).running(dead()).checkNotAlive(NOW);
    ofRun(RUNS, ProcessIdentity.current()).checkNotAlive(NOW);
    Deployment alive = ofRun(RUNS, dead()).running(living());
    Failure refused = assertThrows(Failure.class, () -> alive.checkNotAlive(NOW));
    assertTrue(refused.what().contains("the command of a run that is gone"), refused.what());
  }
}
