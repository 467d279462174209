package deployctl.reset;

import deployctl.registry.Registry;
import deployctl.state.StateDocument;
import deployctl.state.StateObject;
import deployctl.state.StateStore;
import deployctl.state.StateUnavailable;
import deployctl.state.StateUnavailable.Reason;
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
    for (String name : names) {
      copy(registry, name, registry, FOLDER + id + REGISTRY + name);
    }
    return registryCount(id);
  }

  /** Copy messages and dead letters into the backup; returns how many the backup holds. */
  int queue(String id, List<String> names) {
    for (String name : names) {
      copy(queue, name, registry, FOLDER + id + QUEUE + name);
    }
    return registry.list(FOLDER + id + QUEUE).size();
  }

  /** Return all copies, the latest first. */
  List<Backup> all() {
    return registry.list(FOLDER).stream()
        .map(name -> name.substring(FOLDER.length()))
        .map(id -> new Backup(id, registryCount(id), registry.list(FOLDER + id + QUEUE).size()))
        .sorted(Comparator.comparing(Backup::id).reversed())
        .toList();
  }

  /** Put the registry of a copy back in place of the one that is there. */
  void restoreRegistry(String id) {
    Optional<StateObject> kept = registry.read(FOLDER + id + REGISTRY + Registry.NAME);
    if (kept.isPresent()) {
      StateDocument document = registry.document(Registry.NAME);
      try (StateDocument.Turn turn = document.beginTurn()) {
        String version = document.read().map(StateObject::version).orElse(null);
        if (!document.compareAndSet(version, kept.get().content())) {
          throw new StateUnavailable(
              Reason.LOCKED,
              document.location() + " was changed meanwhile",
              "Restore it again when nobody deploys");
        }
      }
    }
    registry
        .read(FOLDER + id + REGISTRY + LAST)
        .ifPresent(last -> registry.put(LAST, last.content()));
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

  private int registryCount(String id) {
    String folder = FOLDER + id + REGISTRY;
    int monitors = registry.list(folder + MONITORS).size();
    // Those of the monitors lie under one name.
    return registry.list(folder).size() + monitors - (monitors > 0 ? 1 : 0);
  }

  /** Copy what is there to where nothing is; a copy that was cut short leaves nothing. */
  private static boolean copy(StateStore from, String name, StateStore to, String copied) {
    if (to.exists(copied)) {
      return false;
    }
    // A message that was sent meanwhile needs no copy.
    Optional<StateObject> kept = from.read(name);
    return kept.isPresent() && to.create(copied, kept.get().content());
  }
}
