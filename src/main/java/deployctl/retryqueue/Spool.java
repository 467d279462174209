package deployctl.retryqueue;

import deployctl.support.file.DurableWrite;
import deployctl.support.file.FileErrors;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The queue's files: a message a file, written whole before it is said to be there.
 *
 * <p>{@code msg_*.json} wait, {@code dead_letter_msg_*.json} were given up, {@code .corrupt/} holds
 * what could not be read, {@code .state/} everything else. Several processes use the folder at
 * once; who may send what is decided by {@link LaneLock}, not here.
 */
public final class Spool {
  private static final String LIVE = "msg_";
  private static final String DEAD = "dead_letter_";
  private static final String END = ".json";
  private static final Duration LITTER_AGE = Duration.ofMinutes(10);

  private final Path folder;
  private final Time time;
  private final RandomGenerator random;
  private final Consumer<String> warnings;
  private final DurableWrite writer;

  public Spool(Path folder, Time time, RandomGenerator random, Consumer<String> warnings) {
    this(folder, time, random, warnings, step -> {});
  }

  Spool(
      Path folder,
      Time time,
      RandomGenerator random,
      Consumer<String> warnings,
      DurableWrite.Probe probe) {
    this.folder = folder;
    this.time = time;
    this.random = random;
    this.warnings = warnings;
    this.writer = DurableWrite.privately(temporaries(), probe);
  }

  /** Return where the queue is, for messages. */
  Path path() {
    return folder;
  }

  /** Return a folder for state that is no message, making it when it is missing. */
  Path state(String name) {
    Path path = folder.resolve(".state").resolve(name);
    makeFolders(path);
    return path;
  }

  /** Return a file of state in a folder of its kind. */
  StateFile stateFile(String kind, String name) {
    makeFolders(temporaries());
    return new StateFile(state(kind).resolve(name + END), writer, warnings);
  }

  /** Return the same file to be read only: nothing is made. */
  StateFile lookAtState(String kind, String name) {
    return new StateFile(
        folder.resolve(".state").resolve(kind).resolve(name + END), writer, warnings);
  }

  /** Tell whether new messages and changes can be written, space aside. */
  boolean changeable() {
    return Files.isWritable(folder);
  }

