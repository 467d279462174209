package deployctl.retryqueue;

import deployctl.state.StateObject;
import deployctl.state.StateStore;
import deployctl.state.StateUnavailable;
import deployctl.state.StateUnavailable.Reason;
import deployctl.support.Failure;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonMasking;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The queue's messages: one object each, whole before it is said to be there.
 *
 * <p>{@code msg_*.json} wait, {@code dead_letter_msg_*.json} were given up, {@code .corrupt/} holds
 * what could not be read, {@code .state/} everything else. Several processes use it at once; who
 * may send what is decided by {@link ChannelLock}, not here.
 *
 * <p>Every method throws {@link StateUnavailable} when the queue's place cannot be used.
 */
public final class Spool {
  private static final String LIVE = "msg_";
  private static final String DEAD = "dead_letter_";
  private static final String END = ".json";
  private static final String CORRUPT = ".corrupt/";

  private final StateStore store;
  private final Set<String> unreadable = ConcurrentHashMap.newKeySet();
  private final Time time;
  private final RandomGenerator random;
  private final Consumer<String> warnings;

  /** Make a spool; {@code warnings} hears of damaged messages and of state that is not kept. */
  public Spool(StateStore store, Time time, RandomGenerator random, Consumer<String> warnings) {
    this.store = store;
    this.time = time;
    this.random = random;
    this.warnings = warnings;
  }

  /** Return where the queue is, for messages. */
  String location() {
    return store.location("");
  }

  /** Return a piece of state that is no message, by its kind and name. */
  QueueState state(String kind, String name) {
    return new QueueState(store, ".state/" + kind + "/" + name + END, warnings);
  }

  /** Return the place itself. */
  StateStore store() {
    return store;
  }

  /** Tell whether new messages and changes can be written, space aside. */
  boolean changeable() {
    return store.writable();
  }

  /**
   * Write a new message; it is kept when this returns.
   *
   * @param fields all but the id and the order
   */
  public QueuedMessage add(JsonObject fields) {
    long sequence = nextSequence();
    while (true) {
      String id = String.format(Locale.ROOT, "msg_%013d_%08x", sequence, random.nextInt());
      QueuedMessage message = message(id, sequence, fields);
      if (store.create(live(id), bytes(message))) {
        return message;
      }
    }
  }

  /** Write a message under a name of the caller's, in place of one that may be there. */
  public QueuedMessage add(String id, JsonObject fields) {
    QueuedMessage message = message(id, nextSequence(), fields);
    write(message);
    return message;
  }

  private static byte[] bytes(QueuedMessage message) {
    return Json.bytes(JsonMasking.object(message.fields()));
  }

  private QueuedMessage message(String id, long sequence, JsonObject fields) {
    JsonObject named = new JsonObject().put("message_id", id);
    fields.names().forEach(name -> named.put(name, fields.get(name)));
    named.put(QueuedMessage.SEQUENCE, sequence);
    return new QueuedMessage(id, named, time.now());
  }

  /** Write a message that is there already, or was and is to be again. */
  void write(QueuedMessage message) {
    store.put(live(message.id()), bytes(message));
  }

  /** Remove a message that was delivered or is held elsewhere. */
  void remove(String id) {
    store.remove(live(id));
  }

  /**
   * Give a message up: keep it as a dead letter.
   *
   * @param reason Slack's code or a word like it
   */
  void bury(QueuedMessage message, String reason) {
    QueuedMessage dead =
        message
            .with(QueuedMessage.ATTEMPT_AT, null)
            .with(QueuedMessage.DEAD_AT, time.now())
            .with(QueuedMessage.REASON, reason);
    store.put(dead(message.id()), bytes(dead));
    // A kill in between leaves both, and the one that is there twice is taken for dead.
    remove(message.id());
  }

  /** Put a dead letter back into the queue, at its end, as if it had never been tried. */
  QueuedMessage revive(QueuedMessage dead) {
    // What may have been posted is looked for once more, from its first attempt on; where nobody
    // can look, it goes out, for a person has decided so.
    QueuedMessage fresh = dead.with(QueuedMessage.REQUEUED, dead.requeued() + 1);
    Instant first = dead.firstAttemptAt();
    for (String field :
        List.of(
            QueuedMessage.DEAD_AT,
            QueuedMessage.REASON,
            QueuedMessage.FIRST_ATTEMPT_AT,
            QueuedMessage.ATTEMPT_AT,
            QueuedMessage.OWN_FAILURES,
            QueuedMessage.LAST_ATTEMPT_AT,
            QueuedMessage.LAST_ERROR)) {
      fresh = fresh.with(field, null);
    }
    fresh =
        fresh
            .with(QueuedMessage.RETRY_COUNT, 0L)
            .with(QueuedMessage.NEXT_RETRY_AT, time.now())
            .with(QueuedMessage.SEQUENCE, nextSequence());
    if (dead.uncertain()) {
      fresh = fresh.with(QueuedMessage.LOOK_SINCE, first);
    }
    write(fresh);
    removeDead(dead.id());
    return fresh;
  }

