package deployctl.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.support.Failure;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import deployctl.support.process.ChildProcess;
import deployctl.support.process.ProcessIdentity;
import deployctl.testing.CliRun;
import deployctl.testing.FakeChildren;
import deployctl.testing.InProcess;
import deployctl.testing.ScriptedAws;
import deployctl.testing.ScriptedSlack;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code coordinator run} around a command that is started in name only. */
class RunCliTest {
  private static final String STACK = "CourtCaseManagementStack";

  @TempDir Path folder;
  private final Map<String, String> stacks = new LinkedHashMap<>(Map.of(STACK, "UPDATE_COMPLETE"));
  private final FakeChildren children = new FakeChildren();
  private final ScriptedSlack slack = new ScriptedSlack();
  private ScriptedAws aws;
  private InProcess cli;

  @BeforeEach
  void start() {
    aws = ScriptedAws.stacks(stacks);
    cli = new InProcess(folder).aws(aws).realTime().children(children);
    cli.env.put("SLACK_API_URL", slack.url());
    cli.env.put("SLACK_BOT_TOKEN", "xoxb-test");
  }

  @AfterEach
  void stop() {
    aws.close();
    slack.close();
  }

  private CliRun run(String... before) {
    List<String> argv = new ArrayList<>(List.of("coordinator", "run", "production"));
    argv.addAll(List.of(before));
    argv.addAll(List.of("--correlation-id", "dep-1", "--no-monitor", "--", "cdk", "deploy", "--"));
    return cli.run(argv.toArray(String[]::new));
  }

  private JsonObject entry(String id) {
    try {
      JsonObject registry = Json.parseObject(cli.registryText().getBytes(StandardCharsets.UTF_8));
      for (Object one : registry.list("deployments")) {
        if (id.equals(((JsonObject) one).string("correlation_id"))) {
          return (JsonObject) one;
        }
      }
      return new JsonObject();
    } catch (JsonException e) {
      throw new AssertionError(e);
    }
  }

  /** From now on CloudFormation is at work on the stack. */
  private void atWork() {
    aws.script(
        request ->
            ScriptedAws.describeStacks(STACK, "UPDATE_IN_PROGRESS", Instant.now().toString()));
  }

  /** Start what outlives the run in name only, and return what was to be started. */
  private List<List<String>> detachedInName() {
    List<List<String>> detached = new ArrayList<>();
    cli.detached(
        (argv, errors) -> {
          detached.add(argv);
          return new ProcessBuilder("true").start();
        });
    return detached;
  }

  private List<String> messages() {
    return slack.messages().stream().map(ScriptedSlack.Message::text).toList();
  }

