package deployctl.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.support.json.Json;
import deployctl.support.json.JsonObject;
import deployctl.support.time.SystemTime;
import deployctl.testing.CliRun;
import deployctl.testing.ScriptedAws;
import deployctl.testing.ScriptedSlack;
import deployctl.testing.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code coordinator run} and {@code reset} as processes of the image, killed where it hurts. */
class ResetRunIT {
  private static final boolean FULL = "full".equals(System.getProperty("deployctl.promises"));

  @TempDir static Path shared;
  private static InstalledImage image;
  @TempDir Path folder;
  private final ScriptedSlack slack = new ScriptedSlack();
  private final AtomicInteger deletions = new AtomicInteger();
  private ScriptedAws aws;
  private World world;
  private volatile long deletingSince;
  private volatile long deletionMillis = 1_500;

  @BeforeAll
  static void install() throws Exception {
    image = InstalledImage.unpack(shared);
  }

  @BeforeEach
  void serve() {
    Map<String, Object> data = new HashMap<>();
    data.put("stack", Map.of("status", "UPDATE_COMPLETE"));
    world = new World(data, new SystemTime().now());
    aws = new ScriptedAws(this::answer);
  }

  @AfterEach
  void stop() throws IOException {
    InstalledImage.endAll(folder);
    aws.close();
    slack.close();
  }

  /** A stack that goes some time after it was told to. */
  private ScriptedAws.Answer answer(Map<String, String> request) {
    String action = request.getOrDefault("Action", "");
    if (action.equals("DeleteStack")) {
      deletions.incrementAndGet();
      if (deletingSince == 0) {
        deletingSince = System.nanoTime();
      }
      world.put("stack", Map.of("status", "DELETE_IN_PROGRESS"));
    } else if (deletingSince != 0
        && System.nanoTime() - deletingSince > deletionMillis * 1_000_000) {
      if (action.equals("DescribeStacks") && request.get("StackName").startsWith("arn:")) {
        return ScriptedAws.describeStacks(World.STACK, "DELETE_COMPLETE");
      }
      world.put("stack", Map.of());
    }
    return world.serve(request);
  }

  private Map<String, String> env() {
    return InstalledImage.env(folder, aws, slack);
  }

  private CliRun run(String... args) throws Exception {
    return image.run(env(), folder, args);
  }

  private List<JsonObject> entries() throws Exception {
    List<JsonObject> all = new ArrayList<>();
    Path file = folder.resolve("registry/deployments.json");
    if (Files.exists(file)) {
      for (Object one : Json.parseObject(Files.readAllBytes(file)).list("deployments")) {
        all.add((JsonObject) one);
      }
    }
    return all;
  }

  private long ends(String... words) {
    return slack.messages().stream()
        .filter(
            message -> {
              for (String word : words) {
                if (message.text().contains(word)) {
                  return true;
                }
              }
              return false;
            })
        .count();
  }

