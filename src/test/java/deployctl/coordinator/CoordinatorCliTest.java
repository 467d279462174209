package deployctl.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.cli.Terminal;
import deployctl.support.json.JsonObject;
import deployctl.testing.CliRun;
import deployctl.testing.InProcess;
import deployctl.testing.ScriptedAws;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The coordinator's commands as an operator and a workflow see them. */
class CoordinatorCliTest {
  private static final String STACK = "CourtCaseManagementStack";

  @TempDir Path folder;
  private final Map<String, String> stacks = new LinkedHashMap<>(Map.of(STACK, "UPDATE_COMPLETE"));
  private ScriptedAws aws;
  private InProcess cli;

  @BeforeEach
  void start() {
    aws = ScriptedAws.stacks(stacks);
    cli = new InProcess(folder).aws(aws);
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  private CliRun run(int expectedExit, String... args) {
    List<String> words = new java.util.ArrayList<>(List.of("coordinator"));
    words.addAll(List.of(args));
    CliRun run = cli.run(words.toArray(String[]::new));
    assertEquals(expectedExit, run.exit(), () -> String.join(" ", words) + "\n" + run);
    assertFalse(run.err().contains("\tat "), "a stack trace\n" + run);
    return run;
  }

  private void leaseRanOut(String id) {
    cli.writeRegistry(
        "{\"deployments\":[{\"correlation_id\":\""
            + id
            + "\",\"workflow_run_id\":\"1\",\"environment\":\"production\","
            + "\"stack_name\":\""
            + STACK
            + "\",\"status\":\"IN_PROGRESS\",\"started_at\":\"2026-01-31T08:00:00Z\","
            + "\"updated_at\":\"2026-01-31T08:00:00Z\",\"team\":\"courts\"}]}");
  }

  @Test
  void canDeploySaysYesInWordsAndJson() {
    run(0, "init");
    assertEquals(
        "yes: "
            + STACK
            + " (production, us-east-1, account 123456789012) is idle (UPDATE_COMPLETE)\n",
        run(0, "can-deploy").out());
    JsonObject json = run(0, "can-deploy", "production", "-o", "json").json();
    assertEquals(true, json.get("can_deploy"));
    assertEquals("STACK_IDLE", json.string("reason"));
    assertEquals("both", json.string("source"));
    assertTrue(json.has("active_deployment"));
    assertNull(json.get("active_deployment"));
    assertEquals(
        "NO_STACK_EXISTS", run(0, "can-deploy", "staging", "-o", "json").json().string("reason"));
  }

  @Test
  void canDeployNamesWhoIsInTheWay() throws Exception {
    run(0, "register", "dep-1", "4711", "production");
    cli.time.advance(java.time.Duration.ofMinutes(12));
    CliRun text = run(2, "can-deploy", "production");
    assertEquals(
        "no: dep-1 is deploying to "
            + STACK
            + " (production, us-east-1) since 12:00 UTC, 12 min; about 13 min left\n",
        text.out().lines().findFirst().orElse("") + "\n");
    assertTrue(text.out().contains("console.aws.amazon.com"), text.toString());
    JsonObject json = run(2, "-o", "json", "can-deploy", "production").json();
    assertEquals(false, json.get("can_deploy"));
    assertEquals("REGISTERED_DEPLOYMENT_IN_PROGRESS", json.string("reason"));
    assertEquals("registry", json.string("source"));
    JsonObject active = json.object("active_deployment");
    assertEquals("dep-1", active.string("correlation_id"));
    assertEquals("production", active.string("environment"));
    assertEquals(STACK, active.string("stack_name"));
    assertEquals("IN_PROGRESS", active.string("status"));
    assertEquals("2026-01-31T12:00:00Z", active.string("started_at"));
    assertEquals("12.0", String.valueOf(active.get("elapsed_minutes")));
    assertEquals("13.0", String.valueOf(active.get("estimated_remaining_minutes")));
    Files.writeString(
        cli.registryFolder().resolve("deployment-history.json"),
        "{\"average_deployment_minutes\":40}");
    active = run(2, "can-deploy", "production", "-o", "json").json().object("active_deployment");
    assertEquals("28.0", String.valueOf(active.get("estimated_remaining_minutes")));
    cli.time.advance(java.time.Duration.ofHours(1));
    active = run(2, "can-deploy", "production", "-o", "json").json().object("active_deployment");
    assertNull(active.get("estimated_remaining_minutes"));
  }

  @Test
  void canDeploySeesADeploymentThatNobodyRegistered() {
    stacks.put(STACK, "UPDATE_IN_PROGRESS");
    JsonObject json = run(2, "can-deploy", "-o", "json").json();
    assertEquals("ACTIVE_DEPLOYMENT_IN_PROGRESS", json.string("reason"));
    assertEquals("cloudformation", json.string("source"));
    JsonObject active = json.object("active_deployment");
    assertNull(active.get("correlation_id"));
    assertEquals("UPDATE_IN_PROGRESS", active.string("status"));
    assertEquals("2026-01-31T11:48:00Z", active.string("started_at"));
    run(0, "cleanup", "none");
  }

  @ParameterizedTest
  @CsvSource({
    "ROLLBACK_COMPLETE,delete-stack",
    "DELETE_FAILED,delete-stack",
    "UPDATE_ROLLBACK_FAILED,continue-update-rollback"
  })
  void canDeployNamesTheCommandsThatCleanUp(String status, String command) {
    stacks.put(STACK, status);
    CliRun run = run(1, "can-deploy");
    assertTrue(
        run.out()
            .contains(
                "aws cloudformation " + command + " --stack-name " + STACK + " --region us-east-1"),
        run.toString());
    assertEquals("STACK_NEEDS_CLEANUP", run(1, "can-deploy", "-o", "json").json().string("reason"));
    run(0, "can-deploy", "--allow-cleanup");
    run(1, "register", "a", "1", "production");
    run(0, "register", "a", "1", "production", "--allow-cleanup");
  }

  @Test
  void aStaleEntryIsNamedWithItsRemediationAndTakenOver() {
    leaseRanOut("old");
    CliRun run = run(0, "can-deploy");
    assertTrue(run.err().contains("old is stale"), run.toString());
    assertTrue(run.err().contains("deployctl coordinator cleanup old"), run.toString());
    assertTrue(
        run(0, "can-deploy", "-o", "json").out().contains("deployctl coordinator cleanup old"));
    CliRun acquired = run(0, "acquire", "production", "--correlation-id", "new");
    assertTrue(acquired.err().contains("Took over the lock of old"), acquired.toString());
    assertTrue(cli.registryText().contains("\"team\":\"courts\""), cli.registryText());
    CliRun late = run(1, "release", "old", "--status", "SUCCEEDED");
    assertTrue(
        late.err().contains("old lost the lock to new after its lease ran out"), late.toString());
  }

  @Test
  void anEntryWhoseLeaseRanOutBlocksWhileItsStackIsAtWork() {
    leaseRanOut("old");
    stacks.put(STACK, "UPDATE_IN_PROGRESS");
    assertEquals("both", run(2, "can-deploy", "-o", "json").json().string("source"));
    run(2, "acquire", "production");
  }

  @Test
  void awsThatGivesNoAnswerIsNeverAYes() {
    aws.script(request -> ScriptedAws.error(403, "AccessDenied", "not authorized to perform"));
    JsonObject json = run(5, "can-deploy", "-o", "json").json();
    assertEquals(false, json.get("can_deploy"));
    assertEquals("AWS_ACCESS_DENIED", json.string("reason"));
    CliRun text = run(5, "can-deploy");
    assertTrue(text.lastError().contains("Allow cloudformation:DescribeStacks"), text.toString());
    run(5, "register", "a", "1", "production");
    run(5, "acquire", "production", "--wait", "30m");
    run(5, "wait", "production", "1");
    assertFalse(Files.exists(cli.registryFile()), "nothing was registered");
    aws.close();
    cli.writeRegistry("{");
    assertEquals("AWS_UNREACHABLE", run(5, "can-deploy", "-o", "json").json().string("reason"));
    assertEquals("{", cli.registryText());
  }

  @Test
  void registerKeepsWhatTheWorkflowTells() {
    cli.env.put("GITHUB_REPOSITORY", "courts/cases");
    cli.env.put("GITHUB_SHA", "abc123");
    cli.env.put("GITHUB_ACTOR", "ada");
    JsonObject entry = run(0, "register", "dep-1", "4711", "production", "-o", "json").json();
    assertEquals("dep-1", entry.string("correlation_id"));
    assertEquals("4711", entry.string("workflow_run_id"));
    assertEquals("production", entry.string("environment"));
    assertEquals(STACK, entry.string("stack_name"));
    assertEquals("IN_PROGRESS", entry.string("status"));
    assertEquals("2026-01-31T12:00:00Z", entry.string("started_at"));
    assertEquals("2026-01-31T12:00:00Z", entry.string("updated_at"));
    assertEquals("2026-01-31T14:00:00Z", entry.string("lease_expires_at"));
    assertEquals(1, entry.integer("fencing_token", 0));
    assertEquals("abc123", entry.string("commit"));
    assertEquals("ada", entry.string("actor"));
    assertEquals(
        "https://github.com/courts/cases/actions/runs/4711", entry.string("github_run_url"));
    assertTrue(entry.string("aws_console_url").contains("region=us-east-1"));
    assertFalse(entry.has("pid"), "the process that registers is no sign of the deployment's life");
    assertEquals(entry, run(0, "register", "dep-1", "4711", "production", "-o", "json").json());
    run(2, "register", "dep-2", "4712", "production");
  }

  @Test
  void theWholeLifeOfADeploymentIsInTheJournal() throws IOException {
    run(0, "init");
    run(0, "register", "a", "1", "production");
    run(0, "release", "a", "--status", "FAILED");
    run(0, "release", "a", "--status", "FAILED");
    run(0, "cleanup", "a");
    run(0, "cleanup", "a");
    List<String> lines = Files.readAllLines(cli.registryFolder().resolve("journal.jsonl"));
    assertEquals(4, lines.size(), lines.toString());
    assertTrue(lines.get(0).contains("\"command\":\"coordinator init\""), lines.get(0));
    assertTrue(
        lines.get(1).contains("\"command\":\"coordinator register\",\"what\":\"a\""), lines.get(1));
    assertTrue(lines.get(2).contains("\"result\":\"FAILED\""), lines.get(2));
    assertTrue(lines.get(3).contains("\"who\":\"operator\""), lines.get(3));
  }

  @Test
  void acquireMakesAnIdAndTellsTheWorkflow() throws IOException {
    Path outputs = folder.resolve("outputs");
    Path summary = folder.resolve("summary");
    cli.env.put("GITHUB_OUTPUT", outputs.toString());
    cli.env.put("GITHUB_STEP_SUMMARY", summary.toString());
    JsonObject entry = run(0, "acquire", "production", "-o", "json").json();
    assertTrue(entry.string("correlation_id").matches("20260131-120000-[0-9a-f]{8}"));
    String written = Files.readString(outputs);
    assertTrue(
        written.contains("correlation_id=" + entry.string("correlation_id") + "\n"), written);
    assertTrue(written.contains("fencing_token=1\n"), written);
    assertTrue(Files.readString(summary).contains("Registered"), Files.readString(summary));
    run(2, "can-deploy");
    assertTrue(
        Files.readString(outputs)
            .contains("can_deploy=false\nreason=REGISTERED_DEPLOYMENT_IN_PROGRESS\n"));
  }

  @Test
  void acquireWithoutWaitIsRefusedAndWithWaitTimesOut() {
    run(0, "acquire", "production", "--correlation-id", "a");
    CliRun refused = run(2, "acquire", "production", "--correlation-id", "b");
    assertTrue(refused.err().contains("acquire --wait 30m"), refused.toString());
    CliRun late = run(3, "acquire", "production", "--correlation-id", "b", "--wait", "3m");
    long lines = late.err().lines().filter(line -> line.startsWith("waiting ")).count();
    assertTrue(lines >= 3 && lines <= 4, "a line a minute\n" + late);
    assertTrue(late.err().contains("position 1 in the queue, a is deploying to"), late.toString());
    CliRun json = run(3, "acquire", "production", "--wait", "1s", "-o", "json");
    assertEquals("a", json.json().object("active_deployment").string("correlation_id"));
    assertEquals(1, run(0, "list", "-o", "json").out().split("correlation_id", -1).length - 1);
  }

  @Test
  void aTerminalGetsOneLineThatIsKeptUpToDate() {
    run(0, "acquire", "production", "--correlation-id", "a");
    cli.terminal(new Terminal(true, true, true, 70, false));
    CliRun late = run(3, "acquire", "production", "--correlation-id", "b", "--wait", "10s");
    assertTrue(late.err().contains("\rwaiting "), late.toString());
    assertTrue(late.err().contains(", position 1: a since 12:00 UTC, "), late.toString());
    assertTrue(late.err().contains("min left"), late.toString());
    for (String shown : late.err().split("[\r\n]", -1)) {
      boolean status = shown.startsWith("waiting ");
      assertTrue(!status || shown.length() < 70, shown);
    }
  }

  @Test
  void waitReturnsTheFinalState() {
    JsonObject idle = run(0, "wait", "production", "1", "-o", "json").json();
    assertEquals(true, idle.get("can_deploy"));
    assertEquals(false, idle.get("timed_out"));
    run(0, "register", "a", "1", "production");
    JsonObject busy = run(3, "wait", "production", "0", "-o", "json").json();
    assertEquals(true, busy.get("timed_out"));
    assertEquals("a", busy.object("active_deployment").string("correlation_id"));
    stacks.put("Other", "ROLLBACK_COMPLETE");
    run(1, "can-deploy", "staging", "Other");
    CliRun dirty = run(1, "wait", "staging", "1", "Other");
    assertTrue(dirty.out().contains("delete-stack"), dirty.toString());
  }

  @Test
  void aStackThatIsKnownElsewhereIsNotMadeHereUnasked() {
    stacks.clear();
    JsonObject fresh = run(0, "can-deploy", "-o", "json").json();
    assertEquals("us-east-1", fresh.string("region"));
    cli.writeRegistry(
        "{\"deployments\":[{\"correlation_id\":\"old\",\"environment\":\"production\","
            + "\"stack_name\":\"CourtCaseManagementStack\",\"status\":\"SUCCEEDED\",\"region\":\"eu-west-1\","
            + "\"updated_at\":\"2026-01-30T11:59:00Z\"}]}");
    JsonObject refused = run(1, "can-deploy", "-o", "json").json();
    assertEquals(false, refused.get("can_deploy"));
    assertEquals("NO_STACK_EXISTS", refused.string("reason"));
    assertEquals("eu-west-1", refused.object("known_in").string("region"));
    assertTrue(run(1, "can-deploy").out().contains("--new-stack"));
    run(1, "register", "a", "1", "production");
    run(1, "acquire", "production", "--wait", "5m");
    run(1, "wait", "production", "5");
    run(0, "can-deploy", "--new-stack");
    run(0, "register", "a", "1", "production", "--new-stack");
    run(0, "cleanup", "a");
    // Once it is known here, too, its absence is no riddle.
    run(0, "can-deploy", "--region", "eu-west-1");
  }

  @Test
  void theProfilesRegionCountsToo() throws Exception {
    stacks.clear();
    Path config = cli.registryFolder().resolveSibling("aws-config");
    Files.writeString(
        config,
        "[default]\nregion = eu-north-1\n\n[profile ops]\nregion = us-east-1\n[profile broken]\n");
    cli.env.remove("AWS_REGION");
    cli.env.put("AWS_CONFIG_FILE", config.toString());
    cli.writeRegistry(
        "{\"deployments\":[{\"correlation_id\":\"old\",\"environment\":\"production\","
            + "\"stack_name\":\"CourtCaseManagementStack\",\"status\":\"SUCCEEDED\",\"region\":\"us-east-1\","
            + "\"updated_at\":\"2026-01-30T11:59:00Z\"}]}");
    JsonObject refused = run(1, "can-deploy", "-o", "json").json();
    assertEquals("eu-north-1", refused.string("region"));
    assertEquals("us-east-1", refused.object("known_in").string("region"));
    cli.env.put("AWS_PROFILE", "ops");
    JsonObject there = run(0, "can-deploy", "-o", "json").json();
    assertEquals("us-east-1", there.string("region"));
    assertEquals(
        "us-east-1",
        run(0, "register", "a", "1", "production", "-o", "json").json().string("region"));
  }

  @Test
  void aStackThatTheHistoryKnowsElsewhereIsNotMadeHereUnasked() throws Exception {
    stacks.clear();
    Files.createDirectories(cli.registryFolder());
    Files.writeString(
        cli.registryFolder().resolve("deployment-history.json"),
        "{\"deployments\":[{\"correlation_id\":\"old\",\"stack_name\":\"CourtCaseManagementStack\","
            + "\"region\":\"us-east-1\",\"account\":\"999999999999\",\"status\":\"SUCCEEDED\"}]}");
    aws.script(
        request ->
            "GetCallerIdentity".equals(request.get("Action"))
                ? ScriptedAws.result(
                    "GetCallerIdentity", "<Arn>arn:aws:iam::123456789012:user/op</Arn>")
                : ScriptedAws.noSuchStack("CourtCaseManagementStack"));
    JsonObject refused = run(1, "can-deploy", "-o", "json").json();
    assertEquals("999999999999", refused.object("known_in").string("account"));
  }

  @Test
  void aRunnerThatIsThrownAwayTakesNoLockThatNobodyElseSees() {
    cli.env.put("RUNNER_ENVIRONMENT", "github-hosted");
    CliRun asked = run(0, "can-deploy");
    assertTrue(asked.err().contains("::warning title=deployctl::"), asked.toString());
    CliRun registered = run(0, "register", "a", "1", "production");
    assertTrue(registered.err().contains("::warning title=deployctl::"), registered.toString());
    run(0, "cleanup", "a");
    CliRun refused = run(1, "acquire", "production");
    assertTrue(refused.lastError().contains("DEPLOYCTL_STATE"), refused.toString());
    run(0, "acquire", "production", "--local");
    cli.env.put("RUNNER_ENVIRONMENT", "self-hosted");
    assertEquals("", run(0, "can-deploy", "staging", "Other-Stack").err());
  }

  @Test
  void withoutAnAnswerOfAwsNobodyIsCalledIdle() {
    run(0, "register", "a", "1", "production");
    cli.time.advance(java.time.Duration.ofMinutes(45));
    assertTrue(run(2, "can-deploy").out().contains("CloudFormation has done nothing for it since"));
    aws.script(request -> ScriptedAws.error(403, "AccessDenied", "no"));
    assertFalse(run(2, "can-deploy").out().contains("has done nothing"));
  }

  @Test
  void aFailedUpdateThatWasLeftAsItWasSaysWhatCanBeDone() {
    stacks.put("CourtCaseManagementStack", "UPDATE_FAILED");
    CliRun can = run(0, "can-deploy");
    assertTrue(
        can.out().contains("rollback-stack --stack-name CourtCaseManagementStack"), "" + can);
    assertTrue(can.out().contains("--no-rollback"), can.toString());
  }

  @Test
  void theDiagnosisRepairsAsRepairDoes() throws Exception {
    run(0, "init");
    cli.writeRegistry(
        "{\"deployments\":[{\"correlation_id\":\"whole\",\"environment\":\"staging\",\"status\":\"SUCCEEDED\"},"
            + "{\"correlation_id\":\"torn\",\"environ");
    stacks.put("CourtCaseManagementStack", "UPDATE_IN_PROGRESS");
    CliRun fixed = cli.run("diagnose", "registry", "--fix", "--yes", "-o", "json");
    String said = fixed.json().list("fixes").toString();
    assertTrue(said.contains("Not restored, because their entries are damaged: torn"), said);
    assertTrue(said.contains("CloudFormation is at work on CourtCaseManagementStack"), said);
    run(2, "can-deploy");
    assertEquals(
        "CourtCaseManagementStack", run(0, "get-active", "-o", "json").json().string("stack_name"));
  }

  @Test
  void thatThereIsNoRegistryIsSaid() {
    CliRun none = run(1, "get-active");
    assertTrue(none.err().contains("There is no registry at "), none.toString());
    CliRun can = run(0, "can-deploy");
    assertTrue(can.out().contains("There is no registry at "), can.toString());
    assertEquals("missing", run(0, "can-deploy", "-o", "json").json().string("registry"));
    run(0, "init");
    assertEquals("", run(1, "get-active").err());
    assertFalse(run(0, "can-deploy").out().contains("registry"));
  }

  @Test
  void getActiveListsQueueAndCleanup() {
    CliRun none = run(1, "get-active", "-o", "json");
    assertEquals("{}\n", none.out());
    run(0, "register", "a", "1", "production");
    run(0, "register", "b", "2", "staging");
    assertEquals("a", run(0, "get-active", "-o", "json").json().string("correlation_id"));
    assertEquals(
        "b", run(0, "get-active", "staging", "-o", "json").json().string("correlation_id"));
    assertEquals(
        "b",
        run(0, "get-active", "--environment", "staging", "-o", "json")
            .json()
            .string("correlation_id"));
    run(1, "get-active", "qa");
    assertEquals("[]\n", run(0, "queue", "-o", "json").out());
    assertTrue(run(0, "list").out().startsWith("CORRELATION ID  STATUS"));
    run(0, "release", "a");
    assertFalse(run(0, "list", "-o", "json").out().contains("\"a\""));
    assertTrue(run(0, "list", "--all", "-o", "json").out().contains("\"SUCCEEDED\""));
    assertEquals("{\"removed\":true}\n", run(0, "cleanup", "b", "-o", "json").out());
    assertEquals("{\"removed\":false}\n", run(0, "cleanup", "b", "-o", "json").out());
  }

  @Test
  void oldSpellingsAndPositionsKeepWorking() {
    stacks.put("Legacy", "UPDATE_COMPLETE");
    run(0, "can_deploy", "production", "Legacy");
    run(0, "register", "a", "1", "staging", "Legacy");
    assertEquals(
        "Legacy", run(0, "get_active", "staging", "-o", "json").json().string("stack_name"));
    run(3, "wait", "staging", "0", "Legacy");
    cli.env.put("STACK_NAME", "Legacy");
    assertEquals("Legacy", run(2, "can_deploy", "-o", "json").json().string("stack_name"));
  }

  @Test
  void pruneRemovesWhatIsOld() {
    run(0, "register", "a", "1", "production");
    run(0, "release", "a");
    cli.time.advance(java.time.Duration.ofDays(8));
    assertTrue(run(0, "prune", "--dry-run").out().contains("would remove 1"));
    assertTrue(run(0, "prune", "-o", "json").out().contains("\"a\""));
    assertEquals("[]\n", run(0, "prune", "-o", "json").out());
    run(64, "prune", "--older-than", "7");
  }

  @Test
  void initMakesTheRegistryOnce() {
    assertEquals(true, run(0, "init", "-o", "json").json().get("created"));
    assertEquals(false, run(0, "init", "-o", "json").json().get("created"));
    cli.writeRegistry("{");
    run(1, "init");
    assertEquals("{", cli.registryText());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"deployments\":[{\"corr",
        "[]",
        "{\"other\":1}",
        "{\"schema_version\":7,\"deployments\":[]}"
      })
  void anUnusableRegistryFallsBackToCloudFormationAndIsLeftAsItIs(String content) {
    cli.writeRegistry(content);
    CliRun idle = run(0, "can-deploy", "-o", "json");
    assertEquals("cloudformation", idle.json().string("source"));
    assertTrue(
        idle.err()
            .contains("Registry unavailable, falling back to CloudFormation-only coordination"),
        idle.toString());
    assertEquals("{}\n", run(1, "get-active", "-o", "json").out());
    run(0, "wait", "production", "0");
    CliRun register = run(1, "register", "a", "1", "production");
    assertTrue(register.err().contains(cli.registryFile().toString()), register.toString());
    assertEquals(1, register.err().lines().count(), register.toString());
    run(1, "release", "a");
    run(1, "list");
    stacks.put(STACK, "UPDATE_IN_PROGRESS");
    run(2, "can-deploy");
    run(2, "register", "a", "1", "production");
    assertEquals("UPDATE_IN_PROGRESS", run(0, "get-active", "-o", "json").json().string("status"));
    // Refused is the kind of no answer that is not tried again; one that does not come is below.
    aws.script(request -> ScriptedAws.error(403, "AccessDenied", "not authorized to perform"));
    run(5, "can-deploy");
    CliRun unknown = run(5, "get-active", "-o", "json");
    assertTrue(unknown.json().has("error"), unknown.toString());
    assertTrue(run(5, "get-active").out().startsWith("unknown"), unknown.toString());
    run(5, "register", "a", "1", "production");
    assertEquals(content, cli.registryText());
  }

