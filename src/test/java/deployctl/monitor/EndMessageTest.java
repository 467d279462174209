package deployctl.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.support.json.Json;
import deployctl.support.json.JsonObject;
import deployctl.testing.CliRun;
import deployctl.testing.InProcess;
import deployctl.testing.ScriptedAws;
import deployctl.testing.ScriptedOperation;
import deployctl.testing.ScriptedSlack;
import deployctl.testing.TimelineAws;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The message of the end is told once, whatever happens between the end and the message. */
class EndMessageTest {
  @TempDir Path folder;

  @Test
  void itIsTakenForToldWhenItIsQueuedAndNotBefore() throws Exception {
    Instant start = Instant.parse("2026-01-31T12:00:00Z");
    ScriptedOperation timeline =
        new ScriptedOperation(
            "S",
            start,
            "0 S CREATE_IN_PROGRESS | User Initiated",
            "2 Vpc vpc CREATE_IN_PROGRESS",
            "60 Vpc vpc CREATE_COMPLETE",
            "61 S CREATE_COMPLETE");
    InProcess cli = new InProcess(folder);
    try (ScriptedAws aws = TimelineAws.serve(timeline, cli.time::now);
        ScriptedSlack slack = new ScriptedSlack()) {
      cli.aws(aws);
      cli.env.put("SLACK_API_URL", slack.url());
      cli.env.put("SLACK_BOT_TOKEN", "xoxb-test");
      // A file in the place of the queue's folder: nothing can be kept.
      Files.writeString(cli.queueFolder(), "");
      Path log = folder.resolve("log");
      CliRun first = cli.run("monitor", "run", "dep-1", "S", "C1", log.toString());
      assertEquals(0, first.exit(), first.toString());
      Path file = cli.registryFolder().resolve("monitors/dep-1.json");
      JsonObject state = Json.parseObject(Files.readAllBytes(file));
      assertTrue(state.has("end_message_at"), state.toString());
      assertFalse(state.has("end_told"), state.toString());
      assertEquals(List.of(), slack.messages());
      Files.delete(cli.queueFolder());
      // As a kill leaves it: begun to be told, and not known to be over.
      Files.writeString(
          file, state.copy().put("end_told", null).put("finished_at", null).toString());
      CliRun second = cli.run("monitor", "run", "dep-1", "S", "C1", log.toString());
      assertEquals(0, second.exit(), second.toString());
      assertEquals(
          1,
          slack.messages().stream().filter(one -> one.text().contains("succeeded")).count(),
          slack.messages().toString());
      assertTrue(Json.parseObject(Files.readAllBytes(file)).has("end_told"));
    }
  }
}
