package deployctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.aws.client.AnswerMasking;
import deployctl.operation.Template;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import deployctl.support.text.Cleaning;
import deployctl.support.text.KnownSecrets;
import deployctl.support.text.Masking;
import deployctl.testing.CliRun;
import deployctl.testing.InProcess;
import deployctl.testing.Mutations;
import deployctl.testing.ScriptedAws;
import deployctl.testing.ScriptedSlack;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random inputs, most of them almost right. {@code -Ddeployctl.fuzz=600} for ten minutes instead of
 * twenty seconds, {@code -Ddeployctl.seed=N} to see the same once more.
 */
class FuzzTest {
  private static final long SECONDS = Long.getLong("deployctl.fuzz", 20);
  private static final long SEED = Long.getLong("deployctl.seed", System.nanoTime());

  /**
   * What makes a client of AWS or Slack for each input: their threads end with the process, and in
   * this one they add up.
   */
  private static final Set<String> CLIENTS =
      Set.of("registry", "queue", "answers of CloudFormation", "answers of Slack");

  private static final int MOST_CLIENTS = 400;
  private static final String KNOWN = "a-secret-known-by-its-value";
  private static final Path EXAMPLE =
      Path.of(System.getProperty("deployctl.root", "."), "src/main/dist/deployctl.example.yml");
  private static final String STACK = "CourtCaseManagementStack";

  @TempDir Path folder;
  private static final ScriptedAws IDLE = ScriptedAws.stacks(Map.of(STACK, "UPDATE_COMPLETE"));
  private int worlds;

  @AfterAll
  static void stop() {
    IDLE.close();
  }

  /** One input; throws when what came of it is wrong. */
  private interface FuzzTarget {
    void take(byte[] input) throws Exception;
  }

  @TestFactory
  Stream<DynamicTest> noInputDoesHarm() throws IOException {
    Map<String, FuzzTarget> targets =
        Map.of(
            "masker", FuzzTest::masker,
            "json", FuzzTest::json,
            "template", FuzzTest::template,
            "recorded answers", FuzzTest::answers,
            "configuration", this::configuration,
            "registry", this::registry,
            "recordings", this::recordings,
            "queue", this::queue,
            "answers of CloudFormation", this::cloudFormation,
            "answers of Slack", this::slack);
    KnownSecrets.hide(KNOWN);
    long each = Math.max(1, SECONDS / targets.size());
    return targets.entrySet().stream()
        .map(t -> DynamicTest.dynamicTest(t.getKey(), () -> fuzz(t.getKey(), t.getValue(), each)));
  }

  private static void fuzz(String name, FuzzTarget target, long seconds) throws Exception {
    Mutations mutations = new Mutations(SEED, seeds());
    long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    int inputs = 0;
    int most = CLIENTS.contains(name) ? MOST_CLIENTS : Integer.MAX_VALUE;
    while (System.nanoTime() < end && inputs < most) {
      byte[] input = mutations.next(name);
      try {
        target.take(input);
      } catch (Exception | Error e) {
        Path kept = Files.createTempFile("fuzz", ".bin");
        Files.write(kept, input);
        throw new AssertionError(
            name + ", input " + inputs + " of seed " + SEED + ", kept in " + kept + ": " + e, e);
      }
      inputs++;
    }
    System.out.println(
        "figures: fuzz: " + name + ": " + inputs + " inputs, none did harm, seed " + SEED);
  }

