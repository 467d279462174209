package deployctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import deployctl.support.process.ProcessIdentity;
import deployctl.testing.CliRun;
import deployctl.testing.InProcess;
import deployctl.testing.ScriptedAws;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * H3: something else in the place of a file. Every command ends, says what is wrong or does
 * without, and touches nothing that is not its own.
 */
class HostileFilesTest {
  private static final String STACK = "CourtCaseManagementStack";

  @TempDir Path folder;
  private ScriptedAws aws;
  private int world;

  @BeforeEach
  void start() {
    aws = ScriptedAws.stacks(Map.of(STACK, "UPDATE_COMPLETE"));
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  private InProcess cli(Path place) {
    InProcess cli = new InProcess(place).aws(aws).realTime();
    cli.env.put("DEPLOYCTL_SLACK", "off");
    cli.env.put("HOME", place.toString());
    return cli;
  }

  /** Which command uses which file, by name below the world's folder. */
  private static Map<String, String[]> places() {
    Map<String, String[]> places = new LinkedHashMap<>();
    places.put("registry/deployments.json", new String[] {"coordinator", "can-deploy"});
    places.put("registry/deployments.json.bak", new String[] {"coordinator", "repair"});
    places.put(
        "registry/.deployments.json.lock",
        new String[] {"coordinator", "register", "a", "1", "production"});
    places.put(
        "registry/journal.jsonl", new String[] {"coordinator", "register", "a", "1", "production"});
    places.put("registry/deployment-history.json", new String[] {"estimator", "show"});
    places.put("registry/monitors/a.json", new String[] {"monitor", "status", "a"});
    places.put("registry/left-overs/" + STACK + ".json", new String[] {"diagnose", "preflight"});
    places.put("registry/reset.json", new String[] {"reset"});
    places.put("deployctl.yml", new String[] {"coordinator", "list", "--config", "@"});
    places.put("rules.yml", new String[] {"diagnose", "stack"});
    places.put("log", new String[] {"monitor", "run", "a", STACK, "C1", "@"});
    places.put("out", new String[] {"coordinator", "can-deploy"});
    places.put("summary", new String[] {"coordinator", "can-deploy"});
    places.put("tape/recording.json", new String[] {"diagnose", "stack", "--replay", "@folder"});
    places.put(
        "tape/0001-CLOUDFORMATION-DescribeStacks.json",
        new String[] {"diagnose", "stack", "--record", "@folder"});
    places.put("template.json", new String[] {"diagnose", "preflight", "--template", "@"});
    places.put("report", new String[] {"diagnose", "escalation", "a", "--file", "@"});
    places.put("timeline", new String[] {"estimator", "timeline", "--html", "@"});
    places.put("aws-config", new String[] {"coordinator", "can-deploy"});
    places.put("queue/msg_1.json", new String[] {"retry-queue", "list"});
    places.put(
        "queue/dead_letter_msg_1.json", new String[] {"retry-queue", "dead-letters", "list"});
    return places;
  }

  @TestFactory
  Stream<DynamicTest> aPipeInPlaceOfAFileHangsNobody() {
    return places().entrySet().stream()
        .map(
            one ->
                DynamicTest.dynamicTest(
                    one.getKey(), () -> pipe(one.getKey(), one.getValue().clone())));
  }

  private void pipe(String name, String[] words) throws Exception {
    Path place = folder.resolve("world-" + world++);
    Path pipe = place.resolve(name);
    Files.createDirectories(pipe.getParent());
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    InProcess cli = cli(place);
    if (name.equals("out") || name.equals("summary")) {
      cli.env.put(name.equals("out") ? "GITHUB_OUTPUT" : "GITHUB_STEP_SUMMARY", pipe.toString());
    }
    if (name.equals("rules.yml")) {
      Path config = place.resolve("c.yml");
      Files.writeString(config, "diagnose:\n  rules: " + pipe + "\n");
      cli.env.put("DEPLOYCTL_CONFIG", config.toString());
    }
    if (name.equals("aws-config")) {
      cli.env.remove("AWS_REGION");
      cli.env.put("AWS_CONFIG_FILE", pipe.toString());
    }
    for (int i = 0; i < words.length; i++) {
      words[i] =
          words[i].equals("@")
              ? pipe.toString()
              : words[i].equals("@folder") ? pipe.getParent().toString() : words[i];
    }
    // A program that hangs is ended by the test's own time-out.
    List<CliRun> ran = new ArrayList<>();
    Thread thread = new Thread(() -> ran.add(cli.run(words)));
    thread.setDaemon(true);
    thread.start();
    thread.join(Duration.ofSeconds(60).toMillis());
    assertEquals(1, ran.size(), "it hangs");
    assertFalse(ran.get(0).err().contains("\tat "), ran.get(0).toString());
    assertFalse(ran.get(0).err().contains("Internal error"), ran.get(0).toString());
    boolean kept = Files.exists(pipe, LinkOption.NOFOLLOW_LINKS);
    try (Stream<Path> aside = Files.walk(place)) {
      assertTrue(
          kept || aside.anyMatch(path -> Files.isSymbolicLink(path) || !Files.isRegularFile(path)),
          "it was put aside, not removed");
    }
  }

  @Test
  void whatCannotBeReadWasNotNeverWatched() throws Exception {
    Path file = folder.resolve("registry/monitors/a.json");
    Files.createDirectories(file);
    CliRun run = cli(folder).run("monitor", "status", "a");
    assertFalse(run.out().contains("never watched"), run.toString());
    assertTrue(run.err().contains("it is a folder"), run.toString());
  }

  @Test
  void aPlantedMonitorEndsNobody() throws Exception {
    Process stranger = new ProcessBuilder("sleep", "600").start();
    try {
      ProcessIdentity who = ProcessIdentity.of(stranger.pid());
      Path file = folder.resolve("registry/monitors/x.json");
      Files.createDirectories(file.getParent());
      Files.writeString(
          file,
          "{\"correlation_id\":\"x\",\"stack_name\":\""
              + STACK
              + "\",\"pid\":"
              + who.pid()
              + ",\"process_start\":"
              + who.start()
              + ",\"boot_id\":\""
              + who.bootId()
              + "\",\"recovery\":{\"pid\":"
              + who.pid()
              + ",\"process_start\":"
              + who.start()
              + ",\"boot_id\":\""
              + who.bootId()
              + "\"}}");
      InProcess cli = cli(folder);
      assertTrue(cli.run("monitor", "status", "x").out().contains("x"));
      cli.run("monitor", "stop", "x");
      cli.run("recovery", "stop", "x");
      cli.run(
          "recovery", "run", "--once", "x", STACK, "C1", folder.resolve("recovery.log").toString());
      cli.run("diagnose", "monitor", "--fix", "--yes");
      assertFalse(stranger.waitFor(300, TimeUnit.MILLISECONDS), "a stranger was ended");
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void aRecordingReplacesNothingButARecording() throws Exception {
    InProcess cli = cli(folder);
    cli.run("coordinator", "register", "a", "1", "production");
    Files.writeString(cli.registryFolder().resolve("recording.json"), "{}");
    CliRun refused = cli.run("diagnose", "stack", "--record", cli.registryFolder().toString());
    assertEquals(64, refused.exit(), refused.toString());
    assertTrue(cli.registryText().contains("\"a\""));
    Path tape = folder.resolve("tape");
    assertEquals(0, cli.run("diagnose", "stuck-queue", "--record", tape.toString()).exit());
    assertEquals(0, cli.run("diagnose", "stuck-queue", "--record", tape.toString()).exit());
    try (Stream<Path> files = Files.list(tape)) {
      for (Path file : files.toList()) {
        assertEquals(
            "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      }
    }
  }

  @Test
  void aLinkIsNotFollowedWhereSomethingIsAdded() throws Exception {
    InProcess cli = cli(folder);
    cli.run("coordinator", "init");
    Path target = folder.resolve("precious");
    Files.writeString(target, "precious\n");
    Path journal = cli.registryFolder().resolve("journal.jsonl");
    Files.deleteIfExists(journal);
    Files.createSymbolicLink(journal, target);
    CliRun run = cli.run("coordinator", "register", "a", "1", "production");
    assertEquals(0, run.exit(), run.toString());
    assertTrue(run.err().contains("a link"), run.toString());
    assertEquals("precious\n", Files.readString(target));
  }

  @Test
  void whatALinkLeadsToKeepsItsPermissions() throws IOException {
    InProcess cli = cli(folder);
    cli.run("coordinator", "init");
    Path target = folder.resolve("theirs.json");
    Path file = cli.registryFolder().resolve("deployments.json");
    Files.move(file, target);
    Files.createSymbolicLink(file, target);
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-r-----"));
    assertEquals(0, cli.run("coordinator", "register", "a", "1", "production").exit());
    assertTrue(Files.isSymbolicLink(file));
    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(target)));
  }

  /** Only root can make a folder another's. */
  @Test
  void whatIsSecretIsNotPutIntoAnothersFolder() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"));
    InProcess cli = cli(folder);
    cli.env.remove("DEPLOYCTL_SLACK");
    cli.env.put("SLACK_BOT_TOKEN", "xoxb-test-0123456789");
    cli.env.put("SLACK_API_URL", "http://127.0.0.1:1/");
    cli.run("coordinator", "init");
    Path queue = Files.createDirectories(folder.resolve("theirs"));
    cli.env.put("SLACK_RETRY_QUEUE_DIR", queue.toString());
    Files.setAttribute(queue, "unix:uid", 54321);
    CliRun queued = cli.run("retry-queue", "queue", "custom", "hello");
    assertEquals(1, queued.exit(), queued.toString());
    assertTrue(queued.err().contains("user 54321's"), queued.toString());
    try (Stream<Path> inside = Files.list(queue)) {
      assertEquals(List.of(), inside.toList());
    }
    Files.setAttribute(cli.registryFolder(), "unix:uid", 54321);
    CliRun diagnosis = cli.run("diagnose", "registry", "-o", "json");
    assertTrue(diagnosis.out().contains("user 54321's, who can change"), diagnosis.toString());
  }

  @Test
  void whatIsAddedToIsItsOwnersAlone() throws IOException {
    InProcess cli = cli(folder);
    cli.run("coordinator", "register", "a", "1", "production");
    Path journal = cli.registryFolder().resolve("journal.jsonl");
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(journal)));
    Files.delete(journal);
    Files.setPosixFilePermissions(
        cli.registryFolder(), PosixFilePermissions.fromString("rwxr-x---"));
    cli.run("coordinator", "release", "a");
    assertEquals(
        "rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(journal)));
  }
}
