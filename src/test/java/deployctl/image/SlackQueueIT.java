package deployctl.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.support.json.Json;
import deployctl.support.json.JsonObject;
import deployctl.testing.CliRun;
import deployctl.testing.ScriptedSlack;
import deployctl.testing.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queue's promises between real processes of the image. */
class SlackQueueIT {
  private static final boolean FULL = "full".equals(System.getProperty("deployctl.promises"));
  private static final String TOKEN = "xoxb-never-to-be-seen";

  @TempDir static Path shared;
  private static InstalledImage image;
  @TempDir Path folder;
  private final ScriptedSlack slack = new ScriptedSlack();

  @BeforeAll
  static void install() throws Exception {
    image = InstalledImage.unpack(shared);
  }

  @AfterEach
  void stop() {
    slack.close();
  }

  private Path queue() {
    return folder.resolve("queue");
  }

  private Map<String, String> env(String url) {
    Map<String, String> env = InstalledImage.env(folder.resolve("registry"), "http://127.0.0.1:1");
    env.put("SLACK_RETRY_QUEUE_DIR", queue().toString());
    env.put("SLACK_API_URL", url);
    env.put("SLACK_BOT_TOKEN", TOKEN);
    return env;
  }

  private Process start(String... args) throws IOException {
    return image.start(env(slack.url()), folder, args);
  }

  private CliRun run(int expected, String... args) throws Exception {
    CliRun run = image.run(env(slack.url()), folder, args);
    assertEquals(expected, run.exit(), () -> String.join(" ", args) + "\n" + run);
    return run;
  }

