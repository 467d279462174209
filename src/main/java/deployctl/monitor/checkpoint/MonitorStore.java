package deployctl.monitor.checkpoint;

import deployctl.state.Claim;
import deployctl.state.StateDocument;
import deployctl.state.StateObject;
import deployctl.state.StateStore;
import deployctl.state.StateUnavailable;
import deployctl.support.file.LocalFile;
import deployctl.support.file.MachineFolder;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonMasking;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the states of monitors: {@code monitors/<correlation id>.json} for each deployment, which
 * the monitor and its recovery both change.
 */
public final class MonitorStore {
  private static final String FOLDER = "monitors/";
  private static final String END = ".json";
  private static final int MOST_TRIES = 50;

  private final StateStore store;
  private final MachineFolder machine;
  private final Time time;
  private final Consumer<String> warnings;

  /**
   * Make a store.
   *
   * @param machine where this machine's monitors give signs of life and complain
   */
  public MonitorStore(
      StateStore store, MachineFolder machine, Time time, Consumer<String> warnings) {
    this.store = store;
    this.machine = machine;
    this.time = time;
    this.warnings = warnings;
  }

  /** Return the state of a deployment's monitor, or empty when there is none that can be read. */
  public Optional<MonitorState> find(String correlationId) {
    try {
      return document(correlationId).read().flatMap(MonitorStore::state);
    } catch (StateUnavailable e) {
      return Optional.empty();
    }
  }

  /**
   * See that it can be told whether a deployment was watched, or any for null.
   *
   * @throws StateUnavailable when something is there that cannot be read
   */
  public void checkReadable(@Nullable String correlationId) {
    if (correlationId == null) {
      store.list(FOLDER);
    } else {
      document(correlationId).read();
    }
  }

  /** Return all states that can be read, the latest first. */
  public List<MonitorState> all() {
    List<MonitorState> all = new ArrayList<>();
    try {
      for (String name : store.list(FOLDER)) {
        if (name.endsWith(END)) {
          find(name.substring(FOLDER.length(), name.length() - END.length())).ifPresent(all::add);
        }
      }
    } catch (StateUnavailable e) {
      return List.of();
    }
    all.sort(Comparator.comparing((MonitorState state) -> orEpoch(state.heartbeatAt())).reversed());
    return all;
  }

  /**
   * Change a state in one step, from an empty one when there is none. A damaged one is put aside.
   *
   * @return whether it could be written; what it holds makes a restart smoother, and watching goes
   *     on without it
   */
  public boolean change(String correlationId, UnaryOperator<MonitorState> change) {
    StateDocument document = document(correlationId);
    try {
      for (int i = 0; i < MOST_TRIES; i++) {
        try (StateDocument.Turn turn = document.beginTurn()) {
          Optional<StateObject> before = document.read();
          Optional<MonitorState> state = before.flatMap(MonitorStore::state);
          if (before.isPresent() && state.isEmpty()) {
            String aside =
                document.replaceDamaged(
                    Json.bytes(MonitorState.empty(correlationId).toJson()),
                    Timestamps.compact(time.now()));
            warnings.accept("The monitor's state was damaged; it is kept as " + aside);
            continue;
          }
          MonitorState next =
              change.apply(state.orElseGet(() -> MonitorState.empty(correlationId)));
          String version = before.map(StateObject::version).orElse(null);
          if (document.compareAndSet(version, Json.bytes(JsonMasking.object(next.toJson())))) {
            return true;
          }
        }
      }
      return false;
    } catch (StateUnavailable e) {
      warnings.accept(e.what());
      return false;
    }
  }

  /** Forget a deployment's monitor. */
  public void remove(String correlationId) {
    store.remove(FOLDER + correlationId + END);
  }

  /**
   * Become the only monitor, or the only recovery, of a deployment, for as long as this process
   * lives or until the claim is given up.
   *
   * @return the claim, or empty when another process has it
   */
  public Optional<Claim> takeRole(MonitorRole role, String correlationId) {
    return store.claim(FOLDER + sign(role, correlationId) + ".lock", Duration.ZERO);
  }

  /** Tell whether another process holds a role, whatever the state says. */
  public boolean roleTaken(MonitorRole role, String correlationId) {
    if (!store.exists(FOLDER + sign(role, correlationId) + ".lock")) {
      return false;
    }
    try (@Nullable Claim free = takeRole(role, correlationId).orElse(null)) {
      return free == null;
    }
  }

  /**
   * Tell whether a process is the one that holds a role: its state says which process that is, and
   * states can be lost, old, or written by anybody. The lock is held for life.
   */
  public boolean holdsRole(MonitorRole role, String correlationId, long pid) {
    return roleTaken(role, correlationId)
        && machine.mayHold(sign(role, correlationId) + ".lock", pid);
  }

  /**
   * Give a sign of life that a full disk does not stop, as the holder of a role on this machine.
   */
  void beat(MonitorRole role, String correlationId) {
    machine.beat(sign(role, correlationId) + ".beat", time.now());
  }

  /** Return a number that changes with each sign of life on this machine; 0 where there is none. */
  public long lastBeat(MonitorRole role, String correlationId) {
    return machine.lastBeat(sign(role, correlationId) + ".beat");
  }

  /** Return the file of this machine that a detached process's complaints go to. */
  public LocalFile errorsOf(MonitorRole role, String correlationId) {
    return machine.file(correlationId + "." + role.word() + ".err");
  }

  private StateDocument document(String correlationId) {
    return store.document(FOLDER + correlationId + END);
  }

  private static String sign(MonitorRole role, String correlationId) {
    return "." + correlationId + "." + role.word();
  }

  private static Optional<MonitorState> state(StateObject document) {
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