  private void await(Condition condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
    while (!condition.holds()) {
      assertTrue(System.nanoTime() < end, "it did not come about");
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  // ------------------------------------------------------------------ run

  @Test
  void aDeploymentInOneLine() throws Exception {
    CliRun run =
        run(
            "coordinator",
            "run",
            "production",
            "--commit",
            "abc1234",
            "--",
            "sh",
            "-c",
            "echo \"$1|$CORRELATION_ID|$DEPLOYCTL_ENVIRONMENT|$DEPLOYCTL_STACK|$DEPLOYCTL_FENCING_TOKEN\"; sleep 2",
            "sh",
            "two words --flag");
    assertEquals(0, run.exit(), run.toString());
    JsonObject entry = entries().get(0);
    assertEquals(
        "two words --flag|"
            + entry.string("correlation_id")
            + "|production|CourtCaseManagementStack|"
            + entry.integer("fencing_token", 0)
            + "\n",
        run.out());
    assertEquals("SUCCEEDED", entry.string("status"));
    await(() -> ends("succeeded", "Succeeded", "complete", "Complete") == 1);
    assertEquals(0, runningMonitors());
    CliRun good = run("coordinator", "last-good", "production", "-o", "json");
    assertEquals("abc1234", good.json().string("commit"), good.toString());
    assertTrue(good.out().contains("git revert --no-edit abc1234..HEAD"), good.out());
    CliRun history = run("coordinator", "history", "-n", "5");
    assertTrue(history.out().contains(entry.string("correlation_id")), history.toString());
  }

  private long runningMonitors() {
    return ProcessHandle.allProcesses()
        .filter(
            p -> {
              String line = p.info().commandLine().orElse("");
              return line.contains(folder.toString())
                  && (line.contains("monitor run") || line.contains("recovery run"));
            })
        .count();
  }

  @Test
  void theCommandsExitCodeIsKept() throws Exception {
    assertEquals(7, run("coordinator", "run", "--", "sh", "-c", "exit 7").exit());
    assertEquals("FAILED", entries().get(0).string("status"));
    await(() -> ends("ailed") >= 1);
    assertEquals(127, run("coordinator", "run", "--", "no-such-program").exit());
    Path file = folder.resolve("not-executable");
    Files.writeString(file, "x");
    assertEquals(126, run("coordinator", "run", "--", file.toString()).exit());
    assertEquals(64, run("coordinator", "run", "production").exit());
    assertEquals(1, entries().size());
  }

  @Test
  void muchOutputGoesThroughUntouched() throws Exception {
    CliRun run =
        run(
            "coordinator",
            "run",
            "--no-monitor",
            "--",
            "sh",
            "-c",
            "head -c 20000000 /dev/zero | tr '\\0' 'x'");
    assertEquals(0, run.exit());
    assertEquals(20_000_000, run.out().length());
  }

  @Test
  void cancelledItTellsTheWholeGroupAndReleasesTheLock() throws Exception {
    Path marker = folder.resolve("pids");
    Process process =
        image.start(
            env(),
            folder,
            "coordinator",
            "run",
            "production",
            "--grace",
            "1s",
            "--",
            "sh",
            "-c",
            "trap '' TERM; sleep 300 & echo $! > "
                + marker
                + "; echo $$ >> "
                + marker
                + "; wait; sleep 300");
    await(() -> Files.exists(marker) && Files.readAllLines(marker).size() == 2);
    InstalledImage.signal(process, "TERM");
    CliRun run = InstalledImage.finish(process);
    assertEquals(143, run.exit(), run.toString());
    for (String pid : Files.readAllLines(marker)) {
      assertFalse(runs(pid), pid);
    }
    assertEquals("CANCELLED", entries().get(0).string("status"));
    await(() -> ends("cancelled") == 1);
    assertEquals(0, runningMonitors());
  }

  /** One that has ended and that nobody has asked for its exit code runs no more. */
  private static boolean runs(String pid) throws IOException {
    Path stat = Path.of("/proc", pid, "stat");
    return Files.exists(stat) && !Files.readString(stat).replaceFirst(".*\\) ", "").startsWith("Z");
  }

  /** Wait until the run has written down its command, and return its pid. */
  private long commandOf(Process run) throws Exception {
    await(() -> !entries().isEmpty() && entries().get(0).integer("command_pid", 0) > 0);
    assertTrue(run.isAlive());
    return entries().get(0).integer("command_pid", 0);
  }

  /** Not two minutes in a test: the lease is put into the past, as time would. */
  private void leaseRunsOut() throws IOException {
    Path file = folder.resolve("registry/deployments.json");
    Files.writeString(
        file,
        Files.readString(file)
            .replaceAll(
                "\"lease_expires_at\":\"[^\"]*\"",
                "\"lease_expires_at\":\"2026-01-01T00:00:00Z\""));
  }

  @Test
  void aKilledRunsLockIsNotFreeWhileItsCommandLives() throws Exception {
    Process process =
        image.start(env(), folder, "coordinator", "run", "--no-monitor", "--", "sleep", "60");
    long command = commandOf(process);
    process.destroyForcibly().waitFor();
    leaseRunsOut();
    String dead = entries().get(0).string("correlation_id");
    try {
      assertEquals(2, run("coordinator", "can-deploy", "production").exit());
      assertEquals(2, run("coordinator", "run", "--", "true").exit());
      CliRun fixed = run("diagnose", "stuck-queue", "--fix", "--yes");
      assertEquals(0, fixed.exit(), fixed.toString());
      assertTrue(fixed.out().contains("DEPLOYMENT_ACTIVE"), fixed.out());
      CliRun cleanup = run("coordinator", "cleanup", dead);
      assertEquals(1, cleanup.exit(), cleanup.toString());
      assertTrue(cleanup.err().contains("kill -- -" + command), cleanup.err());
      assertEquals(dead, entries().get(0).string("correlation_id"));
    } finally {
      ProcessHandle.of(command).ifPresent(ProcessHandle::destroyForcibly);
    }
    await(() -> !runs(Long.toString(command)));
    CliRun can = run("coordinator", "can-deploy", "production");
    assertEquals(0, can.exit(), can.toString());
    CliRun next = run("coordinator", "run", "--", "true");
    assertEquals(0, next.exit(), next.toString());
    assertTrue(next.err().contains("Took over the lock of " + dead), next.err());
  }

  @Test
  void aLostLockEndsTheCommand() throws Exception {
    Process process =
        image.start(
            env(),
            folder,
            "coordinator",
            "run",
            "--grace",
            "1s",
            "--no-monitor",
            "--",
            "sleep",
            "60");
    commandOf(process);
    Files.writeString(folder.resolve("registry/deployments.json"), "{\"deployments\":[]}");
    CliRun run = InstalledImage.finish(process);
    assertEquals(2, run.exit(), run.toString());
  }

  @Test
  void twoTakeTurns() throws Exception {
    Path log = folder.resolve("turns");
    List<Process> both = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      both.add(
          image.start(
              env(),
              folder,
              "coordinator",
              "run",
              "--wait",
              "60s",
              "--no-monitor",
              "--",
              "sh",
              "-c",
              "echo in >> " + log + "; sleep 1; echo out >> " + log));
    }
    for (Process one : both) {
      assertEquals(0, InstalledImage.finish(one).exit());
    }
    assertEquals(List.of("in", "out", "in", "out"), Files.readAllLines(log));
  }

  @Test
  void slackAndAwsAwayTheDeploymentGoesOn() throws Exception {
    Process process =
        image.start(
            env(), folder, "coordinator", "run", "--", "sh", "-c", "sleep 2; echo deployed");
    await(() -> !entries().isEmpty());
    slack.script(call -> ScriptedSlack.dropped());
    aws.script(request -> ScriptedAws.drop());
    CliRun run = InstalledImage.finish(process);
    assertEquals(0, run.exit(), run.toString());
    assertEquals("deployed\n", run.out());
    assertEquals("SUCCEEDED", entries().get(0).string("status"));
  }

  @Test
  void aKilledMonitorIsReplacedAndOneEndIsTold() throws Exception {
    Process process = image.start(env(), folder, "coordinator", "run", "--", "sleep", "9");
    Path monitors = folder.resolve("registry/monitors");
    await(() -> pid(monitors, "pid") > 0 && pid(monitors, "recovery") > 0);
    long first = pid(monitors, "pid");
    ProcessHandle.of(first).ifPresent(ProcessHandle::destroyForcibly);
    CliRun run = InstalledImage.finish(process);
    assertEquals(0, run.exit(), run.toString());
    await(() -> ends("succeeded", "Succeeded", "complete", "Complete") >= 1);
    assertEquals(1, ends("succeeded", "Succeeded", "complete", "Complete"));
    assertEquals(0, runningMonitors());
    assertNotEquals(0, first);
  }

  private static long pid(Path monitors, String what) throws Exception {
    if (!Files.isDirectory(monitors)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(monitors)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
        JsonObject state = Json.parseObject(Files.readAllBytes(file));
        JsonObject from = what.equals("pid") ? state : state.object(what);
        return from == null ? 0 : from.integer("pid", 0);
      }
    }
    return 0;
  }