  /** Tell whether there is a queue at all. */
  boolean exists() {
    return Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Write a new message; it is on disk when this returns.
   *
   * @param fields all but the id and the place in the order
   * @throws QueueUnavailable when it cannot be written
   */
  public QueuedMessage add(JsonObject fields) {
    makeFolders(temporaries());
    long sequence = nextSequence();
    return add(
        String.format(Locale.ROOT, "msg_%013d_%08x", sequence, random.nextInt()), sequence, fields);
  }

  /** Write a new message under a name of the caller's. */
  public QueuedMessage add(String id, JsonObject fields) {
    return add(id, nextSequence(), fields);
  }

  private QueuedMessage add(String id, long sequence, JsonObject fields) {
    makeFolders(temporaries());
    ownersAlone(folder, "rwx------");
    JsonObject named = new JsonObject().put("message_id", id);
    fields.names().forEach(name -> named.put(name, fields.get(name)));
    named.put(QueuedMessage.SEQUENCE, sequence);
    QueuedMessage message = new QueuedMessage(id, named, time.now());
    write(message);
    return message;
  }

  /** Write a message that is there already, or was and is to be again. */
  void write(QueuedMessage message) {
    try {
      makeFolders(temporaries());
      writer.replace(live(message.id()), Json.bytes(message.fields()), null);
    } catch (IOException e) {
      throw QueueUnavailable.of(live(message.id()), "cannot be written", e);
    }
  }

  /** Remove a message that was delivered or is held elsewhere. */
  void remove(String id) {
    try {
      Files.deleteIfExists(live(id));
    } catch (IOException e) {
      throw QueueUnavailable.of(live(id), "cannot be removed", e);
    }
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
    try {
      writer.replace(dead(message.id()), Json.bytes(dead.fields()), null);
    } catch (IOException e) {
      throw QueueUnavailable.of(dead(message.id()), "cannot be written", e);
    }
    // A kill in between leaves both, and the one that is there twice is taken for dead.
    remove(message.id());
  }

  /** Put a dead letter back into the queue, at its end, as if it had never been tried. */
  QueuedMessage revive(QueuedMessage dead) {
    // What may have been posted is looked for once more, from its first attempt on; where nobody
    // can
    // look, it goes out, for a person has decided so.
    QueuedMessage fresh = dead.with(QueuedMessage.REQUEUED, dead.requeued() + 1);
    Instant first = dead.firstAttemptAt();
    for (String field :
        List.of(
            QueuedMessage.DEAD_AT,
            QueuedMessage.REASON,
            QueuedMessage.FIRST_ATTEMPT_AT,
            QueuedMessage.ATTEMPT_AT,
            QueuedMessage.CRASHED,
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
    try {
      Files.deleteIfExists(dead(id));
    } catch (IOException e) {
      throw QueueUnavailable.of(dead(id), "cannot be removed", e);
    }
  }

  /** Move a dead letter to a folder of things that were purged; returns where it is now. */
  Path putAside(String id, String mark) {
    Path aside = state("purged").resolve(mark);
    makeFolders(aside);
    try {
      return Files.move(
          dead(id), aside.resolve(dead(id).getFileName()), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw QueueUnavailable.of(dead(id), "cannot be moved", e);
    }
  }

  /** Tell whether a message was given up. */
  public boolean isBuried(String id) {
    return Files.exists(dead(id));
  }

  /** Return the ids of what waits, in no order. */
  public List<String> waitingIds() {
    return ids(LIVE, "");
  }

  /** Return the ids of the dead letters, in no order. */
  List<String> deadIds() {
    return ids(DEAD, DEAD);
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

  /** Return how many damaged files were set aside. */
  int corruptCount() {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(corrupt())) {
      int count = 0;
      for (Path file : files) {
        count += file.getFileName() == null ? 0 : 1;
      }
      return count;
    } catch (IOException e) {
      return 0;
    }
  }

  /** Remove what writers that were killed left behind. */
  void tidy() {
    Path temporaries = temporaries();
    if (!Files.isDirectory(temporaries)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(temporaries, "*.tmp")) {
      for (Path file : files) {
        Instant changed = Files.getLastModifiedTime(file).toInstant();
        if (changed.isBefore(time.now().minus(LITTER_AGE))) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      // Litter harms nobody; the next run tries again.
      return;
    }
  }

  private @Nullable QueuedMessage read(Path file, String id) {
    byte[] content;
    Instant changed;
    try {
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        // Reading a pipe would wait for ever.
        setAside(file, Files.isDirectory(file) ? "it is a folder" : "it is no file");
        return null;
      }
      content = Files.readAllBytes(file);
      changed = Files.getLastModifiedTime(file).toInstant();
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      // One file of another user's must not keep the others waiting.
      warnings.accept(file + " cannot be read: " + FileErrors.reason(e) + "; it is left alone");
      return null;
    }
    try {
      return new QueuedMessage(id, Json.parseObject(content), changed);
    } catch (JsonException e) {
      setAside(file, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private void setAside(Path file, String why) {
    makeFolders(corrupt());
    Path aside = corrupt().resolve(file.getFileName());
    if (Files.exists(aside)) {
      aside = corrupt().resolve(file.getFileName() + "-" + time.now().toEpochMilli());
    }
    try {
      Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
      warnings.accept(file + " is damaged (" + why + ") and was moved to " + aside);
    } catch (NoSuchFileException e) {
      // Another process has moved it.
      return;
    } catch (IOException e) {
      throw QueueUnavailable.of(file, "is damaged and cannot be set aside", e);
    }
  }

  private List<String> ids(String start, String cut) {
    List<String> ids = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (name.startsWith(start) && name.endsWith(END)) {
          ids.add(name.substring(cut.length(), name.length() - END.length()));
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (NotDirectoryException e) {
      throw QueueUnavailable.of(folder, "is not a folder", e);
    } catch (IOException e) {
      throw QueueUnavailable.of(folder, "cannot be read", e);
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw QueueUnavailable.of(folder, "cannot be read", new IOException(e.getMessage(), e));
    }
    return ids;
  }

  /** Return a place behind all that wait; the clock alone may step back. */
  private long nextSequence() {
    return Math.max(lastSequence() + 1, time.now().toEpochMilli());
  }

  private long lastSequence() {
    // Dead letters count: one that is put back must not meet another of its name.
    long last = 0;
    for (String id : ids("", "")) {
      String[] parts = id.substring(id.startsWith(DEAD) ? DEAD.length() : 0).split("_", -1);
      if (parts.length == 3 && parts[1].matches("\\d{13}")) {
        last = Math.max(last, Long.parseLong(parts[1]));
      }
    }
    return last;
  }

  /** Give a file or folder permissions for the owner alone, where they can be given. */
  static void ownersAlone(Path path, String permissions) {
    try {
      Set<PosixFilePermission> wanted = PosixFilePermissions.fromString(permissions);
      if (!Files.getPosixFilePermissions(path).equals(wanted)) {
        Files.setPosixFilePermissions(path, wanted);
      }
    } catch (IOException | UnsupportedOperationException e) {
      // Another owner's folder: what is in it is the owner's alone all the same.
      return;
    }
  }

  private void makeFolders(Path path) {
    if (Files.isDirectory(path)) {
      return;
    }
    try {
      // The folders above the queue are the user's: they get the usual permissions.
      Path above = folder.toAbsolutePath().getParent();
      if (above != null) {
        Files.createDirectories(above);
      }
      Files.createDirectories(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (UnsupportedOperationException e) {
      makePlainFolders(path);
    } catch (IOException e) {
      throw QueueUnavailable.of(path, "cannot be made", e);
    }
  }

  private static void makePlainFolders(Path path) {
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw QueueUnavailable.of(path, "cannot be made", e);
    }
  }

  private Path temporaries() {
    return folder.resolve(".state").resolve("tmp");
  }

  private Path corrupt() {
    return folder.resolve(".corrupt");
  }

  private Path live(String id) {
    return folder.resolve(id + END);
  }

  private Path dead(String id) {
    return folder.resolve(DEAD + id + END);
  }

  /** Return the name of a purge of now. */
  String mark() {
    return Timestamps.compact(time.now());
  }
}