  /** Wait until Slack was asked to show the start: it is told beside the command. */
  private void announced() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (messages().isEmpty()) {
      assertTrue(System.nanoTime() < end, "the start was not told");
      Thread.onSpinWait();
    }
  }

  @Test
  void theCommandRunsUnderTheLockAndTheEndIsTold() throws Exception {
    List<String> seen = new ArrayList<>();
    children.doing(
        () -> {
          seen.add(entry("dep-1").string("status"));
          return 0;
        });
    CliRun run = run("--commit", "abc1234");
    assertEquals(0, run.exit(), run.toString());
    assertEquals(List.of("IN_PROGRESS"), seen);
    assertEquals(List.of(List.of("cdk", "deploy", "--")), children.started(), "its words as typed");
    assertEquals("dep-1", children.environment().get("CORRELATION_ID"));
    assertEquals("production", children.environment().get("DEPLOYCTL_ENVIRONMENT"));
    assertEquals(STACK, children.environment().get("DEPLOYCTL_STACK"));
    assertEquals(
        String.valueOf(entry("dep-1").integer("fencing_token", 0)),
        children.environment().get("DEPLOYCTL_FENCING_TOKEN"));
    assertEquals("SUCCEEDED", entry("dep-1").string("status"));
    // However soon the command is over: nothing is left to the queue's next run.
    assertEquals(2, messages().size(), messages().toString());
    assertTrue(messages().get(0).contains("started"), messages().toString());
    assertTrue(
        Files.readString(cli.registryFolder().resolve("deployment-history.json"))
            .contains("abc1234"));
  }

  @Test
  void theCommandIsWrittenDownWhileItRuns() {
    ProcessIdentity self = ProcessIdentity.current();
    children
        .identity(self)
        .doing(
            () -> {
              JsonObject entry = entry("dep-1");
              assertEquals("run", entry.string("held_by"));
              assertEquals(self.pid(), entry.integer("command_pid", 0));
              assertEquals(self.start(), entry.integer("command_process_start", 0));
              assertEquals(self.bootId(), entry.string("command_boot_id"));
              return 0;
            });
    CliRun run = run();
    assertEquals(0, run.exit(), run.toString());
  }

  @Test
  void onlyARolledBackCreationIsReplaced() {
    for (String status :
        List.of("CREATE_FAILED", "ROLLBACK_FAILED", "DELETE_FAILED", "UPDATE_ROLLBACK_FAILED")) {
      stacks.put(STACK, status);
      CliRun run = run();
      assertEquals(1, run.exit(), status + run);
      assertTrue(run.err().contains("aws cloudformation"), run.toString());
      assertEquals(List.of(), children.started());
    }
    CliRun allowed = run("--allow-cleanup");
    assertEquals(0, allowed.exit(), allowed.toString());
    stacks.put(STACK, "ROLLBACK_COMPLETE");
    cli.run("coordinator", "cleanup", "dep-1");
    CliRun replaced = run();
    assertEquals(0, replaced.exit(), replaced.toString());
  }

  /** The renewer of the lease has not noticed yet. */
  @Test
  void aLockThatIsGoneWhenTheCommandEndsIsALostOne() {
    children.doing(
        () -> {
          atWork();
          cli.run("coordinator", "cleanup", "dep-1");
          return 0;
        });
    CliRun run = run();
    assertEquals(2, run.exit(), run.toString());
  }

  @Test
  void aCommandThatEndsBeforeCloudFormationLeavesTheEndToTheMonitor() {
    List<List<String>> detached = detachedInName();
    children.doing(
        () -> {
          atWork();
          return 1;
        });
    CliRun run = run();
    assertEquals(1, run.exit(), run.toString());
    assertTrue(run.err().contains("CloudFormation is still at work"), run.toString());
    JsonObject entry = entry("dep-1");
    assertEquals("IN_PROGRESS", entry.string("status"));
    assertEquals(1, entry.integer("command_exit_code", -1));
    assertFalse(entry.has("pid"), "nobody but the monitor is left: " + entry);
    assertTrue(detached.get(0).containsAll(List.of("monitor", "run", "dep-1")), "" + detached);
    assertEquals(2, messages().size(), messages().toString());
    assertTrue(messages().get(1).contains("still at work"), messages().toString());
    assertEquals(2, cli.run("coordinator", "can-deploy", "production").exit());
    CliRun again = run();
    assertEquals(2, again.exit(), "another command would meet the operation: " + again);
    assertEquals(1, children.started().size());
  }

  @Test
  void whatTheStackDidIsNotMadeUp() {
    children.doing(
        () -> {
          aws.script(request -> ScriptedAws.error(403, "AccessDenied", "no"));
          return 0;
        });
    CliRun run = run();
    assertEquals(0, run.exit(), run.toString());
    assertTrue(run.err().contains("How the stack's operation went is not known"), run.toString());
    assertEquals(3, messages().size(), messages().toString());
    assertTrue(messages().get(1).contains("succeeded"), messages().toString());
    assertTrue(messages().get(2).contains("is not known"), messages().toString());
  }

  @Test
  void aSlackThatFailsAtFirstIsToldAllTheSame() {
    slack.once("chat.postMessage", ScriptedSlack.status(503, ""));
    CliRun run = run();
    assertEquals(0, run.exit(), run.toString());
    assertEquals(2, messages().size(), messages().toString());
  }

  @Test
  void whatCannotBeSentIsSaid() {
    cli.env.remove("SLACK_BOT_TOKEN");
    CliRun run = run();
    assertEquals(0, run.exit(), run.toString());
    assertTrue(
        run.err().contains("2 messages wait for Slack: There is no Slack token"), run.toString());
  }

  @Test
  void withSlackSwitchedOffNothingIsQueued() {
    cli.env.put("DEPLOYCTL_SLACK", "off");
    CliRun run = run();
    assertEquals(0, run.exit(), run.toString());
    assertEquals(1, run.err().split("Slack is switched off", -1).length - 1, run.toString());
    assertFalse(Files.exists(cli.queueFolder()));
    assertEquals(List.of(), slack.calls());
    assertEquals(0, cli.run("notify", "custom", "hello").exit());
    CliRun process = cli.run("retry-queue", "process", "-o", "json");
    assertEquals(0, process.exit(), process.toString());
    assertEquals(0, process.json().integer("sent", -1));
    assertEquals(64, with("DEPLOYCTL_SLACK", "perhaps").run("notify", "custom", "hello").exit());
  }

  @Test
  void theJobIsToldHowItEnded() throws Exception {
    Path outputs = folder.resolve("outputs");
    Path summary = folder.resolve("summary");
    cli.env.put("GITHUB_ACTIONS", "true");
    cli.env.put("GITHUB_OUTPUT", outputs.toString());
    cli.env.put("GITHUB_STEP_SUMMARY", summary.toString());
    children.doing(() -> 3);
    CliRun failed = run("--on-failure", "nothing");
    assertEquals(3, failed.exit(), failed.toString());
    assertEquals("", failed.out(), "stdout is the command's");
    assertTrue(failed.err().contains("::error title=Deployment to production::dep-1"), "" + failed);
    String said = Files.readString(outputs);
    assertTrue(said.contains("correlation_id=dep-1\n"), said);
    assertTrue(said.contains("result=failed\n"), said);
    assertTrue(said.contains("exit_code=3\n"), said);
    assertTrue(Files.readString(summary).contains("the command exited with 3"));
    cli.run("coordinator", "register", "other", "1", "production");
    CliRun refused = run("--commit", "abc");
    assertEquals(2, refused.exit(), refused.toString());
    assertTrue(refused.err().contains("::error title=Nothing was deployed::"), "" + refused);
    assertTrue(Files.readString(outputs).contains("result=refused"));
  }

  @Test
  void whoStartedWhatIsInTheFirstMessage() {
    CliRun run = run("--commit", "abc1234def5678");
    assertEquals(0, run.exit(), run.toString());
    String blocks = slack.calls("chat.postMessage").get(0).form().get("blocks");
    assertTrue(blocks.contains("operator"), blocks);
    assertTrue(blocks.contains("abc1234def56"), blocks);
  }

  @Test
  void aFailureKeepsItsLinksWhenItsEntryIsGone() {
    cli.run("notify", "failed", "gone-1", "production", "it broke", STACK);
    String blocks = slack.calls("chat.postMessage").get(0).form().get("blocks");
    assertTrue(blocks.contains("console.aws.amazon.com"), blocks);
  }

  @Test
  void whoWaitsSaysSoAndHearsThatTheOneAheadFailed() {
    cli.run("coordinator", "register", "ahead", "1", "production");
    failSoon("ahead");
    CliRun run = run("--wait", "1m");
    assertEquals(0, run.exit(), run.toString());
    assertTrue(run.err().contains("ahead, which was ahead of dep-1, has failed"), run.toString());
    List<String> texts = messages();
    assertTrue(texts.get(0).contains("waits for"), texts.toString());
    assertEquals(1, texts.stream().filter(text -> text.contains("waits for")).count());
    assertEquals(1, texts.stream().filter(text -> text.contains("has failed")).count());
  }

  @Test
  void theFailureOfTheOneAheadEndsTheWaitWhereThatIsWanted() {
    cli.run("coordinator", "register", "ahead", "1", "production");
    failSoon("ahead");
    CliRun run = run("--wait", "1m", "--stop-on-failed-predecessor");
    assertEquals(1, run.exit(), run.toString());
    assertEquals(List.of(), children.started());
    assertEquals(0, cli.run("coordinator", "can-deploy").exit(), "the lock was given back");
  }

  /** Another process, a moment later. */
  private void failSoon(String id) {
    new Thread(
            () -> {
              while (slack.messages().isEmpty()) {
                Thread.onSpinWait();
              }
              new InProcess(folder).run("coordinator", "release", id, "--status", "FAILED");
            })
        .start();
  }

  private InProcess with(String variable, String value) {
    cli.env.put(variable, value);
    return cli;
  }

  @Test
  void aCommandStandsBehindTheSeparator() {
    CliRun run = cli.run("coordinator", "run", "npx", "cdk", "deploy");
    assertEquals(64, run.exit(), run.toString());
    assertTrue(run.err().contains("coordinator run -- npx cdk deploy"), run.toString());
    CliRun named = cli.run("coordinator", "run", "staging", "cdk", "deploy");
    assertEquals(64, named.exit(), named.toString());
    assertTrue(named.err().contains("coordinator run staging -- cdk deploy"), named.toString());
    assertFalse(Files.exists(cli.registryFile()));
  }

  @Test
  void theCommandsExitCodeIsTheRunsOwn() {
    children.doing(() -> 7);
    CliRun run = run();
    assertEquals(7, run.exit(), run.toString());
    assertEquals("FAILED", entry("dep-1").string("status"));
    assertTrue(run.err().contains("the command exited with 7"), run.toString());
  }

  @Test
  void whatCannotBeRunRegistersAndAnnouncesNothing() {
    children.cannotBeRun(ChildProcess.NOT_FOUND);
    CliRun run = run();
    assertEquals(127, run.exit(), run.toString());
    assertTrue(run.err().contains("cdk: command not found"), run.toString());
    assertFalse(Files.exists(cli.registryFile()));
    assertEquals(List.of(), messages());
  }

  @Test
  void aCommandThatDoesNotStartReleasesTheLock() {
    CliRun run = new Failing().run("no more processes");
    assertEquals(1, run.exit(), run.toString());
    assertEquals("FAILED", entry("dep-1").string("status"));
  }

  /** Starts nothing, and says why. */
  private final class Failing {
    CliRun run(String why) {
      cli.children(
          new deployctl.support.process.Child.ChildStarter() {
            @Override
            public int check(String command) {
              return 0;
            }

            @Override
            public deployctl.support.process.Child start(
                List<String> argv, Map<String, String> environment) {
              throw new Failure(Failure.FailureKind.FAILED, why, "Try again");
            }
          });
      return RunCliTest.this.run();
    }
  }

  @Test
  void nothingIsRunWhileAnotherHoldsTheLock() {
    assertEquals(0, cli.run("coordinator", "register", "other", "1", "production").exit());
    CliRun run = run();
    assertEquals(2, run.exit(), run.toString());
    assertEquals(List.of(), children.started());
    assertEquals("IN_PROGRESS", entry("other").string("status"));
    assertEquals(List.of(), messages());
  }

  @Test
  void nothingIsRunWithoutAnAnswerOfAws() {
    aws.script(request -> ScriptedAws.error(403, "AccessDenied", "no"));
    CliRun run = run();
    assertEquals(5, run.exit(), run.toString());
    assertEquals(List.of(), children.started());
  }

  @Test
  void nothingIsRunWithoutARegistry() throws Exception {
    cli.writeRegistry("{\"deployments\":[{\"corr");
    CliRun run = run();
    assertEquals(1, run.exit(), run.toString());
    assertEquals(List.of(), children.started());
    assertEquals("{\"deployments\":[{\"corr", cli.registryText());
  }

  @Test
  void whoLosesTheLockIsToldToEnd() throws Exception {
    // A clock that only sleeping moves: the renewal comes at once, and finds another holder.
    cli = new InProcess(folder).aws(aws).children(children);
    children.doing(
        () -> {
          cli.registry().update(document -> document.removeIf(entry -> true));
          return children.untilToldToEnd();
        });
    CliRun run = run("--grace", "3s");
    assertEquals(2, run.exit(), run.toString());
    assertEquals(List.of(Duration.ofSeconds(3)), children.ended());
    assertTrue(run.err().contains("lost the deployment lock"), run.toString());
  }

  @Test
  void cancelledItTellsTheCommandAndReleasesTheLock() throws Exception {
    CompletableFuture<Void> ended = cancelling(() -> {});
    CliRun run = run();
    ended.get(1, TimeUnit.MINUTES);
    assertEquals(143, run.exit(), run.toString());
    assertEquals(List.of(Duration.ofSeconds(5)), children.ended());
    assertEquals("CANCELLED", entry("dep-1").string("status"));
    assertTrue(
        messages().get(messages().size() - 1).contains("was cancelled"), messages().toString());
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Cancel the run as soon as its command runs. */
  private CompletableFuture<Void> cancelling(Runnable meanwhile) {
    List<Runnable> hooks = new ArrayList<>();
    cli.shutdown(
        action -> {
          hooks.add(action);
          return () -> hooks.remove(action);
        });
    CompletableFuture<Void> ended = new CompletableFuture<>();
    children.doing(
        () -> {
          announced();
          meanwhile.run();
          Runnable hook = hooks.get(hooks.size() - 1);
          new Thread(
                  () -> {
                    hook.run();
                    ended.complete(null);
                  })
              .start();
          return children.untilToldToEnd();
        });
    return ended;
  }

  @Test
  void whatACancelledRunHasBegunIsWatchedToItsEnd() throws Exception {
    List<List<String>> detached = detachedInName();
    CompletableFuture<Void> ended = cancelling(() -> atWork());
    CliRun run = run();
    ended.get(1, TimeUnit.MINUTES);
    assertEquals(143, run.exit(), run.toString());
    assertEquals("IN_PROGRESS", entry("dep-1").string("status"), "its operation goes on");
    assertTrue(detached.get(0).containsAll(List.of("monitor", "run", "dep-1")), "" + detached);
    String last = messages().get(messages().size() - 1);
    assertTrue(last.contains("was cancelled while CloudFormation is still at work"), last);
  }

  /** {@code cdk deploy || cdk deploy}: the end of the first is not that of the second. */
  @Test
  void anEarlierOperationOfTheSameRunIsNotItsEnd() {
    List<List<String>> detached = detachedInName();
    children.doing(
        () -> {
          cli.registry()
              .update(
                  document -> {
                    document.put(
                        document
                            .find("dep-1")
                            .operationEnded(
                                "UPDATE_ROLLBACK_COMPLETE", Instant.now().minusSeconds(60)));
                    return true;
                  });
          atWork();
          return 1;
        });
    CliRun run = run();
    assertEquals(1, run.exit(), run.toString());
    assertEquals("IN_PROGRESS", entry("dep-1").string("status"), "the second goes on");
    assertFalse(entry("dep-1").has("operation_ended_at"), entry("dep-1").toString());
    assertEquals(1, detached.stream().filter(argv -> argv.contains("monitor")).count());
    assertEquals(2, cli.run("coordinator", "can-deploy", "production").exit());
  }

  @Test
  void whereNobodyWatchesThatIsSaid() {
    cli.detached(
        (argv, errors) -> {
          throw new IOException("no more processes");
        });
    children.doing(
        () -> {
          atWork();
          return 1;
        });
    CliRun run = run();
    String last = messages().get(messages().size() - 1);
    assertTrue(last.contains("nobody watches it"), last + run);
  }

  /** {@code cdk deploy || true}: what CloudFormation says of the stack counts. */
  @Test
  void aStackThatWasRolledBackIsNoSuccessWhateverTheCommandSays() throws Exception {
    children.doing(
        () -> {
          String now = Instant.now().toString();
          aws.script(
              request ->
                  "DescribeStackEvents".equals(request.get("Action"))
                      ? ScriptedAws.result(
                          "DescribeStackEvents",
                          "<StackEvents>"
                              + event("3", now, "UPDATE_ROLLBACK_COMPLETE")
                              + event("2", now, "UPDATE_ROLLBACK_IN_PROGRESS")
                              + event("1", now, "UPDATE_IN_PROGRESS")
                              + "</StackEvents>")
                      : ScriptedAws.describeStacks(STACK, "UPDATE_ROLLBACK_COMPLETE", now));
          return 0;
        });
    CliRun run = run();
    assertEquals(0, run.exit(), "the command's own");
    assertEquals("FAILED", entry("dep-1").string("status"), run.toString());
    String last = messages().get(messages().size() - 1);
    assertTrue(last.contains("UPDATE_ROLLBACK_COMPLETE"), last);
    String history = Files.readString(cli.registryFolder().resolve("deployment-history.json"));
    assertTrue(history.contains("\"FAILED\"") && !history.contains("\"SUCCEEDED\""), history);
  }

  private static String event(String id, String at, String status) {
    return "<member><EventId>"
        + id
        + "</EventId><StackId>arn:aws:cloudformation:us-east-1:123456789012:stack/"
        + STACK
        + "/1</StackId><StackName>"
        + STACK
        + "</StackName><LogicalResourceId>"
        + STACK
        + "</LogicalResourceId><PhysicalResourceId>arn:aws:cloudformation:us-east-1:123456789012:stack/"
        + STACK
        + "/1</PhysicalResourceId><ResourceType>AWS::CloudFormation::Stack</ResourceType><ResourceStatus>"
        + status
        + "</ResourceStatus><Timestamp>"
        + at
        + "</Timestamp></member>";
  }

  /** {@code cdk deploy && smoke-test}: the stack is well, the deployment is not. */
  @Test
  void anEndThatTheMonitorToldOtherwiseIsSetRight() throws Exception {
    children.doing(
        () -> {
          Path file = cli.registryFolder().resolve("monitors/dep-1.json");
          try {
            Files.createDirectories(file.getParent());
            Files.writeString(
                file,
                "{\"correlation_id\":\"dep-1\",\"end_told\":true,\"outcome\":\"SUCCEEDED\","
                    + "\"finished_at\":\"2026-01-31T12:00:00Z\"}");
          } catch (IOException e) {
            throw new AssertionError(e);
          }
          return 3;
        });
    CliRun run = run();
    assertEquals(3, run.exit(), run.toString());
    String last = messages().get(messages().size() - 1);
    assertTrue(last.contains("failed: the command exited with 3"), last);
    assertTrue(last.contains("operation had succeeded"), last);
  }

  @Test
  void whatTheRunAllowsIsNothingInThePreflightsWay() {
    stacks.put(STACK, "UPDATE_ROLLBACK_FAILED");
    assertEquals(1, run("--preflight").exit());
    CliRun allowed = run("--preflight", "--allow-cleanup");
    assertEquals(0, allowed.exit(), allowed.toString());
    cli.run("coordinator", "cleanup", "dep-1");
    stacks.put(STACK, "UPDATE_COMPLETE");
    cli.env.put("RUNNER_ENVIRONMENT", "github-hosted");
    assertEquals(1, run("--preflight").exit());
    CliRun local = run("--preflight", "--local");
    assertEquals(0, local.exit(), local.toString());
  }

  @Test
  void whoeverHasTheIdAlreadyIsNotWaitedFor() throws Exception {
    Process other = new ProcessBuilder("sleep", "600").start();
    try {
      ProcessIdentity holder = ProcessIdentity.of(other.pid());
      cli.writeRegistry(
          new JsonObject()
              .put(
                  "deployments",
                  List.of(
                      new JsonObject()
                          .put("correlation_id", "dep-1")
                          .put("environment", "production")
                          .put("stack_name", STACK)
                          .put("status", "IN_PROGRESS")
                          .put("held_by", "run")
                          .put("updated_at", Instant.now().toString())
                          .put("pid", holder.pid())
                          .put("process_start", holder.start())
                          .put("boot_id", holder.bootId())))
              .toString());
      CliRun second = run("--wait", "30m");
      assertEquals(2, second.exit(), second.toString());
      assertTrue(second.err().contains("this very id: take another"), second.toString());
      CliRun held =
          cli.run("coordinator", "acquire", "--hold", "--correlation-id", "dep-1", "--wait", "30m");
      assertEquals(2, held.exit(), held.toString());
      assertTrue(held.err().contains("this very id: take another"), held.toString());
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void everyRefusalIsToldToTheJobInTheSameWords() throws Exception {
    Path outputs = folder.resolve("outputs");
    cli.env.put("GITHUB_OUTPUT", outputs.toString());
    children.cannotBeRun(ChildProcess.NOT_FOUND);
    run();
    assertEquals(
        List.of("environment=production", "stack_name=" + STACK, "result=refused", "exit_code=127"),
        Files.readAllLines(outputs));
    Files.delete(outputs);
    children.cannotBeRun(0);
    cli.env.put("RUNNER_ENVIRONMENT", "github-hosted");
    assertEquals(1, run().exit());
    cli.env.remove("RUNNER_ENVIRONMENT");
    stacks.put(STACK, "DELETE_FAILED");
    assertEquals(1, run().exit());
    aws.script(request -> ScriptedAws.error(403, "AccessDenied", "no"));
    assertEquals(5, run().exit());
    List<String> lines = Files.readAllLines(outputs);
    assertEquals(
        List.of("exit_code=1", "exit_code=1", "exit_code=5"),
        lines.stream().filter(line -> line.startsWith("exit_code")).toList());
    assertEquals(3, lines.stream().filter("correlation_id=dep-1"::equals).count(), "" + lines);
  }

  @Test
  void whatThePreflightAskedIsNotAskedAgain() {
    CliRun run = run("--preflight");
    assertEquals(0, run.exit(), run.toString());
    long before =
        aws.requests().stream()
            .filter(request -> "DescribeStacks".equals(request.get("Action")))
            .count();
    assertEquals(2, before, "once before the command, once after it: " + aws.requests());
  }

  @Test
  void whatThePreflightSawProvesNothingAboutAHolder() {
    cli.writeRegistry(
        "{\"deployments\":[{\"correlation_id\":\"old\",\"environment\":\"production\","
            + "\"stack_name\":\""
            + STACK
            + "\",\"status\":\"IN_PROGRESS\",\"lease_expires_at\":\"2026-01-01T00:00:00Z\"}]}");
    AtomicInteger asked = new AtomicInteger();
    aws.script(
        request ->
            "DescribeStacks".equals(request.get("Action")) && asked.incrementAndGet() > 1
                ? ScriptedAws.describeStacks(STACK, "UPDATE_IN_PROGRESS")
                : ScriptedAws.stackAnswer(request, stacks));
    CliRun run = run("--preflight");
    assertEquals(2, run.exit(), "it has begun since: " + run);
    assertEquals(List.of(), children.started());
  }

  @Test
  void aFailedUpdateThatWasLeftAsItIsIsSaidFirst() {
    stacks.put(STACK, "UPDATE_FAILED");
    CliRun run = run();
    assertEquals(0, run.exit(), run.toString());
    assertTrue(run.err().contains("aws cloudformation rollback-stack"), run.toString());
    cli.run("coordinator", "cleanup", "dep-1");
    CliRun looked = run("--preflight", "--strict");
    assertEquals(1, looked.exit(), looked.toString());
    assertTrue(looked.err().contains("--strict counts the warning of: stack"), looked.toString());
  }

  @Test
  void whichProcessDeploysIsWrittenDownAsSoonAsThatCanBe() {
    ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current().pid());
    children.identity(self);
    Path file = cli.registryFile();
    Path aside = file.resolveSibling("aside");
    children.beforeStart(
        () -> {
          move(file, aside);
          assertTrue(file.toFile().mkdir());
        });
    children.doing(
        () -> {
          assertTrue(file.toFile().delete());
          move(aside, file);
          assertFalse(entry("dep-1").has("command_pid"));
          long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
          while (!entry("dep-1").has("command_pid")) {
            assertTrue(System.nanoTime() < end, "it was not tried again");
            Thread.onSpinWait();
          }
          return 0;
        });
    CliRun run = run();
    assertEquals(0, run.exit(), run.toString());
    assertTrue(run.err().contains("could not be written down"), run.toString());
  }

  @Test
  void aStaleHolderIsTakenOverAndNamed() {
    cli.writeRegistry(
        "{\"deployments\":[{\"correlation_id\":\"old\",\"environment\":\"production\","
            + "\"stack_name\":\""
            + STACK
            + "\",\"status\":\"IN_PROGRESS\",\"lease_expires_at\":\"2026-01-01T00:00:00Z\"}]}");
    CliRun run = run();
    assertEquals(0, run.exit(), run.toString());
    assertTrue(run.err().contains("Took over the lock of old"), run.toString());
    assertEquals("dep-1", entry("old").string("taken_over_by"));
  }
}