  private static Map<String, List<byte[]>> seeds() throws IOException {
    String busy =
        "<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>"
            + STACK
            + "</StackName><StackId>arn:aws:cloudformation:us-east-1:123456789012:stack/S/1</StackId>"
            + "<CreationTime>2026-01-01T00:00:00.000Z</CreationTime><StackStatus>UPDATE_IN_PROGRESS</StackStatus>"
            + "<StackStatusReason>a &amp; b</StackStatusReason><Tags/></member></Stacks></DescribeStacksResult>"
            + "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></DescribeStacksResponse>";
    String registry =
        "{\"schema_version\":1,\"fencing_tokens\":{\"production\":2},\"deployments\":[\n"
            + "{\"correlation_id\":\"d-1\",\"workflow_run_id\":\"1\",\"environment\":\"production\",\"stack_name\":\""
            + STACK
            + "\",\"status\":\"IN_PROGRESS\",\"started_at\":\"2026-01-31T11:00:00Z\",\"fencing_token\":2},\n"
            + "{\"correlation_id\":\"d-0\",\"environment\":\"production\",\"status\":\"SUCCEEDED\",\"finished_at\":1769857200}\n"
            + "],\"checksum\":\"crc32c:00000000\"}";
    String message =
        "{\"channel\":\"C1\",\"notification_type\":\"failed\",\"args\":[\"d-1\",\"production\",\"why\"],\"retry_count\":0,"
            + "\"queued_at\":\"2026-01-31T11:00:00Z\",\"next_retry_at\":1769857200,\"blocks\":[{\"type\":\"section\"}]}";
    return Map.of(
        "masker", hostileTexts(),
        "json", texts(registry, message),
        "template",
            texts(
                "{\"Resources\":{\"A\":{\"Type\":\"AWS::S3::Bucket\",\"DependsOn\":[\"B\"],\"Properties\":{\"X\":{\"Ref\":\"B\"}}},"
                    + "\"B\":{\"Type\":\"AWS::SQS::Queue\",\"Properties\":{\"Y\":{\"Fn::GetAtt\":[\"A\",\"Arn\"]}}}}}",
                "Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties: {X: !Ref B, Y: !Sub '${B.Arn}-x'}\n  B: &b {Type: AWS::SQS::Queue}\n  C: *b\n"),
        "recorded answers",
            texts(
                busy,
                "{\"SecretString\":\"{\\\"password\\\":\\\"x\\\"}\",\"tags\":[{\"key\":\"k\",\"value\":\"v\"}],\"command\":[\"a\"]}"),
        "configuration", texts(Files.readString(EXAMPLE)),
        "registry", texts(registry),
        "recordings",
            texts(
                Json.write(
                    new JsonObject()
                        .put("service", "cloudformation")
                        .put("operation", "DescribeStacks")
                        .put("request", "Action=DescribeStacks&StackName=" + STACK)
                        .put("after_ms", 10)
                        .put("status", 200)
                        .put("content_type", "text/xml")
                        .put("body", busy))),
        "queue", texts(message),
        "answers of CloudFormation", texts(busy),
        "answers of Slack",
            texts(
                "{\"ok\":true,\"channel\":\"C1\",\"ts\":\"1.2\"}",
                "{\"ok\":false,\"error\":\"ratelimited\",\"needed\":\"chat:write\"}"));
  }

