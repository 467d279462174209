package deployctl.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.support.json.Json;
import deployctl.support.json.JsonObject;
import deployctl.testing.CliRun;
import deployctl.testing.ScriptedAws;
import deployctl.testing.ScriptedOperation;
import deployctl.testing.ScriptedSlack;
import deployctl.testing.TimelineAws;
import deployctl.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of monitors and recoveries as processes of the image. */
class MonitorIT {
  private static final boolean FULL = "full".equals(System.getProperty("deployctl.promises"));

  @TempDir static Path shared;
  private static InstalledImage image;
  @TempDir Path folder;
  private final ScriptedSlack slack = new ScriptedSlack();
  private ScriptedAws aws;
  private ScriptedOperation timeline;

  @BeforeAll
  static void install() throws Exception {
    image = InstalledImage.unpack(shared);
  }

  @AfterEach
  void stop() throws Exception {
    for (JsonObject state : states()) {
      kill(state.integer("pid", 0));
      JsonObject recovery = state.object("recovery");
      kill(recovery == null ? 0 : recovery.integer("pid", 0));
    }
    slack.close();
    if (aws != null) {
      aws.close();
    }
  }

  private static void kill(long pid) {
    if (pid > 0) {
      ProcessHandle.of(pid)
          .filter(p -> p.info().commandLine().orElse("").contains("deployctl.Main"))
          .ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  /** An operation that goes on for so many seconds, with an event each second. */
  private void serve(int seconds, String... lines) {
    timeline = new ScriptedOperation("S", TimelineAws.ago(Duration.ZERO));
    timeline.add("0 S CREATE_IN_PROGRESS | User Initiated");
    for (int i = 1; i < seconds; i += 2) {
      timeline.add(i + " R" + i + " queue CREATE_IN_PROGRESS");
      timeline.add(i + 1 + " R" + i + " queue CREATE_COMPLETE");
    }
    for (String line : lines) {
      timeline.add(line);
    }
    if (lines.length == 0) {
      timeline.add(seconds + " S CREATE_COMPLETE");
    }
    aws = TimelineAws.serve(timeline);
  }

  private Map<String, String> env() {
    Map<String, String> env = InstalledImage.env(folder.resolve("registry"), aws.url());
    env.put("SLACK_RETRY_QUEUE_DIR", folder.resolve("queue").toString());
    env.put("SLACK_API_URL", slack.url());
    env.put("SLACK_BOT_TOKEN", "xoxb-test");
    env.put("CHECK_INTERVAL", "1");
    env.put("DEPLOYCTL_RECOVERY_INTERVAL", "1");
    return env;
  }

  private Process start(String... args) throws IOException {
    return image.start(env(), folder, args);
  }

  private CliRun run(int expected, String... args) throws Exception {
    CliRun run = image.run(env(), folder, args);
    assertEquals(expected, run.exit(), () -> String.join(" ", args) + "\n" + run);
    return run;
  }

  private List<JsonObject> states() throws Exception {
    Path monitors = folder.resolve("registry/monitors");
    List<JsonObject> states = new ArrayList<>();
    if (Files.isDirectory(monitors)) {
      try (Stream<Path> files = Files.list(monitors)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
          states.add(Json.parseObject(Files.readAllBytes(file)));
        }
      }
    }
    return states;
  }

  private JsonObject status() throws Exception {
    return run(0, "monitor", "status", "dep-1", "-o", "json").json();
  }

  private List<JsonObject> log() throws Exception {
    Path file = folder.resolve("deployment-monitor.log");
    List<JsonObject> lines = new ArrayList<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        lines.add(Json.parseObject(line));
      }
    }
    return lines;
  }

  private List<String> loggedEvents() throws Exception {
    return log().stream()
        .filter(line -> line.object("event") != null)
        .map(line -> line.object("event").string("event_id"))
        .toList();
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, what + " did not come");
      pause(50);
    }
  }

  private void awaitExit(
      int seconds, String what, java.util.concurrent.Callable<Boolean> condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    try {
      while (!condition.call()) {
        assertTrue(System.nanoTime() < end, what + " did not come");
        pause(100);
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long finals() {
    return slack.messages().stream()
        .filter(m -> m.text().contains("succeeded") || m.text().contains("failed:"))
        .count();
  }

  @Test
  void aFailureIsToldWithItsCauseOnScreenInTheLogAndInSlack() throws Exception {
    serve(
        3,
        "3 Role role CREATE_IN_PROGRESS",
        "4 Role role CREATE_FAILED | Role x already exists",
        "4 R1 queue CREATE_FAILED | Resource creation cancelled",
        "5 S ROLLBACK_IN_PROGRESS | The following resource(s) failed to create: [Role, R1].",
        "6 S ROLLBACK_COMPLETE");
    CliRun run = run(1, "monitor", "run", "dep-1", "S");
    assertTrue(
        run.out().contains("cause: Role (AWS::IAM::Role) CREATE_FAILED: Role x already exists"));
    assertEquals(new ArrayList<>(timeline.ids()), loggedEvents());
    await("the end in Slack", () -> finals() == 1);
    String end =
        slack.messages().stream()
            .map(ScriptedSlack.Message::text)
            .filter(t -> t.contains("failed:"))
            .findFirst()
            .orElseThrow();
    assertTrue(end.contains("Role x already exists"), end);
    assertEquals(
        1, slack.messages().stream().filter(m -> m.text().contains("rolling back")).count());
    JsonObject status = status();
    assertEquals(false, status.get("running"));
    assertEquals("FAILED", status.string("outcome"));
    assertTrue(run(0, "monitor", "logs", "dep-1", "-n", "3").out().contains("ROLLBACK_COMPLETE"));
  }

  @Test
  void jsonIsAnObjectALine() throws Exception {
    serve(4);
    CliRun run = run(0, "monitor", "run", "dep-1", "S", "-o", "json");
    JsonObject last = null;
    for (String line : run.out().lines().toList()) {
      last = Json.parseObject(line);
    }
    assertEquals("end", last.string("type"));
    assertEquals("SUCCEEDED", last.string("outcome"));
  }

  @Test
  void inAJobFailuresAreAnnotationsAndEventsAreGrouped() throws Exception {
    serve(3, "3 S ROLLBACK_IN_PROGRESS | User 100% initiated", "4 S ROLLBACK_COMPLETE");
    Map<String, String> env = env();
    env.put("GITHUB_ACTIONS", "true");
    CliRun run = image.run(env, folder, "monitor", "run", "dep-1", "S");
    assertEquals(1, run.exit(), run::toString);
    assertTrue(run.out().contains("::group::"), run.out());
    assertTrue(run.out().contains("::error title=S::"), run.out());
    assertTrue(run.out().contains("100%25"), run.out());
    long opened = run.out().lines().filter(l -> l.startsWith("::group::")).count();
    assertEquals(opened, run.out().lines().filter(l -> l.equals("::endgroup::")).count());
  }

  @Test
  void aStartedMonitorLivesOnAndIsStoppedWithItsRecovery() throws Exception {
    serve(120);
    CliRun started = run(0, "monitor", "start", "dep-1", "S", "-o", "json");
    JsonObject status = started.json();
    assertEquals(true, status.get("running"));
    assertEquals(true, status.object("recovery").get("running"));
    assertEquals("dep-1", status.string("correlation_id"));
    long pid = status.integer("pid", 0);
    run(0, "monitor", "start", "dep-1", "S");
    assertEquals(pid, status().integer("pid", 0), "one monitor a deployment");
    run(1, "monitor", "run", "dep-1", "S");
    awaitExit(20, "events", () -> loggedEvents().size() > 3);
    long begin = System.nanoTime();
    run(0, "monitor", "stop", "dep-1");
    assertTrue(Duration.ofNanos(System.nanoTime() - begin).toMillis() < 9_000);
    awaitExit(5, "its end", () -> !ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
    status = status();
    assertEquals(false, status.get("running"));
    assertEquals(false, status.object("recovery").get("running"));
    assertTrue(status.string("last_event_at") != null, "the last figures stay");
    pause(3_000);
    assertEquals(false, status().get("running"), "nothing starts it again");
  }

  @Test
  void sigtermAndSigintEndAMonitorSoonWithItsStateSaved() throws Exception {
    for (String signal : List.of("TERM", "INT")) {
      serve(120);
      Process process = start("monitor", "run", "sig-" + signal, "S");
      Path state = folder.resolve("registry/monitors/sig-" + signal + ".json");
      awaitExit(
          20, "a poll", () -> Files.exists(state) && Files.readString(state).contains("\"polls\""));
      long begin = System.nanoTime();
      InstalledImage.signal(process, signal);
      CliRun run = InstalledImage.finish(process);
      assertTrue(Duration.ofNanos(System.nanoTime() - begin).toMillis() < 2_500, signal);
      assertEquals(signal.equals("TERM") ? 143 : 130, run.exit(), run::toString);
      assertTrue(Files.readString(state).contains("stopped_at"));
      aws.close();
    }
  }

  /** S1, S10: a monitor killed again and again tells each event once, and the end once. */
  @Test
  void killsAreSurvivedWithEachEventToldOnce() throws Exception {
    int kills = FULL ? 100 : 12;
    serve(kills * 2);
    Random random = new Random(11);
    Process recovery = start("recovery", "run", "dep-1", "S", "--max-restarts", "10000");
    for (int i = 0; i < kills; i++) {
      long[] pid = {0};
      awaitExit(
          30,
          "a monitor",
          () -> {
            pid[0] = states().isEmpty() ? 0 : states().get(0).integer("pid", 0);
            return pid[0] > 0 && ProcessHandle.of(pid[0]).map(ProcessHandle::isAlive).orElse(false);
          });
      pause(random.nextInt(1_200));
      ProcessHandle.of(pid[0]).ifPresent(ProcessHandle::destroyForcibly);
      ProcessHandle.of(pid[0]).ifPresent(p -> p.onExit().join());
    }
    CliRun run = InstalledImage.finish(recovery);
    assertEquals(0, run.exit(), run::toString);
    List<String> told = loggedEvents();
    assertEquals(timeline.ids().size(), told.size(), "told twice or missed");
    assertEquals(timeline.ids(), new LinkedHashSet<>(told));
    await("the end in Slack", () -> finals() >= 1);
    assertEquals(1, finals());
    System.out.println(
        "figures: monitor: " + kills + " kills, " + told.size() + " events, each told once");
  }

  /** S2: a stopped process is found by its loop's silence, ended and replaced. */
  @Test
  void aStoppedMonitorIsReplaced() throws Exception {
    int stops = FULL ? 20 : 2;
    serve(stops * 20);
    Process recovery = start("recovery", "run", "dep-1", "S", "--max-restarts", "1000");
    long last = 0;
    for (int i = 0; i < stops; i++) {
      long before = last;
      awaitExit(
          30,
          "a monitor",
          () ->
              !states().isEmpty()
                  && states().get(0).integer("pid", 0) != before
                  && states().get(0).integer("polls", 0) > 0
                  && ProcessHandle.of(states().get(0).integer("pid", 0)).isPresent());
      last = states().get(0).integer("pid", 0);
      new ProcessBuilder("kill", "-STOP", Long.toString(last)).start().waitFor();
      long stopped = last;
      awaitExit(30, "its end", () -> ProcessHandle.of(stopped).isEmpty());
    }
    CliRun run = InstalledImage.finish(recovery);
    assertEquals(0, run.exit(), run::toString);
    assertEquals(timeline.ids(), new LinkedHashSet<>(loggedEvents()));
    assertEquals(timeline.ids().size(), loggedEvents().size());
    assertTrue(
        run(0, "recovery", "logs", "-n", "500").out().contains("The monitor hangs"), "in its log");
    assertTrue(
        slack.messages().stream().anyMatch(m -> m.text().contains("The monitor hung")), "in Slack");
  }

  /** S7: sixteen recoveries at once make one monitor. */
  @Test
  void ofSixteenRecoveriesOneStartsOneMonitor() throws Exception {
    serve(60);
    List<Process> all = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      all.add(start("recovery", "run", "dep-1", "S"));
    }
    awaitExit(60, "a monitor", () -> !loggedEvents().isEmpty());
    awaitExit(60, "fifteen to leave", () -> all.stream().filter(Process::isAlive).count() == 1);
    long monitors =
        ProcessHandle.allProcesses()
            .filter(p -> p.info().commandLine().orElse("").contains("monitor run dep-1"))
            .filter(p -> p.info().commandLine().orElse("").contains(shared.toString()))
            .count();
    assertEquals(1, monitors);
    run(0, "monitor", "stop", "dep-1");
    all.forEach(Process::destroyForcibly);
  }

  /** S4: a crash loop is bounded and loud. */
  @Test
  void aMonitorThatCannotLiveIsGivenUpLoudly() throws Exception {
    serve(300);
    Map<String, String> env = env();
    // A Java option that no JVM knows: each monitor dies as it starts.
    env.put("DEPLOYCTL_JAVA_OPTS", "-Ddummy=1");
    Process recovery =
        image.start(env, folder, "recovery", "run", "dep-1", "S", "--max-restarts", "2");
    for (int i = 0; i < 3; i++) {
      long[] pid = {0};
      awaitExit(
          30,
          "a monitor",
          () -> {
            pid[0] = states().isEmpty() ? 0 : states().get(0).integer("pid", 0);
            return !recovery.isAlive()
                || pid[0] > 0 && ProcessHandle.of(pid[0]).map(ProcessHandle::isAlive).orElse(false);
          });
      ProcessHandle.of(pid[0]).ifPresent(ProcessHandle::destroyForcibly);
      pause(300);
    }
    CliRun run = InstalledImage.finish(recovery);
    assertEquals(1, run.exit(), run::toString);
    assertTrue(run.err().contains("gives up"), run.err());
    await(
        "the message to people",
        () -> slack.texts("C0A95T7UU4R").stream().anyMatch(t -> t.contains("gives up")));
  }

  /** S6: a pid that is another process's now gets no signal. */
  @Test
  void aStrangerWithTheMonitorsPidIsLeftAlone() throws Exception {
    serve(60);
    Process stranger = new ProcessBuilder("sleep", "60").start();
    Path monitors = Files.createDirectories(folder.resolve("registry/monitors"));
    String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).trim();
    Files.writeString(
        monitors.resolve("dep-1.json"),
        "{\"correlation_id\":\"dep-1\",\"pid\":"
            + stranger.pid()
            + ",\"process_start\":1,\"boot_id\":\""
            + boot
            + "\",\"polls\":3,\"recovery\":{\"pid\":"
            + stranger.pid()
            + ",\"process_start\":1,\"boot_id\":\""
            + boot
            + "\"}}");
    assertEquals(false, status().get("running"));
    run(0, "monitor", "stop", "dep-1");
    run(0, "recovery", "run", "dep-1", "S", "--once");
    assertTrue(stranger.isAlive());
    stranger.destroyForcibly();
    run(0, "monitor", "stop", "dep-1");
  }

  @Test
  void cronFindsAHealthyMonitorAndChangesNothing() throws Exception {
    serve(60);
    run(0, "monitor", "start", "dep-1", "S", "--no-recovery");
    long pid = status().integer("pid", 0);
    run(0, "recovery", "run", "dep-1", "S", "--once");
    assertEquals(pid, status().integer("pid", 0));
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    pause(200);
    run(0, "recovery", "run", "dep-1", "S", "--once");
    JsonObject status = status();
    assertEquals(true, status.get("running"));
    assertEquals(1L, status.get("restarts"));
    run(0, "monitor", "stop", "dep-1");
  }

  @Test
  void aLogThatCannotBeWrittenAndAChannelThatDoesNotExistStopNothing() throws Exception {
    serve(4);
    slack.script(call -> ScriptedSlack.error("channel_not_found"));
    Path file = Files.writeString(folder.resolve("a-file"), "x");
    CliRun run = run(0, "monitor", "run", "dep-1", "S", "nowhere", file + "/monitor.log");
    assertTrue(run.err().contains("watching goes on"), run.err());
  }

  @Test
  void aLogThatIsRotatedAwayBeginsAnew() throws Exception {
    serve(8);
    Process process = start("monitor", "run", "dep-1", "S");
    awaitExit(20, "events", () -> loggedEvents().size() > 1);
    Path log = folder.resolve("deployment-monitor.log");
    Files.move(log, folder.resolve("old.log"));
    assertEquals(0, InstalledImage.finish(process).exit());
    assertTrue(Files.exists(log));
    assertTrue(loggedEvents().size() > 1);
  }

  @Test
  void theLiveViewDrawsOnATerminalAndLeavesItClean() throws Exception {
    Tools.need("tmux");
    serve(
        6,
        "6 Database db CREATE_IN_PROGRESS",
        "14 Database db CREATE_FAILED | No capacity in this zone",
        "15 S ROLLBACK_IN_PROGRESS",
        "16 S ROLLBACK_COMPLETE");
    String socket = folder.resolve("tmux.sock").toString();
    StringBuilder variables = new StringBuilder();
    env().forEach((name, value) -> variables.append(name + "='" + value + "' "));
    tmux(socket, "new-session", "-d", "-x", "70", "-y", "20", "env LANG=C.UTF-8 sh");
    tmux(
        socket,
        "send-keys",
        "cd " + folder + "; " + variables + image.launcher() + " monitor run dep-1 S; echo exit=$?",
        "Enter");
    String[] screen = {""};
    awaitExit(30, "the live view", () -> shows(socket, screen, "Database"));
    assertTrue(screen[0].contains("CREATE_IN_PROGRESS"), screen[0]);
    assertTrue(screen[0].lines().allMatch(line -> line.length() <= 70), screen[0]);
    tmux(socket, "resize-window", "-x", "44", "-y", "16");
    pause(3_000);
    screen[0] = tmux(socket, "capture-pane", "-p");
    assertTrue(screen[0].contains("Database"), screen[0]);
    awaitExit(40, "the end", () -> shows(socket, screen, "exit=1"));
    assertTrue(screen[0].contains("No capacity"), screen[0]);
    assertFalse(screen[0].contains("░"), "the view is gone\n" + screen[0]);
    tmux(socket, "kill-server");
  }

  private static boolean shows(String socket, String[] screen, String text) throws Exception {
    screen[0] = tmux(socket, "capture-pane", "-p");
    return screen[0].contains(text);
  }

  private static String tmux(String socket, String... args) throws Exception {
    List<String> command = new ArrayList<>(List.of("tmux", "-S", socket));
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    process.waitFor();
    return out;
  }
}