  @Test
  void aFolderOrALinkToNowhereInTheRegistrysPlaceIsReportedAndLeft() throws IOException {
    Files.createDirectories(cli.registryFile());
    assertTrue(run(0, "can-deploy").err().contains("it is a folder"));
    Files.delete(cli.registryFile());
    Files.createSymbolicLink(cli.registryFile(), folder.resolve("unmounted"));
    assertTrue(run(0, "can-deploy").err().contains("link to something that is not there"));
    run(1, "register", "a", "1", "production");
    assertTrue(Files.isSymbolicLink(cli.registryFile()));
  }

  @Test
  void repairKeepsTheDamagedFileAndRegistersWhatIsActive() throws IOException {
    run(0, "register", "a", "1", "production");
    String good = cli.registryText();
    cli.writeRegistry(good.substring(0, good.length() - 20));
    stacks.put("CourtCaseManagementStack-Staging", "UPDATE_IN_PROGRESS");
    JsonObject report = run(0, "repair", "-o", "json").json();
    assertEquals(true, report.get("repaired"));
    assertEquals(
        good.substring(0, good.length() - 20), Files.readString(Path.of(report.string("kept_at"))));
    assertEquals(1, report.list("registered").size());
    assertEquals(
        "a", run(0, "get-active", "production", "-o", "json").json().string("correlation_id"));
    JsonObject found = run(0, "get-active", "staging", "-o", "json").json();
    assertEquals("2026-01-31T11:48:00Z", found.string("started_at"));
    assertEquals(false, run(0, "repair", "-o", "json").json().get("repaired"));
  }