  private static String text(String resource) throws IOException {
    try (InputStream in = FuzzTest.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<byte[]> hostileTexts() throws IOException {
    return text("/hostile/texts.txt")
        .lines()
        .map(line -> line.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  private static List<byte[]> texts(String... texts) {
    return Stream.of(texts).map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }

  private static String utf8(byte[] input) {
    return new String(input, StandardCharsets.UTF_8);
  }

  private static void masker(byte[] input) {
    String text = utf8(input);
    int middle = text.length() / 2;
    String masked = Masking.secrets(text.substring(0, middle) + KNOWN + text.substring(middle));
    assertFalse(masked.contains(KNOWN));
    Cleaning.text(masked)
        .chars()
        .forEach(c -> assertFalse(Cleaning.isControl((char) c), Integer.toHexString(c)));
    assertFalse(Masking.line(text, 60).length() > 60);
    Masking.ids(text);
  }

  private static void json(byte[] input) throws JsonException {
    Json.salvage(input, object -> object.has("correlation_id"));
    JsonObject read;
    try {
      read = Json.parseObject(input);
    } catch (JsonException e) {
      assertFalse(e.getMessage().isEmpty());
      return;
    }
    // Half a character becomes another at the first writing, and then nothing changes any more.
    JsonObject again = Json.parseObject(Json.bytes(read));
    assertEquals(again, Json.parseObject(Json.bytes(again)));
    assertEquals(again, Json.parseObject(Json.write(read)));
  }

  private static void template(byte[] input) {
    assertTrue(Template.parse(utf8(input)).resources().size() < 100_000);
  }

  private static void answers(byte[] input) {
    for (String operation : List.of("DescribeStacks", "GetSecretValue", "DescribeTaskDefinition")) {
      AnswerMasking.masked(operation, utf8(input));
    }
  }

  private Path place() throws IOException {
    return Files.createDirectories(folder.resolve("w" + worlds++ % 8));
  }

  private static void check(CliRun run, Set<Integer> codes) {
    assertTrue(codes.contains(run.exit()), run.toString());
    assertFalse(run.toString().contains("Internal error"), run.toString());
    assertFalse(run.toString().contains("\n\tat "), run.toString());
  }

  private void configuration(byte[] input) throws IOException {
    Path place = place();
    Path file = Files.write(place.resolve("c.yml"), input);
    check(
        new InProcess(place).run("coordinator", "list", "--config", file.toString()),
        Set.of(0, 1, 64));
  }

  private void registry(byte[] input) throws IOException {
    InProcess program = new InProcess(place()).aws(IDLE);
    Files.createDirectories(program.registryFolder());
    Files.deleteIfExists(program.registryFolder().resolve("deployments.json.bak"));
    Files.write(program.registryFile(), input);
    check(program.run("coordinator", "list", "--all", "-o", "json"), Set.of(0, 1));
    check(program.run("coordinator", "get-active"), Set.of(0, 1, 5));
    CliRun repaired = program.run("coordinator", "repair");
    check(repaired, Set.of(0, 1));
    if (repaired.exit() == 0) {
      check(program.run("coordinator", "list", "--all"), Set.of(0));
    }
  }

  private void recordings(byte[] input) throws IOException {
    Path place = place();
    Path tape = Files.createDirectories(place.resolve("tape"));
    Files.writeString(tape.resolve("recording.json"), "{\"recorded_at\":\"2026-01-31T12:00:00Z\"}");
    Files.write(tape.resolve("0001-cloudformation-DescribeStacks.json"), input);
    check(
        new InProcess(place).run("diagnose", "stack", "--replay", tape.toString()),
        Set.of(0, 1, 4, 5, 64));
  }

  private void queue(byte[] input) throws IOException {
    Path place = place();
    InProcess program = new InProcess(place);
    Files.createDirectories(program.queueFolder());
    Files.write(program.queueFolder().resolve("msg_1.json"), input);
    check(program.run("retry-queue", "list"), Set.of(0, 1));
    check(program.run("retry-queue", "status", "-o", "json"), Set.of(0, 1));
    try (ScriptedSlack slack = new ScriptedSlack()) {
      program.env.put("SLACK_API_URL", slack.url());
      program.env.put("SLACK_BOT_TOKEN", "xoxb-test-0123456789");
      check(program.run("retry-queue", "process"), Set.of(0, 1, 5));
    }
  }

  private void cloudFormation(byte[] input) throws IOException {
    try (ScriptedAws aws = new ScriptedAws(request -> ScriptedAws.xml(200, utf8(input)))) {
      Path config = Files.writeString(place().resolve("c.yml"), "aws:\n  deadline: 1s\n");
      CliRun run =
          new InProcess(place())
              .aws(aws)
              .run("coordinator", "can-deploy", "production", "--config", config.toString());
      check(run, Set.of(0, 1, 2, 5));
      if (run.exit() == 0) {
        // Where the stack is not in the answer any more, it is not there; a broken status is no
        // yes.
        assertFalse(
            utf8(input).contains("<StackStatus>UPDATE_IN_PROGRESS</StackStatus>"), run.out());
      }
    }
  }

  private void slack(byte[] input) throws IOException {
    try (ScriptedSlack slack = new ScriptedSlack()) {
      slack.script(call -> ScriptedSlack.status(200, utf8(input)));
      InProcess program = new InProcess(place());
      program.env.put("SLACK_API_URL", slack.url());
      program.env.put("SLACK_BOT_TOKEN", "xoxb-test-0123456789");
      check(program.run("notify", "custom", "hello"), Set.of(0, 1));
    }
  }
}