  // ------------------------------------------------------------------ reset

  /** The worst state: a broken registry, a hung monitor, messages that nobody sends. */
  private void worst(boolean hungMonitor) throws Exception {
    Path registry = Files.createDirectories(folder.resolve("registry"));
    if (hungMonitor) {
      world.put("stack", Map.of("status", "UPDATE_IN_PROGRESS", "updated", "1m"));
      run("monitor", "start", "dep-1", World.STACK);
      long pid = pid(registry.resolve("monitors"), "pid");
      new ProcessBuilder("kill", "-STOP", Long.toString(pid)).start().waitFor();
      world.put("stack", Map.of("status", "DELETE_FAILED"));
    }
    Files.writeString(registry.resolve("deployments.json"), "{\"deployments\": [{\"corr");
    Path queue = Files.createDirectories(folder.resolve("queue"));
    for (int i = 10; i < 60; i++) {
      Files.writeString(
          queue.resolve("msg_" + i + ".json"),
          "{\"message_id\":\"msg_"
              + i
              + "\",\"notification_type\":\"custom\",\"args\":[\"m"
              + i
              + "\"],\"channel\":\"C1\",\"retry_count\":0,\"queued_at\":\"2026-01-01T00:00:00Z\"}");
    }
  }

  private void assertClean(String context) throws Exception {
    assertEquals(List.of(), entries(), context);
    try (Stream<Path> waiting = Files.list(folder.resolve("queue"))) {
      assertEquals(0, waiting.filter(f -> f.toString().endsWith(".json")).count(), context);
    }
    List<Path> backups;
    try (Stream<Path> all = Files.list(folder.resolve("registry/backups"))) {
      backups = all.toList();
    }
    assertEquals(1, backups.size(), context);
    try (Stream<Path> kept = Files.list(backups.get(0).resolve("queue"))) {
      assertEquals(50, kept.count(), context);
    }
    assertTrue(
        Files.readString(backups.get(0).resolve("registry/deployments.json")).contains("corr"),
        context);
    assertEquals(0, runningMonitors(), context);
    CliRun can = run("coordinator", "can-deploy", "production", "-o", "json");
    assertEquals("NO_STACK_EXISTS", can.json().string("reason"), context + can);
  }

