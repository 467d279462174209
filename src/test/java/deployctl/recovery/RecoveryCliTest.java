package deployctl.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.support.process.ProcessIdentity;
import deployctl.testing.CliRun;
import deployctl.testing.InProcess;
import deployctl.testing.ScriptedAws;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code recovery run --once}, with monitors that are started in name only. */
class RecoveryCliTest {
  private static final String STACK = "CourtCaseManagementStack";

  @TempDir Path folder;
  private final Map<String, String> stacks = new LinkedHashMap<>(Map.of(STACK, "UPDATE_COMPLETE"));
  private final List<List<String>> started = new ArrayList<>();
  private ScriptedAws aws;
  private InProcess cli;

  @BeforeEach
  void start() {
    aws = ScriptedAws.stacks(stacks);
    cli = new InProcess(folder).aws(aws).realTime();
    cli.env.put("DEPLOYCTL_SLACK", "off");
    cli.detached(
        (argv, errors) -> {
          started.add(argv);
          return new ProcessBuilder("true").start();
        });
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  private CliRun once(int exit, String... words) {
    List<String> argv = new ArrayList<>(List.of("recovery", "run", "--once"));
    argv.addAll(List.of(words));
    CliRun run = cli.run(argv.toArray(String[]::new));
    assertEquals(exit, run.exit(), run.toString());
    return run;
  }

  private List<String> watched() {
    return started.stream().map(argv -> argv.get(argv.indexOf("monitor") + 2)).toList();
  }

  private void monitor(String id, String fields) throws Exception {
    Path file = cli.registryFolder().resolve("monitors").resolve(id + ".json");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{\"correlation_id\":\"" + id + "\"," + fields + "}");
  }

  @Test
  void anIdThatNobodyKnowsStartsNothing() {
    CliRun unknown = once(64, "nosuchid");
    assertTrue(unknown.err().contains("knows no deployment nosuchid"), unknown.toString());
    assertEquals(64, cli.run("recovery", "run").exit());
    assertEquals(List.of(), started);
  }

  @Test
  void aStackThatIsFinishedStartsNothing() {
    CliRun over = once(0, "dep-1", STACK);
    assertTrue(over.err().contains(STACK + " is UPDATE_COMPLETE"), over.toString());
    assertEquals(List.of(), started);
    stacks.put(STACK, "UPDATE_IN_PROGRESS");
    once(0, "dep-1", STACK);
    assertEquals(List.of("dep-1"), watched());
  }

  @Test
  void aDeploymentThatIsOverStartsNothing() {
    cli.run("coordinator", "register", "dep-1", "1", "production");
    cli.run("coordinator", "release", "dep-1");
    once(0, "dep-1");
    cli.run("coordinator", "register", "dep-2", "1", "production");
    cli.registry()
        .update(
            document -> {
              document.put(document.find("dep-2").operationEnded("UPDATE_COMPLETE", Instant.now()));
              return document;
            });
    once(0, "dep-2");
    once(0);
    assertEquals(List.of(), started);
  }

  @Test
  void withoutAnIdEachThatShouldHaveAMonitorGetsOne() throws Exception {
    cli.run("coordinator", "register", "plain", "1", "production");
    cli.run("coordinator", "register", "over", "2", "staging", "Other");
    cli.run("coordinator", "release", "over");
    cli.run("coordinator", "register", "elsewhere", "3", "qa", "--stack", "Qa");
    monitor(
        "elsewhere",
        "\"pid\":7,\"process_start\":7,\"boot_id\":\"another\",\"pid_namespace\":\"pid:[7]\","
            + "\"hung_after_seconds\":180,\"heartbeat_at\":\""
            + Instant.now()
            + "\"");
    cli.run("coordinator", "register", "unwatched", "4", "dev", "--stack", "Dev");
    cli.registry()
        .update(
            document -> {
              document.put(
                  document
                      .find("unwatched")
                      .ownedBy(ProcessIdentity.current(), "here")
                      .with("held_by", "run"));
              return document;
            });
    once(0);
    assertEquals(List.of("plain"), watched());
    // Its machine has fallen silent: it is this one's to go on.
    monitor(
        "elsewhere",
        "\"pid\":7,\"process_start\":7,\"boot_id\":\"another\",\"pid_namespace\":\"pid:[7]\","
            + "\"hung_after_seconds\":180,\"heartbeat_at\":\"2026-01-31T00:00:00Z\"");
    started.clear();
    once(0);
    assertTrue(watched().contains("elsewhere"), started.toString());
  }
}
