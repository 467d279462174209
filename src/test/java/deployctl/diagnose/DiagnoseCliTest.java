package deployctl.diagnose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.cli.Terminal;
import deployctl.diagnose.DiagnoseCorpusTest.CaseWorld;
import deployctl.support.json.JsonObject;
import deployctl.testing.CliRun;
import deployctl.testing.InProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Diagnoses through the front door: remediations carried out, recordings, reports, secrets. */
class DiagnoseCliTest {
  private static final String FAILING_SECRET =
      """
      stack: {status: UPDATE_IN_PROGRESS, updated: 14m}
      ecs:
        service: {running: 0, pending: 1, deployments: [{state: IN_PROGRESS, running: 0, failed: 3}]}
        tasks:
          - {reason: "ResourceInitializationError: unable to retrieve secret from asm: ResourceNotFoundException: Secrets Manager can't find the specified secret.", code: TaskFailedToStart}
        definition: {secrets: ["arn:aws:secretsmanager:us-east-1:123456789012:secret:courtcase-db-AbCdEf:password::"]}
      """;

  @TempDir Path folder;

  private CaseWorld world(String yaml) throws IOException {
    return new CaseWorld(DiagnoseCorpusTest.world(yaml), folder);
  }

  /** A writer waits ten seconds for another: no reason to wait for what cannot be read anyway. */
  @Test
  void aDamagedRegistryIsNotWaitedFor() throws Exception {
    try (CaseWorld world =
        new CaseWorld(Map.of("registry", "{\"deployments\":", "locked", true), folder)) {
      CliRun run = world.run("diagnose", "registry", "-o", "json");
      assertTrue(run.out().contains("REGISTRY_CORRUPT"), run.toString());
      assertFalse(run.out().contains("REGISTRY_LOCKED"), run.toString());
      assertFalse(run.out().contains("\"name\":\"lock\""), run.toString());
    }
  }

  /** What can-deploy refuses, the diagnoses know, too: a wrong region is no missing stack. */
  @Test
  void aStackThatIsKnownElsewhereIsNotMissing() throws Exception {
    String registry =
        "{\"deployments\":[{\"correlation_id\":\"old\",\"environment\":\"production\","
            + "\"stack_name\":\"CourtCaseManagementStack\",\"status\":\"SUCCEEDED\",\"region\":\"eu-west-1\","
            + "\"updated_at\":\"2026-01-30T11:59:00Z\"}]}";
    try (CaseWorld world = new CaseWorld(Map.of("registry", registry), folder)) {
      for (String issue : List.of("preflight", "stuck-queue", "stack", "all")) {
        CliRun run = world.run("diagnose", issue, "-o", "json");
        assertEquals(4, run.exit(), issue + run);
        JsonObject finding =
            run.json().list("findings").stream()
                .map(JsonObject.class::cast)
                .filter(one -> "STACK_NOT_FOUND".equals(one.string("code")))
                .findFirst()
                .orElseThrow();
        assertEquals("high", finding.string("severity"), run.toString());
        assertTrue(
            String.valueOf(finding.get("remedy")).contains("--region eu-west-1"), run.toString());
      }
    }
    try (CaseWorld world = new CaseWorld(Map.of(), folder)) {
      CliRun run = world.run("diagnose", "preflight");
      assertEquals(0, run.exit(), run.toString());
      assertFalse(run.out().contains("fail "), "a deployment makes a registry: " + run);
    }
  }

  @Test
  void anOutageOfAwsIsToldOnceAndFirst() throws Exception {
    try (CaseWorld world = new CaseWorld(Map.of(), folder)) {
      CliRun text = world.run("diagnose", "all", "--endpoint-url", "http://127.0.0.1:1");
      assertEquals(5, text.exit(), text.toString());
      String first = text.out().lines().findFirst().orElse("");
      assertTrue(first.startsWith("unknown: all: AWS could not be asked. "), text.out());
      assertEquals(1, text.out().split("is unreachable", -1).length - 1, text.out());
      CliRun json =
          world.run("diagnose", "all", "-o", "json", "--endpoint-url", "http://127.0.0.1:1");
      assertEquals("unknown", json.json().string("status"));
      assertEquals("us-east-1", json.json().string("region"));
    }
  }

