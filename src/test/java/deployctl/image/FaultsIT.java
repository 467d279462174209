package deployctl.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.support.json.Json;
import deployctl.support.json.JsonObject;
import deployctl.testing.CliRun;
import deployctl.testing.ScriptedAws;
import deployctl.testing.ScriptedSlack;
import deployctl.testing.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that refuses, at each step of a write: what is said to be done is there, what is there was
 * said, and nothing that was there is lost or torn. A few faults, all of them with {@code
 * -Ddeployctl.promises=full}.
 */
class FaultsIT {
  private static final boolean FULL = "full".equals(System.getProperty("deployctl.promises"));

  /** The system calls of a write, and how often a command makes each. */
  private static final Map<String, Integer> CALLS =
      Map.of("fsync", 3, "rename", 2, "link", 2, "unlink", 2, "chmod", 1, "ftruncate", 1);

  private static final List<String> ERRORS = List.of("ENOSPC", "EIO", "EROFS", "EDQUOT");

  @TempDir static Path shared;
  private static InstalledImage image;
  private static ScriptedAws aws;
  @TempDir Path folder;
  private final ScriptedSlack slack = new ScriptedSlack();

  @BeforeAll
  static void install() throws Exception {
    image = InstalledImage.unpack(shared);
    aws = ScriptedAws.stacks(Map.of());
  }

  @AfterAll
  static void stop() {
    aws.close();
  }

  @AfterEach
  void stopSlack() {
    slack.close();
  }

  private Map<String, String> env() {
    return InstalledImage.env(folder, aws, slack);
  }

  private CliRun failing(String call, String error, int when, String... args) throws Exception {
    List<String> command = new ArrayList<>(Tools.failingAt(call, error, when));
    command.add(image.launcher().toString());
    command.addAll(List.of(args));
    return InstalledImage.run(env(), folder, command);
  }

  private Set<String> registered() throws Exception {
    CliRun list = image.run(env(), folder, "coordinator", "list", "--all", "-o", "json");
    assertEquals(0, list.exit(), list.toString());
    Set<String> ids = new LinkedHashSet<>();
    for (Object one : Json.parseObject("{\"all\":" + list.out() + "}").list("all")) {
      ids.add(((JsonObject) one).string("correlation_id"));
    }
    return ids;
  }

  @Test
  void whatIsSaidIsThereAndNothingElseIsLost() throws Exception {
    Set<String> said = new LinkedHashSet<>();
    Set<String> queued = new LinkedHashSet<>();
    int faults = 0;
    int number = 0;
    for (Map.Entry<String, Integer> call : CALLS.entrySet()) {
      for (int when = 1; when <= (FULL ? call.getValue() : 1); when++) {
        for (String error : FULL ? ERRORS : ERRORS.subList(0, 1)) {
          faults += 2;
          String id = "d-" + number++;
          CliRun run =
              failing(
                  call.getKey(),
                  error,
                  when,
                  "coordinator",
                  "register",
                  id,
                  "1",
                  "e" + number,
                  "S" + number);
          harmless(run);
          Set<String> there = registered();
          assertTrue(there.containsAll(said), "lost by " + call + " " + error + " " + when);
          assertEquals(
              there.contains(id),
              run.exit() == 0 || run.err().contains("has the change"),
              call + " " + error + " " + when + ": " + run);
          if (there.contains(id)) {
            said.add(id);
          }
          String text = "text " + number;
          CliRun message =
              failing(call.getKey(), error, when, "retry-queue", "queue", "custom", text);
          harmless(message);
          if (message.exit() == 0) {
            queued.add(text);
          }
        }
      }
    }
    CliRun sent = image.run(env(), folder, "retry-queue", "process");
    assertEquals(0, sent.exit(), sent.toString());
    List<String> texts = slack.messages().stream().map(ScriptedSlack.Message::text).toList();
    assertTrue(texts.containsAll(queued), "lost: " + queued);
    assertEquals(texts.size(), new LinkedHashSet<>(texts).size(), "twice");
    System.out.println(
        "figures: disk: "
            + faults
            + " faults injected, "
            + said.size()
            + " entries and "
            + queued.size()
            + " messages said to be kept: 0 lost, 0 torn, 0 twice");
  }

  private static void harmless(CliRun run) {
    assertTrue(Set.of(0, 1, 5).contains(run.exit()), run.toString());
    assertFalse(run.toString().contains("Internal error"), run.toString());
    assertFalse(run.toString().contains("\n\tat "), run.toString());
  }

  /** The name is in the folder, and whether it outlives a power cut nobody knows. */
  @Test
  void anEntryWhoseFolderCouldNotBeSyncedIsSaidToBeThere() throws Exception {
    CliRun run = failing("fsync", "EIO", 2, "coordinator", "register", "d-1", "1", "production");
    assertEquals(1, run.exit(), run.toString());
    assertTrue(run.err().contains("has the change"), run.toString());
    assertEquals(Set.of("d-1"), registered());
  }

  @Test
  void anAnswerThatNobodyCouldReadIsGivenOnTheOtherStream() throws Exception {
    CliRun run =
        InstalledImage.run(
            env(),
            folder,
            List.of(
                "bash",
                "-c",
                "exec \"$0\" coordinator register d-1 1 production >/dev/full",
                image.launcher().toString()));
    assertEquals(1, run.exit(), run.toString());
    assertTrue(run.err().contains("d-1 is registered all the same"), run.toString());
    assertEquals(Set.of("d-1"), registered());
    try (Stream<Path> files = Files.list(folder)) {
      assertTrue(files.noneMatch(f -> f.toString().contains("hs_err")));
    }
  }
}
