package deployctl.registry.file;

import deployctl.registry.Journal;
import deployctl.support.file.FileErrors;
import deployctl.support.json.Json;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * The journal as lines of JSON in {@code journal.jsonl}, each added by one write so that lines
 * never mix.
 */
public final class FileJournal implements Journal {
  /** The file's name in the registry's folder. */
  public static final String NAME = "journal.jsonl";

  private final Path file;
  private final String who;
  private final String host;
  private final Time time;
  private final Consumer<String> warnings;

  /** Make a journal in {@code folder} that signs with {@code who} and {@code host}. */
  public FileJournal(Path folder, String who, String host, Time time, Consumer<String> warnings) {
    this.file = folder.resolve(NAME);
    this.who = who;
    this.host = host;
    this.time = time;
    this.warnings = warnings;
  }

  @Override
  public void record(String command, String what, String result) {
    JsonObject line =
        new JsonObject()
            .put("time", Timestamps.format(time.now()))
            .put("who", who)
            .put("host", host)
            .put("command", command)
            .put("what", what)
            .put("result", result);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(
          file,
          (Json.write(line) + "\n").getBytes(StandardCharsets.UTF_8),
          StandardOpenOption.CREATE,
          StandardOpenOption.WRITE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      warnings.accept("Cannot write the journal " + file + ": " + FileErrors.reason(e));
    }
  }
}