  @Test
  void theTerminalShowsCauseEvidenceAndCommands() throws IOException {
    try (CaseWorld world = world(FAILING_SECRET)) {
      CliRun run = world.run("diagnose", "ecs");
      assertEquals(4, run.exit(), run.toString());
      assertEquals(
          """
          1 problem: ecs

          1. SECRET_NOT_FOUND (high) The secret courtcase-db does not exist
               Secrets Manager has no secret courtcase-db, which the task definition names
               ECS, task t0, 2026-01-31T11:55:00Z, TaskFailedToStart: ResourceInitializationError: unable to retrieve secret from asm: ResourceNotFoundException: Secrets Manager can't find the specified secret.
               see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
               deployment ecs-svc/1: 0 running, 0 pending, 3 failed of 2 desired, IN_PROGRESS; the circuit breaker gives up after 3
             What to do: Create the secret with a JSON object with password, typed at a prompt, then start the tasks anew
               $ read -rs SECRET && aws secretsmanager create-secret --name courtcase-db --region us-east-1 --secret-string file://<(printf %s "$SECRET"); unset SECRET
               $ aws ecs update-service --cluster CourtCaseCluster --service CourtCaseBackendService --force-new-deployment --region us-east-1
             --fix does this.

          Looked at:
            ok    cluster: 2 tasks running, 0 pending, 0 container instances
            warn  service: 0 running, 1 pending of 2 desired, not steady
            ok    stopped tasks: 1 in the last hour
            ok    fargate quota: 100 vCPU in this region
            ok    task definition: courtcase-backend:7, 512 CPU units, 1024 MiB
            fail  secret courtcase-db: it does not exist
            skip  field password of secret courtcase-db: there is no such secret to look into
            ok    log group /ecs/courtcase-backend: there
          """,
          run.out());
    }
  }

  @Test
  void aSecretIsTypedAndNeverShown() throws IOException {
    try (CaseWorld world = world(FAILING_SECRET)) {
      world
          .program()
          .terminal(new Terminal(true, false, true, 100, false))
          .typing("y\nhunter2-typed\n");
      CliRun run = world.run("diagnose", "ecs", "--fix");
      assertEquals(List.of("CreateSecret", "UpdateService"), world.world.changes(), run.toString());
      assertFalse((run.out() + run.err()).contains("hunter2"), run.toString());
      assertTrue(
          world.requests().stream()
              .anyMatch(request -> request.get("Body").contains("hunter2-typed")));
    }
  }

  @Test
  void withoutATerminalNothingIsDoneUnlessSaid() throws IOException {
    try (CaseWorld world = world(FAILING_SECRET)) {
      CliRun run = world.run("diagnose", "ecs", "--fix");
      assertEquals(64, run.exit(), run.toString());
      assertEquals(List.of(), world.world.changes());
      CliRun dry = world.run("diagnose", "ecs", "--fix", "--dry-run", "-o", "json");
      assertEquals(4, dry.exit(), dry.toString());
      assertEquals(List.of(), world.world.changes());
      assertTrue(dry.out().contains("would be asked"), dry.out());
    }
  }

  private static final Map<String, String> FIXES =
      Map.of(
          "stuck-queue",
          """
          stack: {status: UPDATE_COMPLETE}
          registry: [{correlation_id: d-1, environment: production, stack_name: CourtCaseManagementStack, status: IN_PROGRESS, started_at: "ago:3h", updated_at: "ago:3h"}, {correlation_id: q-1, environment: production, status: QUEUED, queued_at: "ago:3h", updated_at: "ago:3h"}]
          """,
          "registry",
          "registry: '{\"deployments\": [{\"correlation_id\"'",
          "estimates",
          """
          stack: {status: UPDATE_COMPLETE, updated: 3h}
          events: ["3h CourtCaseManagementStack AWS::CloudFormation::Stack UPDATE_IN_PROGRESS", "170m Db AWS::RDS::DBInstance UPDATE_IN_PROGRESS db", "160m Db AWS::RDS::DBInstance UPDATE_COMPLETE db", "158m CourtCaseManagementStack AWS::CloudFormation::Stack UPDATE_COMPLETE"]
          """,
          "slack",
          """
          files: {queue/msg_1.json: '{"message_id":"msg_1","notification_type":"custom","args":["hello"],"channel":"C0A9M9DPFUY","retry_count":0,"queued_at":"ago:2h","next_retry_at":"ago:2h"}'}
          """,
          "rds",
          "rds: {courtcase-db: {status: failed, age: 20m}}");

