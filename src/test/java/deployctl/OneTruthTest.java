package deployctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.registry.Deployment;
import deployctl.support.json.JsonObject;
import deployctl.support.process.ProcessIdentity;
import deployctl.testing.CliRun;
import deployctl.testing.FakeChildren;
import deployctl.testing.InProcess;
import deployctl.testing.ScriptedAws;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every status of a stack with every kind of entry: no two commands contradict each other about who
 * deploys, and none says yes while something lives.
 */
class OneTruthTest {
  private static final String STACK = "CourtCaseManagementStack";
  private static final List<String> STATUSES =
      List.of(
          "NONE",
          "CREATE_IN_PROGRESS",
          "CREATE_FAILED",
          "CREATE_COMPLETE",
          "ROLLBACK_IN_PROGRESS",
          "ROLLBACK_FAILED",
          "ROLLBACK_COMPLETE",
          "DELETE_IN_PROGRESS",
          "DELETE_FAILED",
          "UPDATE_IN_PROGRESS",
          "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
          "UPDATE_COMPLETE",
          "UPDATE_FAILED",
          "UPDATE_ROLLBACK_IN_PROGRESS",
          "UPDATE_ROLLBACK_FAILED",
          "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
          "UPDATE_ROLLBACK_COMPLETE",
          "REVIEW_IN_PROGRESS",
          "IMPORT_IN_PROGRESS",
          "IMPORT_COMPLETE",
          "IMPORT_ROLLBACK_IN_PROGRESS",
          "IMPORT_ROLLBACK_FAILED",
          "IMPORT_ROLLBACK_COMPLETE");

  /** What holds the lock. */
  private enum Holder {
    NONE(false, false),
    HELD_AND_ALIVE(true, true),
    RUN_DEAD_COMMAND_ALIVE(true, true),
    BOTH_DEAD(false, false),
    END_WAS_SEEN(false, false),
    WITHOUT_LEASE(true, false),
    OTHER_HOST(true, false),
    LEASE_OVER(false, false);

    /** Whether it keeps the lock although the stack is idle. */
    private final boolean holds;

    /** Whether something of it lives on this machine. */
    private final boolean lives;

    Holder(boolean holds, boolean lives) {
      this.holds = holds;
      this.lives = lives;
    }
  }

  @TempDir Path folder;
  private int world;

  @TestFactory
  Stream<DynamicTest> noTwoCommandsContradictEachOther() {
    return STATUSES.stream()
        .flatMap(
            status ->
                Stream.of(Holder.values())
                    .map(
                        holder ->
                            DynamicTest.dynamicTest(
                                status + ", " + holder, () -> new Cell(status, holder).check())));
  }

  /** One cell of the table: a registry, a stack, and all the questions about them. */
  private final class Cell {
    private final String status;
    private final Holder holder;
    private final Path place = folder.resolve("world-" + world++);
    private final List<String> started = new ArrayList<>();
    private final Process living;

    Cell(String status, Holder holder) throws Exception {
      this.status = status;
      this.holder = holder;
      this.living = new ProcessBuilder("sleep", "600").start();
    }

    void check() throws Exception {
      Map<String, String> stacks = new LinkedHashMap<>();
      if (!status.equals("NONE")) {
        stacks.put(STACK, status);
      }
      try (ScriptedAws aws = ScriptedAws.stacks(stacks)) {
        check(aws);
      } finally {
        living.destroyForcibly();
      }
    }

