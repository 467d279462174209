package deployctl.reset;

import deployctl.registry.Registry;
import deployctl.registry.RegistryCodec;
import deployctl.state.StateDocument;
import deployctl.state.StateObject;
import deployctl.state.StateStore;
import deployctl.state.StateUnavailable;
import deployctl.state.StateUnavailable.Reason;
import deployctl.support.Failure;
import deployctl.support.json.Json;
import deployctl.support.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Copies of what a reset makes anew, in the registry's folder: {@code backups/<id>} with {@code
 * registry} and {@code queue}.
 */
final class ResetBackups {
  private static final String FOLDER = "backups/";
  private static final String REGISTRY = "/registry/";
  private static final String QUEUE = "/queue/";
  private static final String MONITORS = "monitors/";
  private static final String LAST = Registry.NAME + ".bak";

  private final StateStore registry;
  private final StateStore queue;

  /** Make it: copies of both are kept in the registry's folder. */
  ResetBackups(StateStore registry, StateStore queue) {
    this.registry = registry;
    this.queue = queue;
  }

  /** A copy that was made. */
  record Backup(String id, int registryFiles, int messages) {
    JsonObject toJson() {
      return new JsonObject()
          .put("id", id)
          .put("registry_files", (long) registryFiles)
          .put("messages", (long) messages);
    }
  }

  /**
   * Copy the registry and what monitors know; what was copied before under the id stays as it is.
   *
   * @return how many things there are in the copy
   */
  int registry(String id) {
    List<String> names = new ArrayList<>(List.of(Registry.NAME, LAST));
    names.addAll(registry.list(MONITORS));
    mark(id);
    for (String name : names) {
      copy(registry, name, registry, FOLDER + id + REGISTRY + name);
    }
    registry.tidy(FOLDER + id + REGISTRY);
    registry.tidy(FOLDER + id + REGISTRY + MONITORS);
    return count(FOLDER + id + REGISTRY, MONITORS);
  }

  /** Copy messages and dead letters into the backup; returns how many the backup holds. */
  int queue(String id, List<String> names) {
    mark(id);
    for (String name : names) {
      copy(queue, name, registry, FOLDER + id + QUEUE + name);
    }
    registry.tidy(FOLDER + id + QUEUE);
    return count(FOLDER + id + QUEUE, "");
  }

  /** A backup with nothing in it is one all the same. */
  private void mark(String id) {
    registry.create(
        FOLDER + id + "/backup.json", Json.bytes(new JsonObject().put("backup_id", id)));
  }

  /** Return all copies, the latest first. */
  List<Backup> all() {
    return registry.list(FOLDER).stream()
        .map(name -> name.substring(FOLDER.length()))
        .map(
            id ->
                new Backup(
                    id, count(FOLDER + id + REGISTRY, MONITORS), count(FOLDER + id + QUEUE, "")))
        .sorted(Comparator.comparing(Backup::id).reversed())
        .toList();
  }

  /**
   * See that a copy can be put back: before anything is replaced.
   *
   * @throws Failure that names what in it is damaged, or is no file of its own
   */
  void check(String id) {
    List<String> damaged = new ArrayList<>();
    for (String name : List.of(Registry.NAME, LAST)) {
      check(FOLDER + id + REGISTRY + name, RegistryCodec::decode, damaged);
    }
    for (String name : registry.list(FOLDER + id + QUEUE)) {
      check(name, Json::parseObject, damaged);
    }
    if (!damaged.isEmpty()) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          "The backup " + id + " is damaged, and nothing was restored: " + damaged.get(0),
          "Take another ('deployctl reset --list-backups')");
    }
  }

  /** Reads a document, to see that it can be read. */
  private interface Reader {
    Object read(byte[] content) throws Exception;
  }

  private void check(String name, Reader reader, List<String> damaged) {
    try {
      Optional<StateObject> kept = registry.read(name);
      if (kept.isPresent()
          && reader.read(kept.get().content()) instanceof RegistryCodec.Decoded decoded
          && !decoded.intact()) {
        damaged.add(name + " was changed since it was written (its checksum does not fit)");
      }
    } catch (StateUnavailable e) {
      damaged.add(e.what());
    } catch (Exception e) {
      damaged.add(name + ": " + e.getMessage());
    }
  }

  /** Put the registry of a copy back in place of the one that is there. */
  void restoreRegistry(String id) {
    Optional<StateObject> kept = registry.read(FOLDER + id + REGISTRY + Registry.NAME);
    if (kept.isPresent()) {
      StateDocument document = registry.document(Registry.NAME);
      try (StateDocument.Turn turn = document.beginTurn()) {
        replace(document, kept.get().content(), id);
        registry
            .read(FOLDER + id + REGISTRY + LAST)
            .ifPresent(last -> registry.put(LAST, last.content()));
      }
    }
  }

  private static void replace(StateDocument document, byte[] content, String id) {
    String version;
    try {
      version = document.read().map(StateObject::version).orElse(null);
    } catch (StateUnavailable e) {
      // What cannot be read is what a backup is for.
      document.replaceDamaged(content, id);
      return;
    }
    if (!document.compareAndSet(version, content)) {
      throw new StateUnavailable(
          Reason.LOCKED,
          document.location() + " was changed meanwhile",
          "Restore it again when nobody deploys");
    }
  }

  /** Put the messages of a copy back; those that are there stay. Returns how many came back. */
  int restoreQueue(String id) {
    String folder = FOLDER + id + QUEUE;
    int restored = 0;
    for (String name : registry.list(folder)) {
      restored += copy(registry, name, queue, name.substring(folder.length())) ? 1 : 0;
    }
    return restored;
  }

  /** Count what is in a folder and in one below it; 0 for what is no backup of ours. */
  private int count(String folder, String below) {
    try {
      int deeper = below.isEmpty() ? 0 : registry.list(folder + below).size();
      // Those below lie under one name.
      return registry.list(folder).size() + deeper - (deeper > 0 ? 1 : 0);
    } catch (StateUnavailable e) {
      return 0;
    }
  }

  /** Copy what is there to where nothing is; a copy that was cut short leaves nothing. */
  private static boolean copy(StateStore from, String name, StateStore to, String copied) {
    if (to.exists(copied)) {
      return false;
    }
    Optional<StateObject> kept;
    try {
      // A message that was sent meanwhile needs no copy.
      kept = from.read(name);
    } catch (StateUnavailable e) {
      if (e.reason() == Reason.CORRUPT) {
        // A folder in a file's stead holds nothing to copy; what is made anew puts it aside.
        return false;
      }
      throw e;
    }
    return kept.isPresent() && to.create(copied, kept.get().content());
  }
}
