package deployctl.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.support.json.Json;
import deployctl.support.json.JsonObject;
import deployctl.testing.CliRun;
import deployctl.testing.InProcess;
import deployctl.testing.ScriptedAws;
import deployctl.testing.ScriptedSlack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages and their queue as an operator, a workflow and a cron line see them. */
class NotifyCliTest {
  private static final String TOKEN = "xoxb-1234-never-shown";
  private static final String CHANNEL = "C0A9M9DPFUY";

  @TempDir Path folder;
  private final ScriptedSlack slack = new ScriptedSlack();
  private InProcess cli;

  @BeforeEach
  void start() {
    cli = new InProcess(folder);
    cli.env.put("SLACK_API_URL", slack.url());
    cli.env.put("SLACK_BOT_TOKEN", TOKEN);
  }

  @AfterEach
  void stop() {
    slack.close();
  }

  /** Every run is searched for the token and for stack traces. */
  private CliRun run(int expected, String... args) {
    CliRun run = cli.run(args);
    assertEquals(expected, run.exit(), () -> String.join(" ", args) + "\n" + run);
    assertFalse(run.toString().contains(TOKEN), run.toString());
    assertFalse(run.err().contains("\tat "), run.toString());
    for (String content : contents()) {
      assertFalse(content.contains(TOKEN), content);
    }
    return run;
  }

