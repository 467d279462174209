package deployctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.operation.Template;
import deployctl.support.file.LocalFile;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import deployctl.testing.CliRun;
import deployctl.testing.InProcess;
import deployctl.testing.ScriptedAws;
import java.io.RandomAccessFile;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** H4: what is huge, deep or damaged ends every command soon, with a line that says why. */
class HostileSizesTest {
  @TempDir Path folder;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A quadratic one would take many minutes. */
  @Test
  void whatIsDamagedAndNestedIsSalvagedInOneGo() {
    String entry = "{\"correlation_id\":\"kept\"}";
    for (String part : List.of("{", "{\"a\":", "[{\"a\":[", "{\"a\":1,{", "{  ", "{\"")) {
      byte[] damaged = bytes(part.repeat(3_000_000 / part.length()) + "\u0000\n" + entry);
      List<JsonObject> found = Json.salvage(damaged, one -> one.has("correlation_id"));
      assertEquals(1, found.size(), part);
    }
  }

  @Test
  void whatIsNestedTooDeeplyIsRefused() throws Exception {
    String deep = "[".repeat(100_000);
    try {
      Json.parseObject(bytes("{\"a\":" + deep));
      throw new AssertionError("it was read");
    } catch (JsonException e) {
      assertFalse(e.getMessage().isEmpty());
    }
    assertEquals(Map.of(), Template.parse("Resources: " + deep).resources());
    Path config = folder.resolve("deployctl.yml");
    Files.writeString(config, "environments: " + deep);
    CliRun run = new InProcess(folder).run("coordinator", "list", "--config", config.toString());
    assertEquals(64, run.exit(), run.toString());
    assertFalse(run.err().contains("\tat "), run.toString());
  }

  @Test
  void whatIsTooLargeIsRefusedWithItsSize() throws Exception {
    InProcess cli = new InProcess(folder);
    Path config = folder.resolve("deployctl.yml");
    try (RandomAccessFile file = new RandomAccessFile(config.toFile(), "rw")) {
      file.setLength(4L << 20);
    }
    CliRun large = cli.run("coordinator", "list", "--config", config.toString());
    assertEquals(64, large.exit(), large.toString());
    assertTrue(large.err().contains("too large: 4 MiB, at most 1"), large.toString());
    Files.createDirectories(cli.registryFolder());
    try (RandomAccessFile file = new RandomAccessFile(cli.registryFile().toFile(), "rw")) {
      file.setLength(500L << 20);
    }
    CliRun registry = cli.run("coordinator", "list");
    assertTrue(registry.err().contains("too large: 500 MiB"), registry.toString());
    assertTrue(registry.err().contains("coordinator repair"), registry.toString());
  }

  /** What is full takes no more, and lets go of what is old. */
  @Test
  void aFullRegistryTakesNoMoreEntriesAndCanBeEmptied() throws Exception {
    try (ScriptedAws aws = ScriptedAws.stacks(Map.of())) {
      fill(new InProcess(folder).aws(aws));
    }
  }

  private static void fill(InProcess cli) throws Exception {
    cli.run("coordinator", "register", "a", "1", "staging");
    String start = "{\"correlation_id\":\"old-";
    String end =
        "\",\"environment\":\"production\",\"status\":\"SUCCEEDED\",\"reason\":\""
            + "x".repeat(2000)
            + "\",\"started_at\":\"2025-01-01T00:00:00Z\",\"finished_at\":\"2025-01-01T00:30:00Z\"},\n";
    String whole = Files.readString(cli.registryFile());
    int first = whole.indexOf("{\"correlation_id\"");
    try (Writer file = Files.newBufferedWriter(cli.registryFile())) {
      file.write(whole.substring(0, first));
      for (int i = 0; i < 13_000; i++) {
        file.write(start + i + end);
      }
      file.write(whole.substring(first));
    }
    CliRun full = cli.run("coordinator", "register", "b", "2", "production");
    assertEquals(1, full.exit(), full.toString());
    assertTrue(full.err().contains("is full: it has 13001 entries"), full.toString());
    assertTrue(full.err().contains("coordinator prune --older-than 90d"), full.toString());
    CliRun diagnosis = cli.run("diagnose", "registry", "-o", "json");
    assertEquals(4, diagnosis.exit(), diagnosis.toString());
    assertTrue(diagnosis.out().contains("The registry is full"), diagnosis.toString());
    // What is there can still end, and the way out is open.
    assertEquals(0, cli.run("coordinator", "release", "a").exit());
    assertEquals(0, cli.run("coordinator", "prune", "--older-than", "90d").exit());
    assertEquals(0, cli.run("coordinator", "register", "b", "2", "production").exit());
  }

  /** The last lines of a log cost no more than they are, however long the log. */
  @Test
  void theEndOfALogIsReadFromItsEnd() throws Exception {
    Path log = folder.resolve("log");
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
      file.setLength(3L << 30);
      file.seek(3L << 30);
      file.write(bytes("\none\r\ntwo \u00e4\nthree\n\nlast without an end"));
    }
    assertEquals(List.of("two \u00e4", "three", "last without an end"), new LocalFile(log).tail(3));
    Files.writeString(folder.resolve("short"), "a\nb\n");
    assertEquals(List.of("a", "b"), new LocalFile(folder.resolve("short")).tail(9));
    Files.writeString(folder.resolve("long"), "x".repeat(200_000) + "\n" + "y".repeat(200_000));
    List<String> cut = new LocalFile(folder.resolve("long")).tail(9);
    assertTrue(cut.size() <= 2 && cut.stream().allMatch(line -> line.length() <= 65_536), "cut");
  }
}