  @Test
  void remediationsHelp() throws IOException {
    for (Map.Entry<String, String> fix : FIXES.entrySet()) {
      Path place = Files.createDirectories(folder.resolve(fix.getKey()));
      try (CaseWorld world = new CaseWorld(DiagnoseCorpusTest.world(fix.getValue()), place)) {
        assertEquals(4, world.run("diagnose", fix.getKey()).exit(), fix.getKey());
        CliRun fixed = world.run("diagnose", fix.getKey(), "--fix", "--yes", "-o", "json");
        assertEquals(0, fixed.exit(), fix.getKey() + fixed);
        assertEquals(0, world.run("diagnose", fix.getKey()).exit(), fix.getKey());
      }
    }
  }

  @Test
  void registryRemediationsKeepACopy() throws IOException {
    try (CaseWorld world = world("registry: '{\"deployments\": ['")) {
      world.run("diagnose", "registry", "--fix", "--yes");
      try (Stream<Path> files = Files.list(folder.resolve("registry"))) {
        assertTrue(files.anyMatch(path -> path.toString().contains("corrupt")));
      }
    }
    try (CaseWorld world =
        new CaseWorld(
            DiagnoseCorpusTest.world("chmod: {registry: r-xr-xr-x}"), folder.resolve("b"))) {
      CliRun run = world.run("diagnose", "registry", "--fix", "--yes");
      assertEquals(0, run.exit(), run.toString());
    }
  }

  @Test
  void anUnregisteredDeploymentGetsItsEntry() throws IOException {
    try (CaseWorld world = world("stack: {status: UPDATE_IN_PROGRESS, updated: 5m}")) {
      CliRun run = world.run("diagnose", "stuck-queue", "--fix", "--yes", "-o", "json");
      assertEquals("DEPLOYMENT_ACTIVE", first(run), run.toString());
      assertEquals(0, run.exit(), run.toString());
    }
  }

  private static String first(CliRun run) {
    return DiagnoseCorpusTest.objects(run.json(), "findings").get(0).string("code");
  }