  /** Fill the queue as the old script would have. */
  private void fill(int messages, int channels) throws IOException {
    Files.createDirectories(queue());
    for (int i = 0; i < messages; i++) {
      JsonObject message =
          new JsonObject()
              .put("message_id", "msg_" + i)
              .put("notification_type", "custom")
              .put("args", List.of("text " + i))
              .put("channel", "C" + i % channels)
              .put("retry_count", 0)
              .put("queued_at", 1_769_860_800L)
              .put("sequence", i);
      Files.write(queue().resolve("msg_" + i + ".json"), Json.bytes(message));
    }
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.list(queue())) {
      return files.filter(f -> f.toString().endsWith(".json")).toList();
    }
  }

  private static int number(ScriptedSlack.Message message) {
    String text = message.text();
    return Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1));
  }

  private void assertEachOnceAndInOrder(int messages) {
    List<ScriptedSlack.Message> seen = slack.messages();
    Map<Integer, Integer> counts = new HashMap<>();
    Map<String, Integer> last = new HashMap<>();
    for (ScriptedSlack.Message message : seen) {
      counts.merge(number(message), 1, Integer::sum);
      Integer before = last.put(message.channel(), number(message));
      assertTrue(before == null || before < number(message), "out of order: " + message);
    }
    assertEquals(messages, counts.size(), "lost");
    assertEquals(messages, seen.size(), "sent twice");
  }

  /** Q2: eight processors at once. */
  @Test
  void eightProcessorsSendEachMessageOnceAndInOrder() throws Exception {
    int messages = 1_000;
    fill(messages, 10);
    long begin = System.nanoTime();
    List<Process> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      all.add(start("retry-queue", "process", "-o", "json"));
    }
    long sent = 0;
    for (Process process : all) {
      CliRun run = InstalledImage.finish(process);
      assertEquals(0, run.exit(), run::toString);
      sent += (long) run.json().get("sent");
    }
    assertEquals(messages, sent);
    assertEachOnceAndInOrder(messages);
    assertEquals(List.of(), left());
    System.out.println(
        "figures: queue: 8 processors, "
            + messages
            + " messages, each once and in order, "
            + Duration.ofNanos(System.nanoTime() - begin).toMillis()
            + " ms");
  }

  /**
   * Q3, Q8: processors that are killed or told to end at random moments, many while Slack hangs:
   * nothing is lost, nothing posted twice, and nothing given up.
   */
  @Test
  void interruptedProcessorsLoseNothingRepeatNothingAndBuryNothing() throws Exception {
    int messages = FULL ? 3_000 : 300;
    int kills = FULL ? 1_000 : 40;
    fill(messages, 5);
    long seed = Long.getLong("deployctl.seed", System.nanoTime());
    Random random = new Random(seed);
    Random moods = new Random(seed + 1);
    slack.script(
        call -> {
          int mood;
          synchronized (moods) {
            mood = moods.nextInt(40);
          }
          // What hangs ends with the process alone.
          return mood == 0
              ? slack.hanging()
              : mood == 1
                  ? slack.acceptedAndHanging()
                  : (exchange, accept) -> {
                    // Slow enough that most kills fall into a request.
                    pause(Duration.ofMillis(FULL ? 60 : 20));
                    ScriptedSlack.accepting().meet(exchange, accept);
                  };
        });
    int killed = 0;
    int told = 0;
    for (int i = 0; i < kills && !left().isEmpty(); i++) {
      Process process = start("retry-queue", "process");
      pause(Duration.ofMillis(150 + random.nextInt(350)));
      if (random.nextBoolean()) {
        process.destroyForcibly();
      } else {
        InstalledImage.signal(process, random.nextBoolean() ? "TERM" : "INT");
      }
      int exit = InstalledImage.finish(process).exit();
      killed += exit == 137 ? 1 : 0;
      told += exit == 143 || exit == 130 ? 1 : 0;
    }
    slack.script(call -> ScriptedSlack.accepting());
    run(0, "retry-queue", "process");
    assertEquals(List.of(), left(), "seed " + seed);
    List<ScriptedSlack.Message> seen = slack.messages();
    assertEquals(
        messages, seen.stream().map(SlackQueueIT::number).distinct().count(), "seed " + seed);
    assertEquals(messages, seen.size(), "sent twice, seed " + seed);
    assertTrue(killed + told > kills / 4, killed + " were killed at work, " + told + " told");
    System.out.println(
        "figures: queue: "
            + messages
            + " messages, "
            + killed
            + " kills and "
            + told
            + " ordered ends at work: 0 lost, 0 twice, 0 given up, seed "
            + seed);
  }

  /** Q13: a Slack that takes the call and never answers ends within the time-out. */
  @Test
  void aSilentSlackCostsADeploymentAFewSecondsAndCronNotMuchMore() throws Exception {
    slack.script(call -> slack.hanging());
    long begin = System.nanoTime();
    CliRun notify = run(0, "notify", "failed", "dep-1", "production", "no database");
    long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
    assertTrue(seconds < 8, seconds + " s");
    assertTrue(notify.err().contains("did not answer"), notify.err());
    fill(50, 20);
    begin = System.nanoTime();
    run(5, "retry-queue", "process");
    seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
    assertTrue(seconds < 10, seconds + " s for one run");
  }

  /** Q13: SIGTERM ends a run in two seconds, and what was under way is not lost. */
  @Test
  void aRunEndsSoonAfterItIsTold() throws Exception {
    fill(20, 2);
    slack.script(call -> slack.acceptedAndHanging());
    Process process = start("retry-queue", "process", "--watch");
    while (slack.calls().size() < 2) {
      pause(Duration.ofMillis(20));
    }
    long begin = System.nanoTime();
    InstalledImage.signal(process, "TERM");
    CliRun run = InstalledImage.finish(process);
    assertEquals(143, run.exit(), run::toString);
    assertTrue(Duration.ofNanos(System.nanoTime() - begin).toMillis() < 3_000);
    slack.script(call -> ScriptedSlack.accepting());
    run(0, "retry-queue", "process");
    assertEachOnceAndInOrder(20);
  }

  @Test
  void watchingSendsWhatComesInMeanwhile() throws Exception {
    Process process = start("retry-queue", "process", "--watch");
    pause(Duration.ofSeconds(1));
    run(0, "retry-queue", "queue", "custom", "text 1");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (slack.messages().isEmpty()) {
      assertTrue(System.nanoTime() < end, "nothing came");
      pause(Duration.ofMillis(50));
    }
    InstalledImage.signal(process, "INT");
    InstalledImage.finish(process);
  }

  /** Q15: the token is in no file, no output and no process's arguments. */
  @Test
  void theTokenIsNowhere() throws Exception {
    slack.script(call -> slack.hanging());
    Process process = start("-v", "notify", "custom", "hello");
    while (slack.calls().isEmpty()) {
      pause(Duration.ofMillis(20));
    }
    String arguments =
        new String(
            Files.readAllBytes(Path.of("/proc/" + process.pid() + "/cmdline")),
            StandardCharsets.UTF_8);
    assertTrue(arguments.contains("deployctl.Main"), arguments);
    assertFalse(arguments.contains(TOKEN), "in the process list");
    CliRun run = InstalledImage.finish(process);
    assertFalse(run.toString().contains(TOKEN), run::toString);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertFalse(
            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(TOKEN),
            file.toString());
      }
    }
  }

  @Test
  void aFullDiskStopsNeitherTheMessageNorTheRetry() throws Exception {
    CliRun sent =
        InstalledImage.run(
            env(slack.url()),
            folder,
            List.of(
                "bash",
                "-c",
                "(ulimit -f 0; exec \"$0\" notify custom hello) 2>&1 | cat; exit ${PIPESTATUS[0]}",
                launcher()));
    assertEquals(0, sent.exit(), sent::toString);
    assertEquals(1, slack.messages().size());
    assertTrue(sent.out().contains("queue"), sent.out());
  }

  private static String launcher() {
    return image.launcher().toString();
  }

  @Test
  void theUnitsPassSystemdsOwnCheck() throws Exception {
    Tools.need("systemd-analyze");
    run(0, "retry-queue", "schedule", "--systemd", "units with space");
    Path units = folder.resolve("units with space");
    List<String> command = new ArrayList<>(List.of("systemd-analyze", "verify", "--man=no"));
    try (Stream<Path> files = Files.list(units)) {
      files.map(Path::toString).sorted().forEach(command::add);
    }
    assertEquals(6, command.size() - 1, command.toString());
    CliRun verified = InstalledImage.run(Map.of("PATH", "/usr/bin:/bin:/sbin"), folder, command);
    assertEquals(0, verified.exit(), verified::toString);
    assertEquals(
        "",
        verified
            .err()
            .lines()
            .filter(l -> l.contains("deployctl"))
            .toList()
            .toString()
            .replaceAll("[\\[\\]]", ""));
  }

  /** As under cron: no locale, no terminal, and JSON alone on stdout although libraries log. */
  @Test
  void wordsOfAnyLanguageArriveWithoutALocale() throws Exception {
    Map<String, String> env = env(slack.url());
    env.put("LC_ALL", "C");
    CliRun run = image.run(env, folder, "notify", "custom", "Größe 🚀", "-o", "json");
    assertEquals(0, run.exit(), run::toString);
    assertEquals("sent", run.json().string("status"));
    assertEquals("Größe 🚀", slack.messages().get(0).text());
    env.remove("SLACK_BOT_TOKEN");
    Files.writeString(folder.resolve("deployctl.yml"), "slack:\n  token_secret: x\n");
    CliRun away = image.run(env, folder, "notify", "custom", "x", "-o", "json");
    assertEquals(1, away.out().lines().count(), away::toString);
  }

  @Test
  void theCrontabsLinesRun() throws Exception {
    fill(3, 1);
    String crontab = run(0, "retry-queue", "schedule", "-o", "json").json().string("crontab");
    List<String> lines =
        crontab.lines().filter(line -> !line.startsWith("#") && !line.isEmpty()).toList();
    assertEquals(3, lines.size(), crontab);
    for (String line : lines) {
      String command = line.replaceFirst("^(\\S+ ){5}", "").replace("\\%", "%");
      CliRun run = InstalledImage.run(env(slack.url()), Path.of("/"), List.of("sh", "-c", command));
      assertEquals(0, run.exit(), command + "\n" + run);
    }
    assertEquals(4, slack.messages().size(), "three that waited, and the test");
    assertEquals(new HashSet<>(List.of()), new HashSet<>(left()));
  }

  private static void pause(Duration length) {
    try {
      TimeUnit.MILLISECONDS.sleep(length.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