  @Test
  void fromTheWorstStateOneResetEndsClean() throws Exception {
    worst(true);
    CliRun plan = run("reset");
    assertEquals(0, plan.exit(), plan.toString());
    assertEquals(0, deletions.get());
    assertEquals(64, run("reset", "--confirm", "Other", "--yes").exit());
    assertEquals(64, run("reset", "--confirm", World.STACK).exit());
    CliRun reset = run("reset", "--confirm", World.STACK, "--yes", "-o", "json");
    assertEquals(0, reset.exit(), reset.toString());
    assertEquals(1, deletions.get());
    assertClean(reset.toString());
    CliRun backups = run("reset", "--list-backups");
    String id = backups.out().lines().skip(1).findFirst().orElse("").split(" ", 2)[0];
    // What was damaged is kept, and is not put back in place of what is whole.
    CliRun refused = run("reset", "--restore", id, "--yes");
    assertEquals(1, refused.exit(), refused.toString());
    assertTrue(refused.err().contains("nothing was restored"), refused.toString());
    Path kept = folder.resolve("registry/backups/" + id);
    Files.writeString(kept.resolve("registry/deployments.json"), "{\"deployments\":[]}");
    CliRun restored = run("reset", "--restore", id, "--yes");
    assertEquals(0, restored.exit(), restored.toString());
    try (Stream<Path> waiting = Files.list(folder.resolve("queue"))) {
      assertEquals(50, waiting.filter(f -> f.toString().endsWith(".json")).count());
    }
  }