  @Test
  void aRecordingAnswersTheSameWithoutANetwork() throws IOException {
    Path tape = folder.resolve("tape");
    String yaml =
        FAILING_SECRET
            + "secrets: {courtcase-other: '{\"password\":\"never-written\"}'}\n"
            + "logs: [\"connecting to postgres://app:pa55w0rd@db\"]\n";
    CliRun live;
    try (CaseWorld world = world(yaml)) {
      live = world.run("diagnose", "all", "-o", "json", "--record", tape.toString());
    }
    InProcess elsewhere = new InProcess(folder.resolve("elsewhere"));
    elsewhere.env.remove("AWS_ACCESS_KEY_ID");
    elsewhere.env.remove("AWS_REGION");
    elsewhere.time.advance(java.time.Duration.ofDays(40));
    elsewhere.writeRegistry("{\"deployments\":[]}");
    CliRun replayed = elsewhere.run("diagnose", "all", "-o", "json", "--replay", tape.toString());
    assertEquals(live.exit(), replayed.exit(), replayed.toString());
    assertEquals(first(live), first(replayed), replayed.toString());
    assertEquals(evidence(live), evidence(replayed));
    try (Stream<Path> files = Files.list(tape)) {
      files.forEach(
          file -> {
            try {
              String text = Files.readString(file);
              assertFalse(text.contains("never-written") || text.contains("pa55w0rd"), text);
              assertFalse(text.contains("xoxb-"), text);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
    CliRun other =
        elsewhere.run("diagnose", "rds", "--stack", "Other", "--replay", folder.toString());
    assertEquals(64, other.exit(), other.toString());
  }

  private static List<?> evidence(CliRun run) {
    return DiagnoseCorpusTest.objects(run.json(), "findings").get(0).list("evidence");
  }

  @Test
  void aFolderWithOtherFilesIsNotRecordedOver() throws IOException {
    Files.writeString(folder.resolve("mine.txt"), "mine");
    try (CaseWorld world = new CaseWorld(Map.of(), folder.resolve("w"))) {
      CliRun run = world.run("diagnose", "rds", "--record", folder.toString());
      assertEquals(64, run.exit(), run.toString());
      assertTrue(Files.exists(folder.resolve("mine.txt")));
    }
  }

  @Test
  void noCallIsMadeTwice() throws IOException {
    try (CaseWorld world =
        world(FAILING_SECRET + "rds: {courtcase-db: {status: creating, age: 9m}}\n")) {
      world.run("diagnose", "all", "-o", "json");
      List<String> calls = world.requests().stream().map(request -> request.get("Body")).toList();
      assertEquals(calls.size(), calls.stream().distinct().count(), calls.toString());
    }
  }

  @Test
  void aReportHoldsWhatTheRunbookAsksForAndNoSecret() throws IOException {
    String yaml =
        """
        stack: {status: ROLLBACK_COMPLETE, age: 90m}
        events: ["90m CourtCaseManagementStack AWS::CloudFormation::Stack CREATE_IN_PROGRESS", "80m Db AWS::RDS::DBInstance CREATE_FAILED - password=hunter2 is not valid for arn:aws:iam::123456789012:role/x", "70m CourtCaseManagementStack AWS::CloudFormation::Stack ROLLBACK_COMPLETE"]
        rds: {courtcase-db: {status: failed, age: 80m}}
        registry: [{correlation_id: d-1, workflow_run_id: "7", environment: production, stack_name: CourtCaseManagementStack, status: IN_PROGRESS, started_at: "ago:90m", updated_at: "ago:90m", commit: abc123}]
        files: {registry/journal.jsonl: '{"time":"2026-01-31T10:31:00Z","who":"operator","host":"h","command":"coordinator cleanup","what":"d-1","result":"removed"}'}
        """;
    try (CaseWorld world = world(yaml)) {
      CliRun run = world.run("diagnose", "escalation", "d-1");
      assertEquals(0, run.exit(), run.toString());
      for (String part :
          List.of(
              "d-1",
              "Timeline",
              "Steps taken",
              "coordinator cleanup",
              "Current state",
              "Error messages",
              "Stack events",
              "courtcase-db, failed",
              "Whom to call",
              "abc123",
              "longer than an hour",
              "123456789012")) {
        assertTrue(run.out().contains(part), part + " is missing in\n" + run.out());
      }
      assertFalse(run.out().contains("hunter2"), run.out());
      CliRun redacted = world.run("diagnose", "escalation", "d-1", "--redact-ids", "-o", "json");
      assertFalse(redacted.out().contains("123456789012"), redacted.out());
      JsonObject json = redacted.json();
      assertEquals("d-1", json.string("correlation_id"));
      Path file = folder.resolve("report.md");
      assertEquals(0, world.run("diagnose", "escalation", "d-1", "--file", file.toString()).exit());
      assertTrue(Files.readString(file).startsWith("# Escalation: d-1"));
    }
  }

  @Test
  void aTemplateIsCheckedBeforeItIsDeployed() throws IOException {
    Path template = folder.resolve("template.json");
    Files.writeString(template, "{\"Resources\":{\"A\":{\"Type\":\"AWS::SQS::Queue\"}}}");
    try (CaseWorld world = new CaseWorld(Map.of(), folder.resolve("good"))) {
      CliRun run = world.run("diagnose", "preflight", "--template", template.toString());
      assertEquals(0, run.exit(), run.toString());
    }
    try (CaseWorld world =
        new CaseWorld(
            Map.of("invalid_template", "Template format error: Unresolved resource dependencies"),
            folder.resolve("bad"))) {
      CliRun run =
          world.run("diagnose", "preflight", "--template", template.toString(), "-o", "json");
      assertEquals(4, run.exit(), run.toString());
      assertTrue(run.out().contains("Unresolved resource dependencies"), run.out());
    }
  }

  @Test
  void theDemoNeedsNothing() {
    InProcess program = new InProcess(folder).realTime();
    program.env.clear();
    program.env.put("TMPDIR", folder.toString());
    CliRun run = program.run("demo", "--speed", "3000");
    assertEquals(0, run.exit(), run.toString());
    for (String part :
        List.of(
            "STALE_REGISTRY_ENTRY",
            "SECRET_NOT_FOUND",
            "succeeded in 18 min",
            "UPDATE_COMPLETE BackendService")) {
      assertTrue(run.out().contains(part), part + " is missing in\n" + run);
    }
    assertTrue(run.err().contains(" left ("), "no estimate in\n" + run.err());
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