  private List<String> contents() {
    if (!Files.isDirectory(cli.queueFolder())) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(cli.queueFolder())) {
      List<String> contents = new ArrayList<>();
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.add(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1));
      }
      return contents;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonObject status() {
    return run(0, "retry-queue", "status", "-o", "json").json();
  }

  private JsonObject process(int expected) {
    return run(expected, "retry-queue", "process", "-o", "json").json();
  }

  private List<Path> files(String start) {
    try (Stream<Path> files = Files.list(cli.queueFolder())) {
      return files.filter(f -> f.getFileName().toString().startsWith(start)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonObject only(String start) {
    List<Path> found = files(start);
    assertEquals(1, found.size(), found.toString());
    try {
      return Json.parseObject(Files.readAllBytes(found.get(0)));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private void edit(String field, Object value) throws Exception {
    Path file = files("msg_").get(0);
    Files.write(file, Json.bytes(Json.parseObject(Files.readAllBytes(file)).put(field, value)));
  }

  private void write(String name, String content) throws IOException {
    Files.createDirectories(cli.queueFolder());
    Files.writeString(cli.queueFolder().resolve(name), content);
  }

  private List<String> texts() {
    return slack.texts(CHANNEL);
  }

  @Test
  void aDeploymentIsOneThreadWithOneProgressMessage() {
    cli.env.put("GITHUB_REPOSITORY", "courts/app");
    run(0, "notify", "start", "dep-1", "production", "4711");
    run(0, "notify", "progress", "dep-1", "UPDATE_IN_PROGRESS", "3 of 40 done");
    run(0, "notify", "progress", "dep-1", "UPDATE_IN_PROGRESS", "12 of 40 done");
    run(0, "notify", "complete", "dep-1", "production", "27", "https://courts.example.org");
    List<ScriptedSlack.Message> seen = slack.messages();
    assertEquals(3, seen.size(), seen.toString());
    String root = seen.get(0).ts();
    assertEquals("", seen.get(0).thread());
    assertEquals(root, seen.get(1).thread());
    assertEquals("UPDATE_IN_PROGRESS: 12 of 40 done (dep-1)", seen.get(1).text());
    assertFalse(seen.get(1).broadcast());
    assertEquals(root, seen.get(2).thread());
    assertTrue(seen.get(2).broadcast(), "the end is shown in the channel");
    assertEquals(4, slack.calls().size(), "one request a message");
    String start = slack.calls().get(0).form().get("blocks");
    assertTrue(start.contains("https://github.com/courts/app/actions/runs/4711"), start);
    assertTrue(start.contains("<!date^"), start);
    assertTrue(start.contains("2026-01-31 12:00 UTC"), start);
    assertEquals(0L, status().get("queued"));
  }

  @Test
  void aFailureSaysWhyAndWhatNext() throws Exception {
    cli.writeRegistry(
        "{\"deployments\":[{\"correlation_id\":\"dep-1\",\"environment\":\"production\",\"stack_name\":"
            + "\"CourtCaseManagementStack\",\"status\":\"IN_PROGRESS\",\"started_at\":"
            + "\"2026-01-31T11:30:00Z\",\"github_run_url\":\"https://github.example/run/1\"}]}");
    run(0, "notify", "failed", "dep-1", "production", "DB <b>x</b> & ``` broke");
    String blocks = slack.calls().get(0).form().get("blocks");
    assertTrue(blocks.contains("```DB &lt;b&gt;x&lt;/b&gt; &amp; ''' broke```"), blocks);
    assertTrue(
        blocks.contains("deployctl diagnose stack --stack CourtCaseManagementStack"), blocks);
    assertTrue(blocks.contains("https://github.example/run/1"), blocks);
    assertTrue(blocks.contains("us-east-1.console.aws.amazon.com/cloudformation"), blocks);
    assertTrue(blocks.contains("30 min"), blocks);
  }

  @ParameterizedTest
  @CsvSource({
    "start d production 1,3",
    "concurrent d production {\"correlation_id\":\"x\"},3",
    "progress d UPDATE_IN_PROGRESS details,3",
    "complete d production 27 https://x.example,4",
    "failed d production error Stack,4",
    "stalled d Stack 15,3",
    "monitoring_alert d Stack text,3",
    "custom hello,1"
  })
  void theScriptsPositionalChannelIsUnderstood(String words, int withoutChannel) {
    List<String> args = new ArrayList<>(List.of("notify"));
    args.addAll(List.of(words.split(" ")));
    args.add("C0OTHER0001");
    run(0, args.toArray(String[]::new));
    assertEquals(1, slack.texts("C0OTHER0001").size());
    run(0, args.subList(0, withoutChannel + 2).toArray(String[]::new));
    assertEquals(1, slack.texts(CHANNEL).size());
  }

  @Test
  void theChannelIsTheOptionsThenTheVariablesThenTheFiles() throws IOException {
    Files.writeString(folder.resolve("c.yml"), "slack:\n  channel: C0FILE00001\n");
    cli.env.put("DEPLOYCTL_CONFIG", folder.resolve("c.yml").toString());
    run(0, "notify", "custom", "a");
    cli.env.put("SLACK_CHANNEL", "C0VARIABLE1");
    run(0, "notify", "custom", "b");
    run(0, "notify", "custom", "c", "--channel", "C0OPTION001");
    assertEquals(
        List.of("C0FILE00001", "C0VARIABLE1", "C0OPTION001"),
        slack.calls().stream().map(ScriptedSlack.Call::channel).toList());
  }

  @Test
  void completeUnderstandsAChannelInThePlaceOfTheAddress() {
    run(0, "notify", "complete", "dep-1", "production", "27", "#kiro-updates");
    assertEquals(1, slack.texts("#kiro-updates").size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "notify",
        "notify start",
        "notify start dep-1 production",
        "notify start bad/id production 1",
        "notify custom",
        "notify start d production 1 C1 too-many",
        "retry-queue queue",
        "retry-queue queue nothing x",
        "retry-queue process --limit none",
        "retry-queue dead-letters purge"
      })
  void wrongUsageIs64AndQueuesNothing(String words) {
    CliRun run = run(64, words.split(" "));
    assertFalse(run.lastError().isEmpty());
    assertFalse(Files.exists(cli.queueFolder()));
    assertEquals(0, slack.calls().size());
  }

  @Test
  void anEmptyTextIsRefused() {
    run(64, "notify", "custom", "  ");
  }

  @ParameterizedTest
  @ValueSource(ints = {2_900, 3_100, 39_000, 45_000, 300_000})
  void aLongTextKeepsWithinSlacksLimits(int length) {
    run(0, "notify", "custom", "```" + "x&".repeat(length / 2));
    run(0, "notify", "failed", "d", "e".repeat(length), "<".repeat(length), "s".repeat(length));
    for (ScriptedSlack.Call call : slack.calls()) {
      assertTrue(call.text().length() <= 40_000, "text " + call.text().length());
      String blocks = call.form().getOrDefault("blocks", "[]");
      assertTrue(blocks.length() < 14_000, "blocks " + blocks.length());
    }
  }

  @Test
  void withSlackDownTheMessageWaitsAndGoesOutLater() {
    cli.env.put("SLACK_API_URL", "http://127.0.0.1:1/api/");
    CliRun run = run(0, "notify", "failed", "dep-1", "production", "no database", "-o", "json");
    assertEquals("queued", run.json().string("status"));
    assertTrue(run.err().contains("retry-queue process"), run.err());
    JsonObject message = only("msg_");
    for (String field :
        List.of(
            "message_id",
            "notification_type",
            "args",
            "channel",
            "text",
            "retry_count",
            "queued_at",
            "next_retry_at",
            "last_error")) {
      assertTrue(message.has(field), field);
    }
    assertEquals(List.of("dep-1", "production", "no database"), message.list("args"));
    assertEquals(0L, message.get("retry_count"), "an outage uses no attempt");
    assertEquals(1L, status().get("queued"));
    assertEquals(1L, status().get("due"));
    process(5);
    cli.env.put("SLACK_API_URL", slack.url());
    cli.time.advance(Duration.ofMinutes(20));
    assertEquals(1L, process(0).get("sent"));
    assertEquals(0L, status().get("queued"));
    assertTrue(texts().get(0).startsWith("[delayed: 2026-01-31 12:00 UTC, 20 min ago]"));
    String blocks = slack.calls().get(0).form().get("blocks");
    assertTrue(blocks.contains("Delayed: from 2026-01-31 12:00 UTC"), blocks);
  }

  @Test
  void aMessageBehindOthersWaitsForItsTurn() {
    cli.env.put("SLACK_API_URL", "http://127.0.0.1:1/api/");
    run(0, "notify", "custom", "first");
    cli.env.put("SLACK_API_URL", slack.url());
    run(0, "notify", "custom", "second");
    assertEquals(List.of("first", "second"), texts());
  }

  @Test
  void aMissingTokenKeepsTheMessageAndSaysWhatToDo() {
    cli.env.remove("SLACK_BOT_TOKEN");
    CliRun run = run(1, "notify", "custom", "hello");
    assertTrue(run.lastError().contains("SLACK_BOT_TOKEN"), run.err());
    assertEquals(1, files("msg_").size());
    process(1);
    cli.env.put("SLACK_BOT_TOKEN", TOKEN);
    assertEquals(1L, process(0).get("sent"));
    cli.env.remove("SLACK_BOT_TOKEN");
    process(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"token_expired", "invalid_auth", "token_revoked", "missing_scope"})
  void anExpiredTokenLeavesTheQueueWhole(String code) throws Exception {
    for (int i = 0; i < 5; i++) {
      run(0, "retry-queue", "queue", "custom", "m" + i, "--channel", "C" + i % 2);
    }
    List<Path> before = files("msg_");
    slack.script(call -> ScriptedSlack.error(code));
    for (int round = 0; round < 7; round++) {
      CliRun run = run(1, "retry-queue", "process");
      assertTrue(run.lastError().contains(code), run.err());
      assertTrue(run.lastError().contains("token"), run.err());
      cli.time.advance(Duration.ofHours(9));
    }
    assertEquals(before, files("msg_"));
    for (Path file : before) {
      JsonObject message = Json.parseObject(Files.readAllBytes(file));
      assertEquals(0L, message.get("retry_count"));
      assertFalse(message.has("attempt_at"));
    }
    slack.script(call -> ScriptedSlack.accepting());
    assertEquals(5L, process(0).get("sent"));
  }

  @Test
  void aTokenInASecretIsFetchedAndNeverKept() throws IOException {
    String secret =
        "{\"ARN\":\"arn\",\"Name\":\"slack\",\"SecretString\":\"{\\\"token\\\":\\\""
            + TOKEN
            + "\\\"}\"}";
    try (ScriptedAws aws = new ScriptedAws(request -> json(200, secret))) {
      cli.aws(aws);
      cli.env.remove("SLACK_BOT_TOKEN");
      Files.writeString(folder.resolve("c.yml"), "slack:\n  token_secret: prod/slack\n");
      cli.env.put("DEPLOYCTL_CONFIG", folder.resolve("c.yml").toString());
      run(0, "notify", "custom", "hello");
      assertEquals("Bearer " + TOKEN, slack.calls().get(0).authorization());
      aws.script(request -> json(400, "{\"__type\":\"ResourceNotFoundException\"}"));
      CliRun missing = run(1, "notify", "custom", "second");
      assertTrue(missing.lastError().contains("prod/slack"), missing.err());
      aws.script(request -> json(400, "{\"__type\":\"AccessDeniedException\",\"message\":\"no\"}"));
      run(1, "notify", "custom", "denied");
      aws.script(request -> json(503, "{}"));
    }
    CliRun away = run(0, "notify", "custom", "third");
    assertTrue(away.err().contains("unreachable"), away.err());
    assertEquals(3L, status().get("queued"));
  }

  private static ScriptedAws.Answer json(int status, String body) {
    return exchange -> {
      byte[] bytes = body.getBytes(java.nio.charset.StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
      exchange.sendResponseHeaders(status, bytes.length);
      try (var out = exchange.getResponseBody()) {
        out.write(bytes);
      }
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"channel_not_found", "not_in_channel", "is_archived"})
  void aChannelThatCannotBeWrittenToGivesDeadLetters(String code) {
    slack.script(
        call ->
            call.channel().equals("C0GOOD")
                ? ScriptedSlack.accepting()
                : ScriptedSlack.error(code));
    CliRun run = run(1, "notify", "custom", "hello", "--channel", "C0BAD");
    assertTrue(run.lastError().contains(code), run.err());
    JsonObject dead = only("dead_letter_msg_");
    assertEquals(code, dead.string("reason"));
    assertEquals("2026-01-31T12:00:00Z", dead.string("dead_at"));
    assertEquals(0, files("msg_").size());
    slack.forget();
    for (int i = 0; i < 3; i++) {
      run(0, "retry-queue", "queue", "custom", "m" + i, "--channel", "C0BAD");
    }
    run(0, "retry-queue", "queue", "custom", "fine", "--channel", "C0GOOD");
    JsonObject report = process(0);
    assertEquals(1L, report.get("sent"));
    assertEquals(3L, report.get("dead_lettered"));
    assertEquals(
        1, slack.calls().stream().filter(c -> c.channel().equals("C0BAD")).count(), "parked");
    slack.script(call -> ScriptedSlack.accepting());
    run(0, "retry-queue", "dead-letters", "requeue", "--all");
    assertEquals(4L, process(0).get("sent"));
    assertEquals(List.of("hello", "m0", "m1", "m2"), slack.texts("C0BAD"));
  }

  @Test
  void aMessageThatSlackWillNeverTakeIsADeadLetterAtOnce() {
    slack.script(call -> ScriptedSlack.error("invalid_blocks"));
    run(1, "notify", "custom", "hello");
    assertEquals("invalid_blocks", only("dead_letter_msg_").string("reason"));
  }

  @Test
  void aPassingFaultIsTriedFiveTimesWithGrowingPauses() {
    run(0, "retry-queue", "queue", "custom", "hello");
    slack.script(call -> ScriptedSlack.error("request_timeout"));
    int[] bounds = {5, 10, 20, 40};
    for (int i = 0; i < 4; i++) {
      assertEquals(1L, process(0).get("failed"));
      JsonObject message = only("msg_");
      assertEquals((long) i + 1, message.get("retry_count"));
      Duration pause =
          Duration.between(
              cli.time.now(),
              deployctl.support.time.Timestamps.parse(message.string("next_retry_at")));
      assertTrue(pause.toMillis() > 0 && pause.toSeconds() <= bounds[i] + 1, pause.toString());
      int calls = slack.calls().size();
      assertEquals(1L, process(0).get("skipped"), "not due");
      assertEquals(calls, slack.calls().size());
      cli.time.advance(Duration.ofMinutes(6));
    }
    assertEquals(1L, process(0).get("dead_lettered"));
    assertEquals("request_timeout", only("dead_letter_msg_").string("reason"));
    assertEquals(5, slack.calls().size());
  }

  @Test
  void anAnswerThatIsLostDoesNotPostTwice() {
    slack.once("chat.postMessage", ScriptedSlack.acceptedAndDropped());
    run(0, "notify", "start", "dep-1", "production", "1");
    assertEquals(1, files("msg_").size());
    cli.time.advance(Duration.ofMinutes(1));
    assertEquals(1L, process(0).get("sent"));
    assertEquals(1, slack.messages().size());
    assertEquals(1, slack.calls("chat.postMessage").size());
    run(0, "notify", "complete", "dep-1", "production", "3");
    assertEquals(
        slack.messages().get(0).ts(), slack.messages().get(1).thread(), "its thread is known");
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503})
  void aFaultBehindWhichTheMessageArrivedDoesNotPostTwice(int status) {
    slack.once("chat.postMessage", ScriptedSlack.acceptedAndFailed(status));
    run(0, "notify", "custom", "hello");
    cli.time.advance(Duration.ofMinutes(1));
    process(0);
    assertEquals(List.of("hello"), texts());
  }

  @Test
  void aRequestThatIsLostIsSentAgainAfterLooking() {
    slack.once("chat.postMessage", ScriptedSlack.dropped());
    run(0, "notify", "custom", "hello");
    cli.time.advance(Duration.ofMinutes(1));
    process(0);
    assertEquals(List.of("hello"), texts());
    assertEquals(1, slack.calls("conversations.history").size());
  }

  @Test
  void whatMayHaveBeenPostedIsNotSentBlindlyWhereTheHistoryIsClosed() {
    slack.script(
        call ->
            call.method().equals("chat.postMessage")
                ? ScriptedSlack.acceptedAndDropped()
                : ScriptedSlack.error("missing_scope"));
    run(0, "notify", "custom", "hello");
    cli.time.advance(Duration.ofMinutes(1));
    assertEquals(1L, process(0).get("dead_lettered"));
    assertEquals("may_have_been_posted", only("dead_letter_msg_").string("reason"));
    assertEquals(List.of("hello"), texts());
  }

  @Test
  void retryAfterHoldsOverRunsAndForItsChannelOnly() {
    slack.script(
        call ->
            call.channel().equals("C0BUSY")
                ? ScriptedSlack.rateLimited("120")
                : ScriptedSlack.accepting());
    run(0, "retry-queue", "queue", "custom", "a", "--channel", "C0BUSY");
    run(0, "retry-queue", "queue", "custom", "b", "--channel", "C0BUSY");
    assertEquals(1L, process(0).get("failed"));
    assertEquals(1, slack.calls().size());
    cli.time.advance(Duration.ofMinutes(1));
    run(0, "retry-queue", "queue", "custom", "c", "--channel", "C0FREE");
    assertEquals(1L, process(0).get("sent"));
    assertEquals(2, slack.calls().size(), "nothing to the busy channel");
    run(0, "notify", "custom", "d", "--channel", "C0BUSY");
    assertEquals(2, slack.calls().size(), "not even something new");
    assertEquals(0L, status().get("due"));
    slack.script(call -> ScriptedSlack.accepting());
    cli.time.advance(Duration.ofSeconds(62));
    assertEquals(3L, process(0).get("sent"));
    assertEquals(
        List.of("a", "b", "d"),
        slack.texts("C0BUSY").stream()
            .map(text -> text.replaceFirst("^\\[delayed.*] ", ""))
            .toList());
    assertEquals(0L, only0("retry_count"));
  }

  private long only0(String field) {
    return files("msg_").isEmpty() ? 0 : only("msg_").integer(field, -1);
  }

  @Test
  void aClockThatStepsBackHoldsNothingForLonger() {
    slack.script(call -> ScriptedSlack.rateLimited("30"));
    run(0, "retry-queue", "queue", "custom", "a");
    process(0);
    slack.script(call -> ScriptedSlack.accepting());
    cli.time.stepWallClock(Duration.ofHours(-5));
    assertTrue((long) ((JsonObject) status().list("channels").get(0)).get("held_seconds") <= 32);
    cli.time.advance(Duration.ofHours(5).plusSeconds(40));
    assertEquals(1L, process(0).get("sent"));
    slack.script(call -> ScriptedSlack.error("request_timeout"));
    run(0, "retry-queue", "queue", "custom", "b");
    process(0);
    slack.script(call -> ScriptedSlack.accepting());
    cli.time.stepWallClock(Duration.ofDays(-3));
    assertEquals(1L, process(0).get("sent"), "a pause from before the step is over");
  }

  @Test
  void aShortPauseThatSlackAsksForIsWaitedOut() {
    int[] posts = {0};
    slack.script(
        call -> posts[0]++ == 1 ? ScriptedSlack.rateLimited("1") : ScriptedSlack.accepting());
    for (int i = 0; i < 4; i++) {
      run(0, "retry-queue", "queue", "custom", "m" + i);
    }
    assertEquals(4L, process(0).get("sent"));
    assertEquals(List.of("m0", "m1", "m2", "m3"), texts());
    assertTrue(
        cli.time.sleeps().stream().mapToLong(Duration::toMillis).sum() >= 3_000,
        cli.time.sleeps().toString());
  }

  @Test
  void aMessageOfADayIsGivenUpOnlyAfterATryOfThatMoment() {
    run(0, "retry-queue", "queue", "custom", "old");
    cli.env.put("SLACK_API_URL", "http://127.0.0.1:1/api/");
    process(5);
    cli.time.advance(Duration.ofHours(25));
    process(5);
    assertEquals("expired", only("dead_letter_msg_").string("reason"));
  }

  @Test
  void anOldFileIsNotOldForUs() throws IOException {
    write(
        "msg_1600000000_123_456.json",
        "{\"message_id\":\"msg_1600000000_123_456\",\"notification_type\":\"failed\",\"args\":[\"dep-0\","
            + "\"production\",\"The stack did not come up\"],\"retry_count\":2,"
            + "\"queued_at\":\"2020-09-13T12:26:40Z\",\"next_retry_at\":\"2020-09-13T12:27:00Z\","
            + "\"team\":\"courts\"}");
    cli.env.put("SLACK_API_URL", "http://127.0.0.1:1/api/");
    process(5);
    assertEquals("courts", only("msg_").string("team"), "unknown fields survive");
    assertEquals(0, files("dead_letter_").size());
    cli.env.put("SLACK_API_URL", slack.url());
    assertEquals(1L, process(0).get("sent"));
    assertTrue(texts().get(0).contains("The stack did not come up"), texts().toString());
    assertTrue(texts().get(0).contains("2020-09-13 12:26 UTC"), texts().toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'[\"dep\",\"production\",\"4711\",\"C0POSITION\"]';C0POSITION;started",
        "'[\"dep\",\"production\",\"4711\"]';C0A9M9DPFUY;started",
        "'\"dep production 4711\"';C0A9M9DPFUY;started",
        "'[]';C0A9M9DPFUY;started"
      })
  void theOldScriptsArgumentsAreUnderstood(String args, String channel, String words)
      throws IOException {
    write(
        "msg_1700000000_1_1.json",
        "{\"message_id\":\"x\",\"notification_type\":\"start\",\"args\":"
            + args
            + ",\"retry_count\":0}");
    assertEquals(1L, process(0).get("sent"));
    assertTrue(slack.texts(channel).get(0).contains(words), slack.messages().toString());
  }

  @Test
  void aTypeThatNobodyKnowsIsSentAsItsWords() throws IOException {
    write(
        "msg_1700000000_1_1.json",
        "{\"notification_type\":\"weather\",\"args\":[\"rain\",\"tomorrow\"]}");
    process(0);
    assertTrue(texts().get(0).contains("rain tomorrow"), texts().toString());
  }

  /** Q11: what is damaged is set aside, never deleted, and the rest goes out. */
  @Test
  void damagedFilesAreSetAsideAndTheRestGoesOut() throws IOException {
    write("msg_1.json", "");
    write("msg_2.json", "{\"message_id\":\"msg_2\",\"args\":[");
    write("msg_3.json", "\u0000\u0001\u0002");
    Files.write(cli.queueFolder().resolve("msg_4.json"), new byte[] {'{', '"', (byte) 0xff, 'x'});
    write("msg_5.json", "[1,2]");
    Files.createDirectories(cli.queueFolder().resolve("msg_6.json"));
    write("notes.txt", "not ours");
    write("other.json", "{}");
    run(0, "retry-queue", "queue", "custom", "good");
    JsonObject report = process(0);
    assertEquals(1L, report.get("sent"));
    assertEquals(List.of("good"), texts());
    try (Stream<Path> aside = Files.list(cli.queueFolder().resolve(".corrupt"))) {
      assertEquals(6, aside.count());
    }
    assertTrue(Files.exists(cli.queueFolder().resolve("notes.txt")));
    assertTrue(Files.exists(cli.queueFolder().resolve("other.json")));
    assertEquals(6L, status().get("corrupt"));
    process(0);
  }

  /** H1: whoever ends a run, however often, says nothing about the message. */
  @Test
  void aMessageWhoseRunsAreEndedIsSentAllTheSame() throws Exception {
    run(0, "retry-queue", "queue", "custom", "patient");
    for (int i = 0; i < 10; i++) {
      edit("attempt_at", "2026-01-31T11:59:00Z");
      edit("crashed_attempts", 3L);
      slack.script(call -> slack.hanging());
      process(5);
      slack.script(call -> ScriptedSlack.accepting());
    }
    edit("attempt_at", "2026-01-31T11:59:00Z");
    assertEquals(1L, process(0).get("sent"));
    assertEquals(List.of("patient"), texts());
  }

  @Test
  void anAttemptThatEndedWithItsProcessIsLookedForFirst() throws Exception {
    run(0, "notify", "custom", "hello");
    String metadata = slack.messages().get(0).metadata();
    run(0, "retry-queue", "queue", "custom", "hello");
    Path file = files("msg_").get(0);
    String id = Json.parseObject(metadata).object("event_payload").string("message_id");
    Files.move(file, file.resolveSibling(id + ".json"));
    edit("attempt_at", "2026-01-31T12:00:00Z");
    edit("first_attempt_at", "2026-01-31T12:00:00Z");
    assertEquals(1L, process(0).get("sent"));
    assertEquals(1, slack.messages().size(), "it was there");
  }

  @Test
  void progressThatIsOvertakenIsCoalescedAndTheEndGoesOutFirstAfterAnOutage() {
    cli.env.put("SLACK_API_URL", "http://127.0.0.1:1/api/");
    run(0, "notify", "start", "dep-1", "production", "1");
    for (int i = 0; i < 20; i++) {
      run(0, "notify", "progress", "dep-1", "UPDATE_IN_PROGRESS", i + " of 20");
    }
    run(0, "notify", "complete", "dep-1", "production", "9");
    run(0, "notify", "start", "dep-2", "production", "2");
    run(0, "notify", "progress", "dep-2", "UPDATE_IN_PROGRESS", "1 of 20");
    run(0, "notify", "progress", "dep-2", "UPDATE_IN_PROGRESS", "2 of 20");
    cli.env.put("SLACK_API_URL", slack.url());
    cli.time.advance(Duration.ofMinutes(30));
    JsonObject report = process(0);
    assertEquals(4L, report.get("sent"));
    assertTrue(texts().get(0).contains("succeeded"), texts().toString());
    assertTrue(texts().get(1).contains("started"), texts().toString());
    assertTrue(texts().get(3).contains("2 of 20"), texts().toString());
    assertEquals(0L, status().get("queued"));
  }

  @Test
  void aProgressMessageThatSomebodyDeletedIsPostedAnew() {
    run(0, "notify", "start", "dep-1", "production", "1");
    run(0, "notify", "progress", "dep-1", "UPDATE_IN_PROGRESS", "1 of 2");
    slack.once("chat.update", ScriptedSlack.error("message_not_found"));
    run(0, "notify", "progress", "dep-1", "UPDATE_IN_PROGRESS", "2 of 2");
    assertEquals(3, slack.messages().size());
    assertEquals(0L, status().get("queued"));
  }

  @Test
  void aThreadThatIsGoneBeginsAnew() {
    run(0, "notify", "start", "dep-1", "production", "1");
    slack.once("chat.postMessage", ScriptedSlack.error("thread_not_found"));
    run(0, "notify", "complete", "dep-1", "production", "9");
    assertEquals("", slack.messages().get(1).thread());
  }

  @Test
  void theLimitLimits() {
    IntStream.range(0, 5).forEach(i -> run(0, "retry-queue", "queue", "custom", "m" + i));
    JsonObject report = run(0, "retry-queue", "process", "--limit", "2", "-o", "json").json();
    assertEquals(2L, report.get("sent"));
    assertEquals(3L, report.get("skipped"));
    assertEquals(List.of("m0", "m1"), texts());
  }

  @Test
  void aQueueFolderThatIsAFileIsSaidAndTheMessageSentAllTheSame() throws IOException {
    Files.writeString(cli.queueFolder(), "a file");
    CliRun run = run(0, "notify", "custom", "hello");
    assertTrue(run.err().contains("--queue-dir"), run.err());
    assertEquals(List.of("hello"), texts());
    slack.script(call -> ScriptedSlack.error("internal_error"));
    CliRun lost = run(1, "notify", "custom", "hello");
    assertTrue(lost.lastError().contains("neither sent nor kept"), lost.err());
    run(1, "retry-queue", "status");
    run(1, "retry-queue", "process");
    run(1, "retry-queue", "queue", "custom", "x");
  }

  @Test
  void folderAndFilesAreTheOwnersAlone() throws IOException {
    run(0, "retry-queue", "queue", "custom", "hello");
    try (Stream<Path> all = Files.walk(cli.queueFolder())) {
      for (Path path : all.filter(p -> !p.toString().endsWith(".lock")).toList()) {
        assertEquals(
            Files.isDirectory(path) ? "rwx------" : "rw-------",
            PosixFilePermissions.toString(Files.getPosixFilePermissions(path)),
            path.toString());
      }
    }
  }

  @Test
  void listShowAndDeadLettersTellWhatIsThere() {
    CliRun queued =
        run(0, "retry-queue", "queue", "failed", "dep-1", "production", "a & b", "-o", "json");
    String id = queued.json().string("message_id");
    assertTrue(run(0, "retry-queue", "list").out().contains("a & b"));
    assertEquals(id, run(0, "retry-queue", "show", id, "-o", "json").json().string("message_id"));
    assertEquals(
        "failed",
        run(0, "retry-queue", "show", id + ".json", "-o", "json")
            .json()
            .string("notification_type"));
    run(1, "retry-queue", "show", "msg_none");
    run(1, "retry-queue", "dead-letters", "show", id);
    slack.script(call -> ScriptedSlack.error("no_text"));
    process(0);
    assertTrue(run(0, "retry-queue", "dead-letters", "list").out().contains("no_text"));
    run(0, "retry-queue", "dead-letters", "show", "dead_letter_" + id + ".json");
    run(0, "retry-queue", "show", id);
    run(1, "retry-queue", "dead-letters", "requeue", "msg_none");
    run(0, "retry-queue", "dead-letters", "requeue", id);
    assertFalse(only("msg_").has("dead_at"));
    assertEquals(0, files("dead_letter_").size());
  }

  @Test
  void purgingKeepsACopyUnlessToldOtherwise() throws IOException {
    slack.script(call -> ScriptedSlack.error("no_text"));
    run(1, "notify", "custom", "one");
    run(1, "notify", "custom", "two");
    run(0, "retry-queue", "dead-letters", "purge", "--all", "--dry-run");
    assertEquals(2, files("dead_letter_").size());
    run(64, "retry-queue", "dead-letters", "purge", "--all", "--no-backup");
    assertEquals(2, files("dead_letter_").size(), "nobody could be asked");
    String first = files("dead_letter_").get(0).getFileName().toString();
    CliRun purged = run(0, "retry-queue", "dead-letters", "purge", first);
    assertTrue(purged.out().contains(".state"), purged.out());
    assertTrue(
        Files.exists(cli.queueFolder().resolve(".state/purged/20260131-120000").resolve(first)));
    run(0, "retry-queue", "dead-letters", "purge", "--all", "--no-backup", "--yes");
    assertEquals(0, files("dead_letter_").size());
    assertTrue(
        Files.readString(cli.registryFolder().resolve("journal.jsonl"))
            .contains("retry-queue dead-letters purge"));
  }

  @Test
  void purgingWithoutACopyAsksOnATerminal() {
    slack.script(call -> ScriptedSlack.error("no_text"));
    run(1, "notify", "custom", "one");
    cli.terminal(new deployctl.cli.Terminal(true, true, true, 80, false));
    cli.typing("n\n");
    CliRun kept = run(1, "retry-queue", "dead-letters", "purge", "--all", "--no-backup");
    assertTrue(kept.err().contains("for good? [y/N]"), kept.err());
    assertEquals(1, files("dead_letter_").size());
    cli.typing("y\n");
    run(0, "retry-queue", "dead-letters", "purge", "--all", "--no-backup");
    assertEquals(0, files("dead_letter_").size());
  }

  /** A kill between the two steps of putting back, and a processor at that moment. */
  @Test
  void aMessageThatIsBeingPutBackIsNotTakenForDead() throws Exception {
    slack.script(call -> ScriptedSlack.error("no_text"));
    run(1, "notify", "custom", "hello");
    Path dead = files("dead_letter_").get(0);
    byte[] content = Files.readAllBytes(dead);
    run(0, "retry-queue", "dead-letters", "requeue", "--all");
    Files.write(dead, content);
    slack.script(call -> ScriptedSlack.accepting());
    assertEquals(1L, process(0).get("sent"));
    assertEquals(0, files("dead_letter_").size());
  }

  @Test
  void aMessageThatIsBeingGivenUpIsNotSent() throws Exception {
    run(0, "retry-queue", "queue", "custom", "hello");
    Path live = files("msg_").get(0);
    byte[] content = Files.readAllBytes(live);
    slack.script(call -> ScriptedSlack.error("no_text"));
    process(0);
    Files.write(live, content);
    slack.script(call -> ScriptedSlack.accepting());
    assertEquals(0L, process(0).get("sent"));
    assertEquals(0, files("msg_").size());
    assertEquals(1, files("dead_letter_").size());
  }

  @Test
  void aWrongAddressOfSlackKeepsTheMessage() {
    cli.env.put("SLACK_API_URL", "ftp://nonsense");
    for (int i = 0; i < 6; i++) {
      CliRun run = run(1, "notify", "custom", "m" + i);
      assertTrue(run.lastError().contains("ftp://nonsense"), run.err());
    }
    assertEquals(6L, status().get("queued"));
    assertEquals(0, files("dead_letter_").size());
  }

  @Test
  void whatMayHaveArrivedIsLookedForWhereItWasSent() {
    slack.once("chat.postMessage", ScriptedSlack.acceptedAndDropped());
    run(0, "notify", "start", "dep-1", "production", "1");
    run(0, "retry-queue", "queue", "failed", "dep-1", "production", "late");
    cli.time.advance(Duration.ofMinutes(30));
    process(0);
    assertEquals(2, slack.messages().size(), slack.messages().toString());
  }

  @Test
  void lookingForAMessageIsNoAttempt() {
    slack.once("chat.postMessage", ScriptedSlack.dropped());
    run(0, "notify", "custom", "hello");
    slack.script(call -> ScriptedSlack.status(503, "<html>"));
    for (int i = 0; i < 8; i++) {
      process(5);
      cli.time.advance(Duration.ofMinutes(6));
    }
    assertEquals(0, files("dead_letter_").size());
    slack.script(call -> ScriptedSlack.accepting());
    assertEquals(1L, process(0).get("sent"));
  }

  @Test
  void aFaultOfSlacksIsOutOfReachForCron() {
    run(0, "retry-queue", "queue", "custom", "hello");
    run(0, "retry-queue", "queue", "custom", "behind");
    slack.script(call -> ScriptedSlack.status(503, "<html>"));
    process(5);
    assertEquals(0L, status().get("due"), "what stands behind it is not due either");
  }

  @Test
  void aPersonsDecisionSendsWhatMayHaveBeenPosted() {
    slack.script(
        call ->
            call.method().equals("chat.postMessage")
                ? ScriptedSlack.dropped()
                : ScriptedSlack.error("missing_scope"));
    run(0, "notify", "custom", "hello");
    CliRun buried = run(0, "retry-queue", "process");
    assertTrue(buried.err().contains("channels:history"), buried.err());
    slack.script(
        call ->
            call.method().equals("chat.postMessage")
                ? ScriptedSlack.accepting()
                : ScriptedSlack.error("missing_scope"));
    run(0, "retry-queue", "dead-letters", "requeue", "--all");
    assertEquals(1L, process(0).get("sent"));
    assertEquals(List.of("hello"), texts());
  }

  @Test
  void aChannelByNameIsLookedUpForItsHistory() {
    slack.script(
        call ->
            switch (call.method()) {
              case "chat.postMessage" -> ScriptedSlack.acceptedAndDropped();
              case "conversations.list" ->
                  ScriptedSlack.status(
                      200,
                      "{\"ok\":true,\"channels\":[{\"id\":\"C0NAMED0001\",\"name\":\"deploys\"}]}");
              case "conversations.history" ->
                  call.channel().equals("C0NAMED0001")
                      ? ScriptedSlack.status(
                          200,
                          "{\"ok\":true,\"messages\":[{\"ts\":\"1.1\",\"metadata\":{\"event_payload\":"
                              + "{\"message_id\":\""
                              + slack
                                  .messages()
                                  .get(0)
                                  .metadata()
                                  .replaceFirst(".*(msg_[0-9a-f_]+).*", "$1")
                              + "\"}}}]}")
                      : ScriptedSlack.error("channel_not_found");
              default -> ScriptedSlack.error("unknown_method");
            });
    run(0, "notify", "custom", "hello", "--channel", "#deploys");
    assertEquals(1L, process(0).get("sent"));
    assertEquals(1, slack.messages().size());
  }

  @Test
  void aRateLimitWithoutEndIsLeftToTheNextRun() {
    slack.script(call -> ScriptedSlack.rateLimited("1"));
    run(0, "retry-queue", "queue", "custom", "hello");
    process(0);
    assertTrue(slack.calls().size() <= 5, slack.calls().size() + " requests");
  }

  @Test
  void aMissingTokenIsSaidAlsoBehindABacklog() {
    run(0, "retry-queue", "queue", "custom", "first");
    slack.script(call -> ScriptedSlack.error("request_timeout"));
    process(0);
    cli.env.remove("SLACK_BOT_TOKEN");
    run(1, "notify", "custom", "second");
    assertEquals(2L, status().get("queued"));
  }

  @Test
  void aClockThatWasWrongDoesNotHoldAMessageBack() throws Exception {
    run(0, "retry-queue", "queue", "custom", "hello");
    edit("queued_at", "2026-02-03T12:00:00Z");
    edit("next_retry_at", "2026-02-03T12:00:00Z");
    assertEquals(1L, process(0).get("sent"));
  }

  @Test
  void filesWithoutWordsAreDeadLettersAndPostNothing() throws IOException {
    write("msg_1.json", "{}");
    write("msg_2.json", "{\"notification_type\":\"custom\",\"args\":[]}");
    assertEquals(2L, process(0).get("dead_lettered"));
    assertEquals(0, slack.calls().size());
    run(64, "retry-queue", "queue", "custom", "");
  }

  @Test
  void anAddressIsNoChannel() {
    run(0, "notify", "complete", "d", "production", "27", "courts.example.org");
    assertEquals(1, texts().size());
    run(0, "notify", "complete", "e", "production", "27", "updates", "--channel", "C0DEP00001");
    assertTrue(slack.calls().get(1).form().get("blocks").contains("updates"));
    run(0, "notify", "complete", "f", "production", "27", "updates");
    assertEquals(1, slack.texts("updates").size());
  }

  @Test
  void wordsMayBeginWithADash() {
    run(0, "notify", "failed", "d", "production", "-bash: cdk: command not found");
    assertTrue(texts().get(0).contains("-bash: cdk"), texts().toString());
    run(0, "retry-queue", "queue", "custom", "--- frozen ---");
  }

  @Test
  void aPipeInTheQueueHangsNothing() throws Exception {
    Files.createDirectories(cli.queueFolder());
    new ProcessBuilder("mkfifo", cli.queueFolder().resolve("msg_0.json").toString())
        .start()
        .waitFor();
    run(0, "notify", "custom", "hello");
    assertEquals(1L, status().get("corrupt"));
  }

  @Test
  void anOldTestMessageGoesToItsChannel() throws IOException {
    write("msg_1.json", "{\"notification_type\":\"test\",\"args\":[\"C0TEST1234\"]}");
    process(0);
    assertEquals(List.of("deployctl can post here."), slack.texts("C0TEST1234"));
  }

  @Test
  void lookingNeedsNoRightToWrite() throws IOException {
    write("msg_1.json", "{\"notification_type\":\"custom\",\"args\":[\"x\"]}");
    run(0, "retry-queue", "status");
    run(0, "retry-queue", "list");
    assertFalse(Files.exists(cli.queueFolder().resolve(".state")));
  }

  @Test
  void anEmptyQueueIsNoProblem() {
    assertEquals(0L, status().get("queued"));
    assertEquals(0L, process(0).get("sent"));
    run(0, "retry-queue", "list");
    run(0, "retry-queue", "dead-letters", "list");
    run(0, "retry-queue", "dead-letters", "requeue", "--all");
    assertTrue(status().has("oldest_queued_at"));
    assertTrue(status().has("next_retry_at"));
  }
}