  @Test
  void aChangeByHandIsWarnedOfAndUsed() {
    run(0, "register", "a", "1", "production");
    cli.writeRegistry(cli.registryText().replace("\"4h\"", "").replace("\"1\"", "\"2\""));
    CliRun run = run(0, "get-active", "-o", "json");
    assertEquals("2", run.json().string("workflow_run_id"));
    assertTrue(run.err().contains("changed by something other than deployctl"), run.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "register|../evil|1|production, is not a correlation id",
    "register|a b|1|production, is not a correlation id",
    "cleanup|.., is not a correlation id",
    "register|a|1|qa, No stack is known for the environment 'qa'",
    "can-deploy|pro/duction, is not an environment's name",
    "can-deploy|production|Bad_Stack, is not a stack name",
    "can-deploy|--frobnicate, Unknown option: '--frobnicate'",
    "can-depoy, did you mean 'can-deploy'",
    "register|a, Missing required parameter",
    "release|a|--status|DONE, is not a final status",
    "release|a|--fencing-token|x, is not a fencing token",
    "acquire|--wait|soon, is not a duration",
    "can-deploy|-o|yaml, is not an output format",
    "can-deploy|--endpoint-url|nonsense, is not an address",
    "can-deploy|--endpoint-url|http://127.0.0.1:99999, is not an address",
    "can-deploy|a|b|c|d, Unknown command or argument",
  })
  void wrongUsageIsOneLineWithANextStep(String words, String expected) {
    CliRun run = run(64, words.split("\\|", -1));
    assertTrue(run.err().contains(expected), run.toString());
    assertEquals(1, run.err().lines().count(), run.toString());
    assertEquals("", run.out());
  }

