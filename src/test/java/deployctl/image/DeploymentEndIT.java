package deployctl.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.support.json.Json;
import deployctl.support.json.JsonObject;
import deployctl.support.process.ProcessIdentity;
import deployctl.testing.CliRun;
import deployctl.testing.ScriptedAws;
import deployctl.testing.ScriptedSlack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * T2 and T3 with real processes: a deployment's run, command and monitor are killed at random
 * moments. Nothing frees the lock while the command lives, the lock is free soon after all are
 * over, exactly one message tells the end, and the history has the true one.
 */
class DeploymentEndIT {
  private static final boolean FULL = "full".equals(System.getProperty("deployctl.promises"));
  private static final String STACK = "CourtCaseManagementStack";
  private static final String ARN =
      "arn:aws:cloudformation:us-east-1:123456789012:stack/" + STACK + "/1";

  /** Who is killed. */
  private enum Victim {
    NOBODY,
    RUN,
    COMMAND,
    MONITOR,
    RUN_AND_COMMAND,
    /** The run is told to end, and its command with it. */
    CANCELLED
  }

  /** How long AWS or Slack may be away in a round. */
  private static final int LONGEST_OUTAGE_MILLIS = 4_000;

  @TempDir static Path shared;
  private static InstalledImage image;
  @TempDir Path folder;
  private final ScriptedSlack slack = new ScriptedSlack();
  private final ScriptedAws aws = new ScriptedAws(this::answer);
  private volatile boolean awsAway;
  private volatile String status = "UPDATE_COMPLETE";
  private volatile Instant began = Instant.parse("2026-01-01T00:00:00Z");
  private volatile Instant ended = began.plusSeconds(60);

  @BeforeAll
  static void install() throws Exception {
    image = InstalledImage.unpack(shared);
  }

  @AfterEach
  void stop() {
    InstalledImage.endAll(folder);
    aws.close();
    slack.close();
  }

  private ScriptedAws.Answer answer(Map<String, String> request) {
    if (awsAway) {
      return ScriptedAws.drop();
    }
    return switch (request.getOrDefault("Action", "")) {
      case "DescribeStacks" -> ScriptedAws.describeStacks(STACK, status, began.toString());
      case "DescribeStackEvents" ->
          ScriptedAws.result(
              "DescribeStackEvents",
              "<StackEvents>"
                  + (status.equals("UPDATE_COMPLETE")
                      ? event("end", ended, STACK, status) + event("done", ended, "Service", status)
                      : "")
                  + event("work", began.plusMillis(1), "Service", "UPDATE_IN_PROGRESS")
                  + event("begin", began, STACK, "UPDATE_IN_PROGRESS")
                  + "</StackEvents>");
      default -> ScriptedAws.error(403, "AccessDenied", "no");
    };
  }

  private String event(String id, Instant at, String resource, String state) {
    return "<member><EventId>"
        + id
        + began.toEpochMilli()
        + "</EventId><StackId>"
        + ARN
        + "</StackId><StackName>"
        + STACK
        + "</StackName><LogicalResourceId>"
        + resource
        + "</LogicalResourceId><PhysicalResourceId>"
        + (resource.equals(STACK) ? ARN : "service/1")
        + "</PhysicalResourceId><ResourceType>"
        + (resource.equals(STACK) ? "AWS::CloudFormation::Stack" : "AWS::ECS::Service")
        + "</ResourceType><ResourceStatus>"
        + state
        + "</ResourceStatus><Timestamp>"
        + at
        + "</Timestamp></member>";
  }

  private Map<String, String> env() {
    return InstalledImage.env(folder, aws, slack);
  }

  private CliRun run(String... args) throws Exception {
    return image.run(env(), folder, args);
  }

  private JsonObject entry(String id) throws Exception {
    Path file = folder.resolve("registry/deployments.json");
    if (Files.exists(file)) {
      for (Object one : Json.parseObject(Files.readAllBytes(file)).list("deployments")) {
        if (id.equals(((JsonObject) one).string("correlation_id"))) {
          return (JsonObject) one;
        }
      }
    }
    return new JsonObject();
  }

  private JsonObject monitor(String id) throws Exception {
    Path file = folder.resolve("registry/monitors/" + id + ".json");
    try {
      return Files.exists(file) ? Json.parseObject(Files.readAllBytes(file)) : new JsonObject();
    } catch (IOException e) {
      return new JsonObject();
    }
  }

  private interface Occurrence {
    boolean holds() throws Exception;
  }

