package deployctl.retryqueue;

import deployctl.state.StateObject;
import deployctl.state.StateStore;
import deployctl.state.StateUnavailable;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A piece of the queue's own state, as JSON. What is damaged or missing counts as empty: what it
 * held makes messages nicer, and none is lost without it.
 */
record QueueState(StateStore store, String name, Consumer<String> warnings) {
  JsonObject read() {
    try {
      Optional<StateObject> kept = store.read(name);
      return kept.isEmpty() ? new JsonObject() : Json.parseObject(kept.get().content());
    } catch (StateUnavailable | JsonException e) {
      return new JsonObject();
    }
  }

  /** Write the state; a disk that is full is told, and changes nothing else. */
  void write(JsonObject state) {
    try {
      store.put(name, Json.bytes(state));
    } catch (StateUnavailable e) {
      warnings.accept(e.what());
    }
  }

  /** Return a name for a text of the user's: readable, and different for different texts. */
  static String nameFor(String text) {
    String readable = text.replaceAll("[^A-Za-z0-9._-]", "_");
    String shorter = readable.length() > 80 ? readable.substring(0, 80) : readable;
    return shorter.equals(text) && !text.startsWith(".")
        ? text
        : "x" + shorter + "-" + Integer.toHexString(text.hashCode());
  }
}
