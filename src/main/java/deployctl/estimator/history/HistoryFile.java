package deployctl.estimator.history;

import deployctl.state.StateDocument;
import deployctl.state.StateObject;
import deployctl.state.StateUnavailable;
import deployctl.support.Failure;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Keeps the history in {@code deployment-history.json}. */
public final class HistoryFile {
  private static final int MOST_TRIES = 50;

  private final StateDocument store;
  private final Time time;
  private final Consumer<String> warnings;
  private boolean warned;

  /** Make a keeper; {@code warnings} hears of a file that cannot be used. */
  public HistoryFile(StateDocument store, Time time, Consumer<String> warnings) {
    this.store = store;
    this.time = time;
    this.warnings = warnings;
  }

  /** Return the history; empty, with a warning, where there is a file that cannot be used. */
  public History read() {
    try {
      Optional<StateObject> document = store.read();
      History history =
          document.isEmpty()
              ? History.empty()
              : History.of(Json.parseObject(document.get().content()));
      history
          .implausibleAverages()
          .forEach(
              (type, value) ->
                  warn(
                      "The average of "
                          + type
                          + " ("
                          + value
                          + " s) looks like minutes and is not used; set it with 'deployctl estimator set "
                          + type
                          + " <seconds>', or collect"));
      return history;
    } catch (JsonException e) {
      warn(store.location() + " is damaged (" + e.getMessage() + "); nothing is learned from it");
      return History.empty();
    } catch (StateUnavailable e) {
      warn(e.what());
      return History.empty();
    }
  }

  private void warn(String text) {
    if (!warned) {
      warned = true;
      warnings.accept(text);
    }
  }

  /**
   * Change the history in one step. A damaged file is put aside first, and said.
   *
   * @param change returns whether something changed; may be called again
   * @return whether something was written
   * @throws StateUnavailable when it cannot be written
   */
  public boolean change(Predicate<History> change) {
    for (int i = 0; i < MOST_TRIES; i++) {
      try (StateDocument.Turn turn = store.beginTurn()) {
        Optional<StateObject> document = store.read();
        JsonObject root = root(document);
        if (root == null) {
          String aside =
              store.replaceDamaged(Json.bytes(new JsonObject()), Timestamps.compact(time.now()));
          warnings.accept("The history was damaged; it is kept as " + aside);
          continue;
        }
        History history = History.of(root);
        if (!change.test(history)) {
          return false;
        }
        String version = document.map(StateObject::version).orElse(null);
        if (store.compareAndSet(version, Json.bytes(history.toJson(time.now())))) {
          return true;
        }
      }
    }
    throw new Failure(
        Failure.FailureKind.FAILED,
        store.location() + " is being changed all the time",
        "Try again");
  }

  /** Return where the file is, for messages. */
  public String location() {
    return store.location();
  }

  private static @org.jspecify.annotations.Nullable JsonObject root(
      Optional<StateObject> document) {
    try {
      return document.isEmpty() ? new JsonObject() : Json.parseObject(document.get().content());
    } catch (JsonException e) {
      return null;
    }
  }
}
