package deployctl.retryqueue;

import deployctl.support.file.DurableWrite;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A small JSON file of the queue's own state. A damaged or missing one counts as empty: what it
 * held makes messages nicer, and none is lost without it.
 */
record StateFile(Path file, DurableWrite writer, Consumer<String> warnings) {
  JsonObject read() {
    try {
      return Json.parseObject(Files.readAllBytes(file));
    } catch (IOException | JsonException e) {
      return new JsonObject();
    }
  }

  /** Write the state; a disk that is full is told, and changes nothing else. */
  void write(JsonObject state) {
    try {
      writer.replace(file, Json.bytes(state), null);
    } catch (IOException e) {
      warnings.accept(QueueUnavailable.of(file, "cannot be written", e).what());
    }
  }

  /** Return a file name for a text of the user's: readable, and different for different texts. */
  static String nameFor(String text) {
    String readable = text.replaceAll("[^A-Za-z0-9._-]", "_");
    String shorter = readable.length() > 80 ? readable.substring(0, 80) : readable;
    return shorter.equals(text) && !text.startsWith(".")
        ? text
        : "x" + shorter + "-" + Integer.toHexString(text.hashCode());
  }
}
