package deployctl.reset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.support.json.JsonObject;
import deployctl.testing.CliRun;
import deployctl.testing.InProcess;
import deployctl.testing.ScriptedAws;
import deployctl.testing.ScriptedSlack;
import deployctl.testing.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code reset} in a world of the test's: what it deletes, in which order, and what stops it. */
class ResetCliTest {
  private static final String BROKEN = "{\"deployments\": [{\"corr";

  @TempDir Path folder;
  private final List<Map<String, String>> deletions = new ArrayList<>();
  private final ScriptedSlack slack = new ScriptedSlack();
  private World world;
  private ScriptedAws aws;
  private InProcess cli;

  @BeforeEach
  void start() throws IOException {
    cli = new InProcess(folder);
    world =
        new World(
            new HashMap<>(Map.of("stack", Map.of("status", "ROLLBACK_FAILED"))), cli.time.now());
    aws = new ScriptedAws(this::answer);
    cli.aws(aws);
    cli.env.put("SLACK_API_URL", slack.url());
    cli.env.put("SLACK_BOT_TOKEN", "xoxb-test");
    cli.env.put("HOME", folder.toString());
    cli.writeRegistry(BROKEN);
    Files.createDirectories(cli.queueFolder());
    Files.writeString(
        cli.queueFolder().resolve("msg_1.json"),
        "{\"message_id\":\"msg_1\",\"notification_type\":\"custom\",\"args\":[\"m\"],"
            + "\"channel\":\"C1\",\"retry_count\":0,\"queued_at\":\"2026-01-01T00:00:00Z\"}");
  }

  @AfterEach
  void stop() {
    aws.close();
    slack.close();
  }

  /** A deletion that is done with the next look but one. */
  private ScriptedAws.Answer answer(Map<String, String> request) {
    boolean byId = request.getOrDefault("StackName", "").startsWith("arn:");
    if ("DeleteStack".equals(request.get("Action"))) {
      deletions.add(request);
      world.put("stack", Map.of("status", "DELETE_IN_PROGRESS"));
    } else if (!deletions.isEmpty() && "DescribeStacks".equals(request.get("Action")) && byId) {
      world.put("stack", Map.of());
      return ScriptedAws.describeStacks(World.STACK, "DELETE_COMPLETE");
    }
    return world.serve(request);
  }

  private CliRun reset(int exit, String... more) {
    List<String> argv = new ArrayList<>(List.of("reset"));
    argv.addAll(List.of(more));
    CliRun run = cli.run(argv.toArray(String[]::new));
    assertEquals(exit, run.exit(), run.toString());
    return run;
  }

  private List<String> backups() throws IOException {
    Path all = cli.registryFolder().resolve("backups");
    if (!Files.exists(all)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(all)) {
      return files.map(path -> String.valueOf(path.getFileName())).toList();
    }
  }

  private void assertUntouched() throws IOException {
    assertEquals(List.of(), deletions);
    assertEquals(BROKEN, cli.registryText());
    assertTrue(Files.exists(cli.queueFolder().resolve("msg_1.json")));
    assertEquals(List.of(), backups());
  }

  private static String status(CliRun run, String name) {
    for (Object one : run.json().list("steps")) {
      if (name.equals(((JsonObject) one).string("name"))) {
        return String.valueOf(((JsonObject) one).string("status"));
      }
    }
    return "no step " + name;
  }

  @Test
  void withoutAConfirmationItIsOnlyAPlan() throws IOException {
    CliRun plan = reset(0);
    assertTrue(plan.out().contains("--confirm " + World.STACK), plan.toString());
    reset(0, "--dry-run", "--confirm", World.STACK, "--yes");
    assertUntouched();
  }

  @Test
  void anotherStacksNameOrNobodyToAskChangesNothing() throws IOException {
    reset(64, "--confirm", "Other", "--yes");
    reset(64, "--confirm", World.STACK);
    assertUntouched();
  }

  @Test
  void aDeploymentInProgressIsNotTouched() throws IOException {
    world.put("stack", Map.of("status", "UPDATE_IN_PROGRESS"));
    CliRun refused = reset(2, "--confirm", World.STACK, "--yes");
    assertTrue(refused.err().contains("a deployment is in progress"), refused.toString());
    assertUntouched();
  }

  @Test
  void withoutAnAnswerOfAwsNothingBegins() throws IOException {
    aws.script(request -> ScriptedAws.error(403, "AccessDenied", "no"));
    reset(5, "--confirm", World.STACK, "--yes");
    assertUntouched();
  }