  private void await(String what, Occurrence occurrence) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!occurrence.holds()) {
      assertTrue(System.nanoTime() < end, () -> what + " did not come about: " + texts());
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private List<String> texts() {
    return slack.messages().stream().map(ScriptedSlack.Message::text).toList();
  }

  private List<String> ends(String id) {
    return texts().stream()
        .filter(text -> text.contains(id))
        .filter(text -> text.contains("succeeded") || text.contains("failed:"))
        .toList();
  }

  private static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  /** Let AWS, Slack, both or none be away for a while, from some moment on. */
  private void outage(RandomGenerator random) {
    boolean aws = random.nextInt(3) == 0;
    boolean slackToo = random.nextInt(3) == 0;
    int start = random.nextInt(2_500);
    int length = random.nextInt(LONGEST_OUTAGE_MILLIS);
    Thread thread =
        new Thread(
            () -> {
              try {
                TimeUnit.MILLISECONDS.sleep(start);
                awsAway = aws;
                if (slackToo) {
                  slack.script(call -> ScriptedSlack.status(503, ""));
                }
                TimeUnit.MILLISECONDS.sleep(length);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } finally {
                awsAway = false;
                slack.script(call -> ScriptedSlack.accepting());
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  @Test
  @Timeout(value = 3, unit = TimeUnit.HOURS)
  void whoeverDiesTheEndIsToldOnceAndTheLockIsFreeWhenAllAreOver() throws Exception {
    long seed = FULL ? System.nanoTime() : 20_261_126;
    RandomGenerator random = new SplittableRandom(seed);
    int rounds = FULL ? 100 : Victim.values().length;
    for (int round = 0; round < rounds; round++) {
      Victim victim = Victim.values()[round % Victim.values().length];
      try {
        round("d-" + round, victim, random);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ", round " + round + ", " + victim, e);
      }
    }
    System.out.println("figures: ends: " + rounds + " rounds, seed " + seed);
  }

  private void round(String id, Victim victim, RandomGenerator random) throws Exception {
    Process process =
        image.start(
            env(),
            folder,
            "coordinator",
            "run",
            "--correlation-id",
            id,
            "--",
            "sh",
            "-c",
            "while [ ! -e " + folder.resolve(id) + " ]; do sleep 0.1; done");
    await("the command", () -> entry(id).integer("command_pid", 0) > 0);
    ProcessIdentity command = ProcessIdentity.of(entry(id).integer("command_pid", 0));
    began = Instant.now();
    status = "UPDATE_IN_PROGRESS";
    await(
        "the monitor",
        () -> monitor(id).has("operation_started_at") && monitor(id).object("recovery") != null);
    TimeUnit.MILLISECONDS.sleep(random.nextInt(1_500));
    outage(random);
    if (victim == Victim.CANCELLED) {
      process.destroy();
      assertTrue(process.waitFor(30, TimeUnit.SECONDS), "a cancelled run ends");
    }
    if (victim == Victim.RUN || victim == Victim.RUN_AND_COMMAND) {
      process.destroyForcibly().waitFor();
    }
    if (victim == Victim.MONITOR) {
      kill(monitor(id).integer("pid", 0));
    }
    if (victim == Victim.COMMAND || victim == Victim.RUN_AND_COMMAND) {
      kill(command.pid());
    }
    assertEquals(2, run("coordinator", "can-deploy").exit(), "the stack is at work");
    TimeUnit.MILLISECONDS.sleep(random.nextInt(2_000));
    ended = Instant.now();
    status = "UPDATE_COMPLETE";
    if (command.runsHere()) {
      assertEquals(2, run("coordinator", "can-deploy").exit(), "its command lives");
      assertEquals(0, run("diagnose", "stuck-queue", "--fix", "--yes").exit());
      assertEquals("IN_PROGRESS", entry(id).string("status"), "its command lives");
      // It ends well, as cdk does soon after its stack.
      Files.createFile(folder.resolve(id));
    }
    // What a Slack that was away left in the queue, cron sends.
    await(
        "the end",
        () -> {
          if (ends(id).isEmpty()) {
            run("retry-queue", "process");
          }
          return !ends(id).isEmpty();
        });
    await("the lock", () -> run("coordinator", "can-deploy").exit() == 0);
    if (process.isAlive()) {
      assertTrue(process.waitFor(30, TimeUnit.SECONDS), "the run ends");
    }
    await("the history", () -> historyStatus(id) != null);
    TimeUnit.SECONDS.sleep(2);
    assertEquals(1, ends(id).size(), texts().toString());
    assertEquals("SUCCEEDED", historyStatus(id), "what CloudFormation did");
    run("monitor", "stop", id);
  }

  private String historyStatus(String id) throws Exception {
    Path file = folder.resolve("registry/deployment-history.json");
    if (!Files.exists(file)) {
      return null;
    }
    for (Object one : Json.parseObject(Files.readAllBytes(file)).list("deployments")) {
      if (id.equals(((JsonObject) one).string("correlation_id"))) {
        return ((JsonObject) one).string("status");
      }
    }
    return null;
  }
}
