package deployctl.monitor.checkpoint;

import deployctl.registry.RegistryUnavailable;
import deployctl.state.DocumentStore;
import deployctl.support.file.ProcessLock;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the states of monitors: a file a deployment in {@code <registry-dir>/monitors}, which the
 * monitor and its recovery both change.
 */
public final class MonitorStore {
  private static final String END = ".json";
  private static final int MOST_TRIES = 50;

  private final Path folder;
  private final Function<String, DocumentStore> files;
  private final Time time;
  private final RandomGenerator random;
  private final Consumer<String> warnings;

  /**
   * Make a store.
   *
   * @param folder where the files are
   * @param files opens the file of a name in that folder
   */
  public MonitorStore(
      Path folder,
      Function<String, DocumentStore> files,
      Time time,
      RandomGenerator random,
      Consumer<String> warnings) {
    this.folder = folder;
    this.files = files;
    this.time = time;
    this.random = random;
    this.warnings = warnings;
  }

  /** Return the state of a deployment's monitor, or empty when there is none that can be read. */
  public Optional<MonitorState> find(String correlationId) {
    try {
      return files.apply(correlationId + END).read().flatMap(MonitorStore::state);
    } catch (RegistryUnavailable e) {
      return Optional.empty();
    }
  }

  /** Return all states that can be read, the latest first. */
  public List<MonitorState> all() {
    List<MonitorState> all = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*" + END)) {
      for (Path file : found) {
        String name = String.valueOf(file.getFileName());
        find(name.substring(0, name.length() - END.length())).ifPresent(all::add);
      }
    } catch (IOException e) {
      return List.of();
    }
    all.sort(Comparator.comparing((MonitorState state) -> orEpoch(state.heartbeatAt())).reversed());
    return all;
  }

  /**
   * Change a state in one step, from an empty one when there is none. A damaged file is put aside.
   *
   * @return whether it could be written; what it holds makes a restart smoother, and watching goes
   *     on without it
   */
  public boolean change(String correlationId, UnaryOperator<MonitorState> change) {
    DocumentStore file = files.apply(correlationId + END);
    try {
      for (int i = 0; i < MOST_TRIES; i++) {
        try (DocumentStore.Turn turn = file.beginTurn()) {
          Optional<DocumentStore.Document> before = file.read();
          Optional<MonitorState> state = before.flatMap(MonitorStore::state);
          if (before.isPresent() && state.isEmpty()) {
            String aside =
                file.replaceDamaged(
                    Json.bytes(MonitorState.empty(correlationId).toJson()),
                    Timestamps.compact(time.now()));
            warnings.accept("The monitor's state was damaged; it is kept as " + aside);
            continue;
          }
          MonitorState next =
              change.apply(state.orElseGet(() -> MonitorState.empty(correlationId)));
          String version = before.map(DocumentStore.Document::version).orElse(null);
          if (file.compareAndSet(version, Json.bytes(next.toJson()))) {
            return true;
          }
        }
      }
      return false;
    } catch (RegistryUnavailable e) {
      warnings.accept(e.what());
      return false;
    }
  }

  /**
   * Become the only monitor, or the only recovery, of a deployment, for as long as this process
   * lives or until the lock is closed.
   *
   * @param role what is taken, for instance "monitor"
   * @return the lock, or empty when another process has it
   */
  public Optional<ProcessLock.Held> takeRole(String role, String correlationId) {
    Path lock = lockOf(role, correlationId);
    try {
      Files.createDirectories(folder);
      return Optional.of(ProcessLock.acquire(lock, Duration.ZERO, time, random));
    } catch (ProcessLock.Timeout e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new RegistryUnavailable(
          RegistryUnavailable.Reason.NOT_WRITABLE,
          lock + " cannot be locked: " + deployctl.support.file.FileErrors.reason(e),
          "Check the space and the permissions of " + folder,
          e);
    }
  }

  /**
   * Give a sign of life that a full disk does not stop: the time of an empty file.
   *
   * <p>Not of the lock file: setting its time opens and closes it, which would free the lock.
   *
   * @param role what is held by this process
   */
  void beat(String role, String correlationId) {
    try {
      Path beat = beatOf(role, correlationId);
      if (!Files.exists(beat)) {
        Files.createFile(beat);
      }
      Files.setLastModifiedTime(beat, FileTime.from(time.now()));
    } catch (IOException e) {
      // The state is the other sign.
      return;
    }
  }

  /** Return a number that changes with each sign of life; 0 where there is none. */
  public long lastBeat(String role, String correlationId) {
    try {
      return Files.getLastModifiedTime(beatOf(role, correlationId)).toMillis();
    } catch (IOException e) {
      return 0;
    }
  }

  /** Tell whether a process of this machine holds a role, whatever the state says. */
  public boolean roleTaken(String role, String correlationId) {
    if (!Files.exists(lockOf(role, correlationId))) {
      return false;
    }
    Optional<ProcessLock.Held> free = takeRole(role, correlationId);
    if (free.isEmpty()) {
      return true;
    }
    try {
      free.get().close();
    } catch (IOException e) {
      return false;
    }
    return false;
  }

  private Path beatOf(String role, String correlationId) {
    return folder.resolve("." + correlationId + "." + role + ".beat");
  }

  private Path lockOf(String role, String correlationId) {
    return folder.resolve("." + correlationId + "." + role + ".lock");
  }

  /** Return the file that a detached process's complaints go to. */
  public Path errorsOf(String role, String correlationId) {
    return folder.resolve(correlationId + "." + role + ".err");
  }

  /** Return where the states are, for messages. */
  public Path folder() {
    return folder;
  }

  private static Optional<MonitorState> state(DocumentStore.Document document) {
    try {
      return Optional.of(new MonitorState(Json.parseObject(document.content())));
    } catch (JsonException e) {
      return Optional.empty();
    }
  }

  private static Instant orEpoch(@Nullable Instant instant) {
    return instant == null ? Instant.EPOCH : instant;
  }
}