  @Test
  void killedAnywhereItGoesOnAndNoStepIsDoneTwice() throws Exception {
    int rounds = FULL ? 50 : 6;
    RandomGenerator random = new SplittableRandom(7);
    int kills = 0;
    for (int round = 0; round < rounds; round++) {
      fresh();
      worst(false);
      Process process =
          image.start(env(), folder, "reset", "--confirm", World.STACK, "--yes", "-o", "json");
      boolean ended = process.waitFor(random.nextInt(300, 4_500), TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();
      kills += ended ? 0 : 1;
      CliRun resumed =
          Files.exists(folder.resolve("registry/reset.json"))
              ? run("reset", "--resume", "--yes", "-o", "json")
              : run("reset", "--confirm", World.STACK, "--yes", "-o", "json");
      assertEquals(0, resumed.exit(), "round " + round + resumed);
      assertEquals(1, deletions.get(), "round " + round);
      assertClean("round " + round + resumed);
    }
    System.out.println("figures: reset: " + rounds + " rounds, " + kills + " kills, seed 7");
    assertTrue(kills > 0, "nothing was killed");
  }

  private void fresh() throws IOException {
    deletions.set(0);
    deletingSince = 0;
    world.put("stack", Map.of("status", "DELETE_FAILED"));
    for (String name : List.of("registry", "queue")) {
      Path path = folder.resolve(name);
      if (Files.exists(path)) {
        try (Stream<Path> all = Files.walk(path)) {
          for (Path one : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
            Files.delete(one);
          }
        }
      }
    }
  }

  @Test
  void aSecondResetRefusesAndAHealthyDeploymentIsNotTouched() throws Exception {
    deletionMillis = 6_000;
    Process first = image.start(env(), folder, "reset", "--confirm", World.STACK, "--yes");
    await(() -> deletions.get() == 1);
    CliRun second = run("reset", "--confirm", World.STACK, "--yes");
    assertEquals(2, second.exit(), second.toString());
    assertTrue(
        second.err().contains("Another reset is at work: process " + first.pid()),
        second.toString());
    assertEquals(0, InstalledImage.finish(first).exit());
    fresh();
    world.put("stack", Map.of("status", "UPDATE_IN_PROGRESS"));
    CliRun healthy = run("reset", "--confirm", World.STACK, "--yes");
    assertEquals(2, healthy.exit(), healthy.toString());
    assertEquals(0, deletions.get());
  }

  @Test
  void aDeletionThatFailsSaysWhatBlocksIt() throws Exception {
    world.put("stack", Map.of("status", "DELETE_FAILED"));
    world.put(
        "events",
        List.of(
            "20m CourtCaseManagementStack AWS::CloudFormation::Stack DELETE_IN_PROGRESS",
            "18m Docs AWS::S3::Bucket DELETE_FAILED court-docs The bucket you tried to delete is not empty",
            "17m CourtCaseManagementStack AWS::CloudFormation::Stack DELETE_FAILED"));
    aws.script(
        request -> {
          if ("DeleteStack".equals(request.get("Action"))) {
            deletions.incrementAndGet();
            return ScriptedAws.result("DeleteStack", "");
          }
          return world.serve(request);
        });
    CliRun failed = run("reset", "--confirm", World.STACK, "--yes");
    assertEquals(1, failed.exit(), failed.toString());
    assertTrue(failed.err().contains("NOT_EMPTY"), failed.err());
    assertTrue(failed.out().contains("--retain Docs"), failed.out());
    aws.script(this::answer);
    CliRun resumed = run("reset", "--resume", "--retain", "Docs", "--yes");
    assertEquals(0, resumed.exit(), resumed.toString());
  }

  @Test
  void aProtectedStackStaysUntilTheProtectionIsLifted() throws Exception {
    world.put("stack", Map.of("status", "UPDATE_COMPLETE", "protected", "true"));
    CliRun refused = run("reset", "--confirm", World.STACK, "--yes");
    assertEquals(1, refused.exit(), refused.toString());
    assertEquals(0, deletions.get());
    CliRun lifted = run("reset", "--resume", "--lift-protection", "--yes");
    assertEquals(0, lifted.exit(), lifted.toString());
    assertTrue(world.changes().contains("UpdateTerminationProtection"));
  }

  @Test
  void withoutAStackTheRestIsDoneAndAwsAwayIsNoStack() throws Exception {
    world.put("stack", Map.of());
    worst(false);
    assertEquals(0, run("reset", "--confirm", World.STACK, "--yes").exit());
    assertEquals(List.of(), entries());
    aws.script(request -> ScriptedAws.error(403, "AccessDenied", "no"));
    CliRun away = run("reset", "--confirm", World.STACK, "--yes");
    assertEquals(5, away.exit(), away.toString());
  }

  @Test
  void theWorkflowIsStartedThroughGhOnce() throws Exception {
    world.put("stack", Map.of());
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path gh = bin.resolve("gh");
    Path log = folder.resolve("gh.log");
    Files.writeString(
        gh,
        "#!/bin/sh\necho \"$*\" >> "
            + log
            + "\ncase \"$1 $2\" in 'run list') if grep -q '^workflow run' "
            + log
            + "; then echo https://github.com/o/r/actions/runs/2; else echo https://github.com/o/r/actions/runs/1; fi;; esac\n");
    Files.setPosixFilePermissions(
        gh, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    Map<String, String> env = env();
    env.put("PATH", bin + ":/usr/bin:/bin");
    CliRun run = image.run(env, folder, "reset", "--confirm", World.STACK, "--yes", "--deploy");
    assertEquals(0, run.exit(), run.toString());
    assertTrue(run.out().contains("https://github.com/o/r/actions/runs/2"), run.out());
    assertEquals(
        List.of("workflow run CI/CD Pipeline --ref main"),
        Files.readAllLines(log).stream().filter(line -> line.startsWith("workflow")).toList());
    CliRun without = run("reset", "--confirm", World.STACK, "--yes", "--deploy");
    assertEquals(1, without.exit(), without.toString());
    assertTrue(without.out().contains("gh"), without.out());
  }
}