  @Test
  void aProtectedStackAndAllAfterItStay() throws IOException {
    world.put("stack", Map.of("status", "UPDATE_COMPLETE", "protected", "true"));
    CliRun refused = reset(1, "--confirm", World.STACK, "--yes", "-o", "json");
    assertEquals("failed", status(refused, "stack"));
    assertEquals("planned", status(refused, "registry"));
    assertUntouched();
    reset(0, "--resume", "--lift-protection", "--yes");
    assertEquals(List.of("UpdateTerminationProtection", "DeleteStack"), world.changes());
  }

  @Test
  void stackRegistryAndQueueAreMadeAnewWithACopyOfEach() throws IOException {
    CliRun run = reset(0, "--confirm", World.STACK, "--yes", "-o", "json");
    assertEquals(1, deletions.size());
    for (String step : List.of("stack", "registry", "queue")) {
      assertEquals("done", status(run, step), step + run);
    }
    assertFalse(cli.registryText().contains("corr\""), cli.registryText());
    assertFalse(Files.exists(cli.queueFolder().resolve("msg_1.json")));
    assertEquals(1, backups().size());
    Path backup = cli.registryFolder().resolve("backups").resolve(backups().get(0));
    assertEquals(BROKEN, Files.readString(backup.resolve("registry/deployments.json")));
    Path message = backup.resolve("queue/msg_1.json");
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(message)));
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(message.getParent())));
    assertEquals(
        "rw-r--r--",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(backup.resolve("registry/deployments.json"))));
    assertEquals(
        "rwxr-xr-x",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(cli.registryFolder())));
    reset(0, "--resume", "--yes");
    assertEquals(1, deletions.size(), "what is done is not done again");
  }

  private static final String WHOLE =
      "{\"deployments\":[{\"correlation_id\":\"old\",\"environment\":\"production\","
          + "\"status\":\"SUCCEEDED\"}]}";

  @Test
  void aBackupIsPutBack() throws IOException {
    cli.writeRegistry(WHOLE);
    reset(0, "--confirm", World.STACK, "--yes");
    String id = backups().get(0);
    cli.time.advance(java.time.Duration.ofMinutes(1));
    CliRun restored = reset(0, "--restore", id, "--yes");
    assertEquals(WHOLE, cli.registryText(), restored.toString());
    assertTrue(Files.exists(cli.queueFolder().resolve("msg_1.json")));
    assertEquals(2, backups().size(), "what was there is kept too");
    reset(1, "--restore", "20200101-000000", "--yes");
  }

  /** What is put back is read before anything is replaced. */
  @Test
  void aDamagedBackupIsNotPutBack() throws IOException {
    cli.writeRegistry(WHOLE);
    reset(0, "--confirm", World.STACK, "--yes");
    String now = cli.registryText();
    Path backup = cli.registryFolder().resolve("backups").resolve(backups().get(0));
    Path kept = backup.resolve("registry/deployments.json");
    Path secret = cli.registryFolder().resolveSibling("secret");
    Files.writeString(secret, WHOLE);
    for (String damage :
        List.of(BROKEN, "", "[]", "{\"schema_version\":99,\"deployments\":[]}", "link")) {
      Files.delete(kept);
      if (damage.equals("link")) {
        Files.createSymbolicLink(kept, secret);
      } else {
        Files.writeString(kept, damage);
      }
      CliRun refused = reset(1, "--restore", backups().get(0), "--yes");
      assertTrue(refused.err().contains("nothing was restored"), damage + refused);
      assertEquals(now, cli.registryText());
    }
    Files.delete(kept);
    Files.writeString(kept, WHOLE);
    Files.writeString(backup.resolve("queue/msg_1.json"), "{\"args\":[");
    assertTrue(
        reset(1, "--restore", backups().get(0), "--yes").err().contains("msg_1.json"), "a message");
    assertEquals(now, cli.registryText());
  }

  @Test
  void aBackupOfNothingAndAStrayFileAreNoFailure() throws IOException {
    Files.delete(cli.registryFile());
    Files.delete(cli.queueFolder().resolve("msg_1.json"));
    reset(0, "--confirm", World.STACK, "--yes");
    assertEquals(1, backups().size());
    Files.writeString(cli.registryFolder().resolve("backups/README"), "not ours");
    assertTrue(reset(0, "--list-backups").out().contains(backups().get(0)));
  }

  @Test
  void aFolderInTheRegistrysSteadIsPutAside() throws IOException {
    Files.delete(cli.registryFile());
    Files.createDirectories(cli.registryFile());
    CliRun run = reset(0, "--confirm", World.STACK, "--yes", "-o", "json");
    assertEquals("done", status(run, "registry"), run.toString());
    assertTrue(Files.isRegularFile(cli.registryFile()));
  }

  @Test
  void aDeletionThatFailsStopsItAndLeavesWhatIsNamedBehind() throws IOException {
    world.put(
        "events",
        List.of(
            "20m CourtCaseManagementStack AWS::CloudFormation::Stack DELETE_IN_PROGRESS",
            "18m Docs AWS::S3::Bucket DELETE_FAILED court-docs The bucket is not empty",
            "17m CourtCaseManagementStack AWS::CloudFormation::Stack DELETE_FAILED"));
    world.put("stack", Map.of("status", "DELETE_FAILED"));
    aws.script(
        request -> {
          if ("DeleteStack".equals(request.get("Action"))) {
            deletions.add(request);
            return ScriptedAws.result("DeleteStack", "");
          }
          return world.serve(request);
        });
    CliRun failed = reset(1, "--confirm", World.STACK, "--yes", "-o", "json");
    assertEquals("failed", status(failed, "stack"));
    assertEquals("planned", status(failed, "registry"));
    assertTrue(failed.out().contains("--retain Docs"), failed.toString());
    assertEquals(BROKEN, cli.registryText());
    deletions.clear();
    aws.script(this::answer);
    reset(0, "--resume", "--retain", "Docs", "--yes");
    assertEquals("Docs", deletions.get(0).get("RetainResources.member.1"));
  }

  @Test
  void awsThatGoesAwayInTheMiddleIsNoEndOfTheStack() throws IOException {
    aws.script(
        request -> {
          if ("DeleteStack".equals(request.get("Action"))) {
            deletions.add(request);
            return ScriptedAws.result("DeleteStack", "");
          }
          return deletions.isEmpty()
              ? world.serve(request)
              : ScriptedAws.error(403, "AccessDenied", "no");
        });
    CliRun lost = reset(5, "--confirm", World.STACK, "--yes", "-o", "json");
    assertEquals("failed", status(lost, "stack"));
    assertEquals("planned", status(lost, "registry"));
    assertEquals(BROKEN, cli.registryText());
    aws.script(this::answer);
    reset(0, "--resume", "--yes");
  }

  @Test
  void withoutAStackTheRestIsDone() throws IOException {
    world.put("stack", Map.of());
    CliRun run = reset(0, "--confirm", World.STACK, "--yes", "-o", "json");
    assertEquals("done", status(run, "registry"), run.toString());
    assertEquals(List.of(), deletions);
  }

  @Test
  void thePlanNamesTheDatabasesAndTheirProtectionIsLiftedByName() {
    world.put("resources", List.of("Db AWS::RDS::DBInstance CREATE_COMPLETE courtcase-db"));
    world.put("rds", Map.of("courtcase-db", Map.of("protected", "true", "age", "9d")));
    CliRun plan = reset(0);
    assertTrue(plan.out().contains("with the database courtcase-db"), plan.toString());
    assertTrue(plan.out().contains("what they hold is lost"), plan.toString());
    CliRun refused = reset(1, "--confirm", World.STACK, "--yes");
    assertTrue(refused.err().contains("The database courtcase-db is protected"), "" + refused);
    assertEquals(List.of(), deletions);
    reset(0, "--resume", "--lift-protection", "--yes");
    assertTrue(world.changes().contains("ModifyDBInstance"), world.changes().toString());
    assertEquals(1, deletions.size());
  }

  @Test
  void whatIsLeftOverIsKeptInMindUntilItIsGone() {
    world.put("tagged", List.of("arn:aws:s3:::court-docs"));
    reset(0, "--confirm", World.STACK, "--yes");
    CliRun can = cli.run("coordinator", "can-deploy");
    assertEquals(0, can.exit(), can.toString());
    assertTrue(can.err().contains("arn:aws:s3:::court-docs"), can.toString());
    assertEquals(4, cli.run("diagnose", "preflight").exit());
    world.put("tagged", List.of());
    cli.run("diagnose", "preflight");
    assertFalse(cli.run("coordinator", "can-deploy").err().contains("court-docs"));
  }
}