  @Test
  void anIdWithANewlineIsRefusedWithoutPrintingIt() {
    CliRun run = run(64, "cleanup", "a\nGITHUB_ENV=evil");
    assertEquals(1, run.err().lines().count(), run.toString());
  }

  @Test
  void aWrongConfigurationFileIsAUsageError() throws IOException {
    Path config = Files.writeString(folder.resolve("c.yml"), "region: us-east-1\nregistry: x\n");
    CliRun run = run(64, "get-active", "--config", config.toString());
    assertTrue(run.err().contains("c.yml:2: unknown key 'registry'"), run.toString());
    assertEquals(1, run.err().lines().count(), run.toString());
  }

  @Test
  void environmentsOfTheConfigurationFileAreKnown() throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("c.yml"), "environments:\n  qa: Qa-Stack\n  production: Other\n");
    cli.env.put("DEPLOYCTL_CONFIG", config.toString());
    assertEquals("Qa-Stack", run(0, "can-deploy", "qa", "-o", "json").json().string("stack_name"));
    assertEquals("Other", run(0, "can-deploy", "-o", "json").json().string("stack_name"));
    assertEquals(
        "S", run(0, "can-deploy", "qa", "--stack", "S", "-o", "json").json().string("stack_name"));
  }

  @Test
  void anEmptyVariableCountsAsUnset() {
    cli.env.put("STACK_NAME", "");
    cli.env.put("ENVIRONMENT", "");
    assertEquals(STACK, run(0, "can-deploy", "-o", "json").json().string("stack_name"));
  }

  @Test
  void credentialsAndRegionThatAreMissingAreNamed() {
    cli.env.remove("AWS_REGION");
    cli.env.put("AWS_DEFAULT_REGION", "eu-central-1");
    run(0, "can-deploy");
    cli.env.put("AWS_PROFILE", "no-such-profile");
    cli.env.remove("AWS_ACCESS_KEY_ID");
    CliRun run = run(5, "can-deploy", "-o", "json");
    assertEquals("AWS_ACCESS_DENIED", run.json().string("reason"));
    assertTrue(
        run.lastError().contains("The AWS profile 'no-such-profile' gives no credentials"),
        run.toString());
  }

  @Test
  void aStackIsTheSameByNameAndByArn() {
    run(0, "register", "a", "1", "production");
    String arn = "arn:aws:cloudformation:us-east-1:123456789012:stack/" + STACK + "/uuid";
    run(2, "can-deploy", "qa", "--stack", arn);
    CliRun refused = run(2, "register", "b", "2", "qa", arn);
    assertTrue(
        refused.out().contains("a is deploying to " + STACK + " (production"), refused.toString());
  }

  @Test
  void aStateThatIsNotKnownIsNoYes() {
    stacks.put(STACK, "SOMETHING_NEW");
    CliRun run = run(5, "can-deploy", "-o", "json");
    assertEquals(false, run.json().get("can_deploy"));
    assertTrue(run.lastError().contains("SOMETHING_NEW"), run.toString());
    run(5, "register", "a", "1", "production");
  }

  @Test
  void anAnswerThatIsNotAwssIsNoYes() {
    for (String body :
        List.of(
            "",
            "<html><body>Log in</body></html>",
            "<ListResponse><x/></ListResponse>",
            "{\"a\":1}")) {
      aws.script(request -> ScriptedAws.xml(200, body));
      assertEquals(
          "AWS_UNREACHABLE", run(5, "can-deploy", "-o", "json").json().string("reason"), body);
    }
    aws.script(
        request ->
            ScriptedAws.result(
                "DescribeStacks", "<Stacks><member><StackName>S</StackName></member></Stacks>"));
    run(5, "can-deploy");
    aws.script(
        request ->
            ScriptedAws.result(
                "DescribeStacks",
                "<Stacks><member><StackName>S</StackName><StackStatus>UPDATE_IN_PROGRESS</StackStatus></member></Stacks>"));
    run(2, "can-deploy");
  }

  @Test
  void oneOddEntryHidesNeitherItselfNorTheOthers() {
    cli.writeRegistry(
        "{\"deployments\":[{\"correlation_id\":\"good\",\"environment\":\"production\",\"status\":\"IN_PROGRESS\","
            + "\"updated_at\":\"2026-01-31T11:59:00Z\"},{\"correlation_id\":\"weird\",\"environment\":\"staging\","
            + "\"status\":\"in_progress\",\"updated_at\":\"\"}]}");
    CliRun production = run(2, "can-deploy", "production");
    assertTrue(production.err().contains("weird"), production.toString());
    stacks.put("CourtCaseManagementStack-Staging", "UPDATE_IN_PROGRESS");
    run(2, "can-deploy", "staging");
    stacks.put("CourtCaseManagementStack-Staging", "UPDATE_COMPLETE");
    run(0, "acquire", "staging");
  }

  @Test
  void aStaleEntryThatCannotBeProvenStaleSaysWhy() {
    leaseRanOut("old");
    aws.script(request -> ScriptedAws.error(403, "AccessDenied", "no"));
    CliRun run = run(2, "can-deploy");
    assertTrue(
        run.out()
            .contains("its lease ran out at 2026-01-31T10:00:00Z, and its stack was not seen idle"),
        run.toString());
    assertTrue(run.lastError().contains("denied cloudformation:DescribeStacks"), run.toString());
    run(5, "wait", "production", "1");
    run(5, "acquire", "production", "--wait", "10m");
  }

  @Test
  void aLockThatNobodyLearnedOfIsReleased() {
    java.io.ByteArrayOutputStream err = new java.io.ByteArrayOutputStream();
    OutputStream full = failing("No space left on device");
    assertEquals(1, cli.run(full, err, "coordinator", "acquire", "production", "-o", "json"));
    run(1, "get-active");
    assertEquals(1, cli.run(full, err, "coordinator", "acquire", "production", "--hold"));
    run(0, "can-deploy");
    // A pipe that nobody reads: acquire | :
    cli.run(failing("Broken pipe"), err, "coordinator", "acquire", "production");
    run(0, "can-deploy");
  }

  @Test
  void aLeaseThatIsOverAtOnceIsRefused() {
    run(64, "acquire", "production", "--lease", "0");
    run(64, "register", "a", "1", "production", "--lease", "500ms");
    assertFalse(Files.exists(cli.registryFile()));
  }

  @Test
  void withoutARegistryGetActiveAsksForEveryEnvironment() {
    cli.writeRegistry("{");
    stacks.put("CourtCaseManagementStack-Staging", "UPDATE_IN_PROGRESS");
    assertEquals("staging", run(0, "get-active", "-o", "json").json().string("environment"));
    run(1, "get-active", "production");
    cli.env.put("ENVIRONMENT", "production");
    run(1, "get-active");
  }

  @Test
  void aMisspeltEnvironmentIsHintedAt() {
    assertTrue(run(1, "get-active", "prodction").err().contains("is no environment that is known"));
    assertTrue(run(0, "queue", "prodction").err().contains("production, staging"));
    run(0, "register", "a", "1", "production");
    assertEquals("[]\n", run(0, "list", "--environment", "staging", "-o", "json").out());
  }

  @Test
  void commandsThatChangeNothingLeaveNoFolder() {
    run(0, "cleanup", "x");
    run(1, "release", "x");
    run(0, "prune");
    assertTrue(run(0, "list").err().contains("There is no registry at"));
    assertFalse(Files.exists(cli.registryFolder()));
  }

  @Test
  void aReaderThatHasSeenEnoughIsNoFailureButAFullDiskIs() {
    OutputStream closed = failing("Broken pipe");
    OutputStream full = failing("No space left on device");
    java.io.ByteArrayOutputStream err = new java.io.ByteArrayOutputStream();
    run(0, "init");
    assertEquals(0, cli.run(closed, err, "coordinator", "list"));
    assertEquals("", err.toString(StandardCharsets.UTF_8));
    assertEquals(1, cli.run(full, err, "coordinator", "list"));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("no space left on device"));
  }

  private static OutputStream failing(String reason) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException(reason);
      }
    };
  }

  @Test
  void jsonIsTheOnlyThingOnStdoutAndColourOnlyOnATerminal() {
    leaseRanOut("old");
    assertEquals(1, run(0, "can-deploy", "-o", "json").out().lines().count());
    assertFalse(run(0, "can-deploy").out().contains("\u001b"));
    cli.terminal(new Terminal(true, true, true, 80, true));
    assertTrue(run(0, "can-deploy").out().contains("\u001b[32m"));
    assertFalse(run(0, "can-deploy", "--no-color").out().contains("\u001b"));
  }

  @Test
  void quietLeavesOutTheTalkButNotTheErrors() {
    run(0, "register", "a", "1", "production");
    assertEquals("", run(2, "acquire", "-q").err());
    assertFalse(run(64, "acquire", "-q", "--wait", "x").err().isEmpty());
  }
}