    private void check(ScriptedAws aws) throws Exception {
      boolean busy = status.endsWith("_IN_PROGRESS") && !status.equals("REVIEW_IN_PROGRESS");
      boolean clean =
          !List.of(
                  "ROLLBACK_COMPLETE",
                  "ROLLBACK_FAILED",
                  "CREATE_FAILED",
                  "DELETE_FAILED",
                  "UPDATE_ROLLBACK_FAILED")
              .contains(status);
      boolean known = !status.equals("IMPORT_ROLLBACK_FAILED");
      int expected =
          holder.holds || busy && holder != Holder.NONE
              ? 2
              : busy ? 2 : !known ? holder == Holder.NONE ? 5 : 2 : clean ? 0 : 1;

      CliRun can = run(aws, "coordinator", "can-deploy", "production", "-o", "json");
      assertEquals(expected, can.exit(), can.toString());
      JsonObject answer = can.json();
      assertEquals(expected == 0, answer.get("can_deploy"), can.toString());

      // Nobody is told a time left of what has ended.
      if (holder == Holder.END_WAS_SEEN && answer.object("active_deployment") != null) {
        assertEquals(
            null,
            answer.object("active_deployment").get("estimated_remaining_minutes"),
            can.toString());
      }

      CliRun wait = run(aws, "coordinator", "wait", "production", "0", "-o", "json");
      int waited = expected == 2 ? (known || holder.holds ? 3 : 5) : expected;
      assertEquals(waited, wait.exit(), "wait: " + wait);

      CliRun active = run(aws, "coordinator", "get-active", "production", "-o", "json");
      assertEquals(holder == Holder.NONE ? 1 : 0, active.exit(), active.toString());

      CliRun list = run(aws, "coordinator", "list");
      assertEquals(holder != Holder.NONE, list.out().contains("holder"), list.toString());
      CliRun watched = run(aws, "monitor", "status", "-o", "json");
      assertFalse(watched.out().contains("\"running\":true"), "no monitor runs: " + watched);

      CliRun stuck = run(aws, "diagnose", "stuck-queue", "-o", "json");
      boolean stale = stuck.out().contains("STALE_REGISTRY_ENTRY");
      boolean freeable = holder != Holder.NONE && !holder.holds && !busy && known;
      assertEquals(freeable, stale, "stale if and only if it is in nobody's way: " + stuck);
      assertEquals(freeable, answer.has("stale_deployments"), can.toString());
      if (!clean && !holder.holds) {
        assertTrue(stuck.out().contains("STACK_NEEDS_CLEANUP"), stuck.toString());
      }

      // None of these may start what lives already, or free it.
      CliRun once = run(aws, "recovery", "run", "--once");
      assertEquals(0, once.exit(), once.toString());
      if (holder == Holder.END_WAS_SEEN || holder == Holder.NONE) {
        assertEquals(List.of(), started, "nothing is left to watch");
      }
      run(aws, "diagnose", "stuck-queue", "--fix", "--yes");
      assertEquals(
          holder == Holder.NONE || freeable,
          !registry().contains("\"holder\""),
          "only what is stale is freed: " + registry());
      if (holder.lives) {
        assertEquals(1, run(aws, "coordinator", "cleanup", "holder").exit());
        assertTrue(registry().contains("\"holder\""));
      }

      // From the beginning again: --fix has changed it.
      for (String[] words :
          new String[][] {
            {"coordinator", "register", "next", "1", "production"},
            {"coordinator", "acquire", "production", "--correlation-id", "next"},
            {"coordinator", "run", "production", "--no-monitor", "--", "true"}
          }) {
        CliRun asked = run(aws, words);
        boolean run = words[1].equals("run");
        // A run has a rolled back creation replaced, and nothing else.
        int wanted = run && expected == 1 && status.equals("ROLLBACK_COMPLETE") ? 0 : expected;
        assertEquals(wanted, asked.exit(), String.join(" ", words) + ": " + asked);
      }
    }

    private String registry() throws Exception {
      Path file = place.resolve("registry").resolve("deployments.json");
      return Files.exists(file) ? Files.readString(file) : "";
    }

    /** Ask in a world that no question before has changed, but for {@code --fix} and cleanup. */
    private CliRun run(ScriptedAws aws, String... words) throws Exception {
      boolean changes = List.of(words).contains("--fix") || List.of(words).contains("cleanup");
      InProcess cli = new InProcess(place).aws(aws).realTime().children(new FakeChildren());
      cli.env.put("DEPLOYCTL_SLACK", "off");
      cli.detached(
          (argv, errors) -> {
            started.add(String.join(" ", argv));
            return new ProcessBuilder("true").start();
          });
      if (!changes || !Files.exists(cli.registryFile())) {
        Files.createDirectories(cli.registryFolder());
        Files.deleteIfExists(cli.registryFile());
        Files.deleteIfExists(cli.registryFolder().resolve("deployments.json.bak"));
        cli.writeRegistry(
            holder == Holder.NONE
                ? "{\"deployments\":[]}"
                : "{\"deployments\":[" + entry().toJson() + "]}");
      }
      return cli.run(words);
    }

    private Deployment entry() throws Exception {
      Instant now = Instant.now();
      Deployment entry =
          Deployment.of(
                  new JsonObject()
                      .put("correlation_id", "holder")
                      .put("environment", "production")
                      .put("stack_name", STACK)
                      .put("status", "IN_PROGRESS"))
              .with("started_at", now.minusSeconds(1_200))
              .with("updated_at", now.minusSeconds(1_200))
              .with("lease_expires_at", now.plusSeconds(100));
      ProcessIdentity alive = ProcessIdentity.of(living.pid());
      ProcessIdentity dead =
          new ProcessIdentity(4_000_000, 1L, alive.bootId(), alive.pidNamespace());
      return switch (holder) {
        case NONE, WITHOUT_LEASE -> entry.with("lease_expires_at", null);
        case HELD_AND_ALIVE -> entry.ownedBy(alive, "here").with("held_by", "run");
        case RUN_DEAD_COMMAND_ALIVE ->
            entry
                .ownedBy(dead, "here")
                .with("held_by", "run")
                .running(alive)
                .with("lease_expires_at", now.minusSeconds(60));
        case BOTH_DEAD -> entry.ownedBy(dead, "here").with("held_by", "run").running(dead);
        case END_WAS_SEEN -> entry.operationEnded("UPDATE_COMPLETE", now.minusSeconds(700));
        case OTHER_HOST ->
            entry
                .ownedBy(new ProcessIdentity(7, 7L, "another-boot", "pid:[7]"), "there")
                .with("held_by", "run");
        case LEASE_OVER -> entry.with("lease_expires_at", now.minusSeconds(60));
      };
    }
  }
}