  /** Remove a dead letter. */
  void removeDead(String id) {
    store.remove(dead(id));
  }

  /** Move a dead letter to what was purged under a mark; returns where that is, for messages. */
  String putAside(String id, String mark) {
    String folder = ".state/purged/" + mark;
    if (!store.move(dead(id), folder + "/" + dead(id))) {
      throw new StateUnavailable(
          StateUnavailable.Reason.NOT_READABLE, id + " is gone", "Another process took it");
    }
    return store.location(folder);
  }

  /** Tell whether a message was given up. */
  public boolean isBuried(String id) {
    return store.exists(dead(id));
  }

  /** Return the ids of what waits, in no order. */
  public List<String> waitingIds() {
    return ids(LIVE, 0);
  }

  /** Return the ids of the dead letters, in no order. */
  List<String> deadIds() {
    return ids(DEAD, DEAD.length());
  }

  /** Return the names of all messages and dead letters, as the store has them, in no order. */
  List<String> names() {
    return store.list("").stream()
        .filter(name -> name.endsWith(END))
        .filter(name -> name.startsWith(LIVE) || name.startsWith(DEAD))
        .toList();
  }

  /**
   * Read a message that waits.
   *
   * @return the message, or null when it is gone; a damaged one is set aside and is gone then
   */
  public @Nullable QueuedMessage read(String id) {
    return read(live(id), id);
  }

  /** Read a dead letter; null when it is gone or was damaged. */
  @Nullable QueuedMessage readDead(String id) {
    return read(dead(id), id);
  }

  /** Return how many damaged messages were set aside. */
  int corruptCount() {
    try {
      return store.list(CORRUPT).size();
    } catch (StateUnavailable e) {
      return 0;
    }
  }

  /**
   * Return how many messages were met that are there and cannot be read, such as another user's.
   */
  int unreadableCount() {
    return unreadable.size();
  }

  /**
   * See that what was said of the queue is said of all of it.
   *
   * @throws Failure when messages were met that cannot be read
   */
  void checkAllRead() {
    int count = unreadableCount();
    if (count > 0) {
      throw new Failure(
          Failure.FailureKind.UNKNOWN,
          count + (count == 1 ? " message in " : " messages in ") + location() + " cannot be read",
          "Run it as the user who owns them (ls -l " + location() + ")");
    }
  }

  /** Remove what writers that were killed left behind. */
  void tidy() {
    store.tidy();
  }

  /** Return the name of a purge of now. */
  String mark() {
    return Timestamps.compact(time.now());
  }

  private @Nullable QueuedMessage read(String name, String id) {
    Optional<StateObject> kept;
    try {
      kept = store.read(name);
    } catch (StateUnavailable e) {
      if (e.reason() == Reason.CORRUPT) {
        setAside(name, "it is no file");
      } else {
        // One of another user's must not keep the others waiting.
        unreadable.add(id);
        warnings.accept(e.what() + "; it is left alone");
      }
      return null;
    }
    if (kept.isEmpty()) {
      return null;
    }
    try {
      return new QueuedMessage(id, Json.parseObject(kept.get().content()), kept.get().changedAt());
    } catch (JsonException e) {
      setAside(name, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private void setAside(String name, String why) {
    String aside = CORRUPT + name;
    if (store.exists(aside)) {
      aside = CORRUPT + name + "-" + time.now().toEpochMilli();
    }
    // False when another process has moved it.
    if (store.move(name, aside)) {
      warnings.accept(
          store.location(name)
              + " is damaged ("
              + why
              + ") and was moved to "
              + store.location(aside));
    }
  }

  private List<String> ids(String start, int cut) {
    return store.list(start).stream()
        .filter(name -> name.endsWith(END))
        .map(name -> name.substring(cut, name.length() - END.length()))
        .toList();
  }

  /** Return a position behind all that wait; the clock alone may step back. */
  private long nextSequence() {
    return Math.max(lastSequence() + 1, time.now().toEpochMilli());
  }

  private long lastSequence() {
    // Dead letters count: one that is put back must not meet another of its name.
    long last = 0;
    for (String name : store.list("")) {
      String id = name.substring(name.startsWith(DEAD) ? DEAD.length() : 0);
      String[] parts = id.split("_", -1);
      if (parts.length == 3 && parts[1].matches("\\d{13}") && name.endsWith(END)) {
        last = Math.max(last, Long.parseLong(parts[1]));
      }
    }
    return last;
  }

  private static String live(String id) {
    return id + END;
  }

  private static String dead(String id) {
    return DEAD + id + END;
  }
}
