package deployctl.registry;

import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds a damaged registry from what is left: the last good generation, overlaid with every
 * whole entry of the damaged file, which is newer. The damaged file is kept.
 */
public final class RegistryRepair {
  /**
   * What a repair did.
   *
   * @param keptAt where the damaged file is now, or null when nothing was damaged
   * @param damage what was wrong, or null
   * @param fromLastGeneration entries that came from the generation before
   * @param salvaged entries that came from the damaged file
   */
  public record Report(
      @Nullable String keptAt, @Nullable String damage, int fromLastGeneration, int salvaged) {
    /** Tell whether anything had to be repaired. */
    public boolean repaired() {
      return keptAt != null;
    }
  }

  private final DocumentStore store;
  private final Registry registry;
  private final Time time;

  /** Make a repairer of the registry in {@code store}. */
  public RegistryRepair(DocumentStore store, Registry registry, Time time) {
    this.store = store;
    this.registry = registry;
    this.time = time;
  }

  /**
   * Make the registry when it is missing.
   *
   * @return whether it was missing
   * @throws RegistryUnavailable when it is there and cannot be used, or cannot be made
   */
  public boolean create() {
    boolean missing = store.read().isEmpty();
    registry.update(
        document -> {
          if (missing && document.deployments().isEmpty()) {
            document.touch();
          }
          return document;
        });
    return missing;
  }

  /**
   * Repair the registry if it is damaged; a good or missing one is left as it is.
   *
   * @throws RegistryUnavailable when a newer version wrote it, or it cannot be written or moved
   */
  public Report repair() {
    try (DocumentStore.Turn turn = store.beginTurn()) {
      try {
        registry.read();
        return new Report(null, null, 0, 0);
      } catch (RegistryUnavailable e) {
        if (e.reason() == RegistryUnavailable.Reason.NEWER_SCHEMA) {
          throw e;
        }
        return rebuild(e);
      }
    }
  }

  /** Return where the registry lives, for messages. */
  public String location() {
    return store.location();
  }

  private Report rebuild(RegistryUnavailable damage) {
    Map<String, Deployment> entries = new LinkedHashMap<>();
    JsonObject header = lastGeneration(entries);
    int fromLast = entries.size();
    List<Deployment> salvaged = salvage();
    salvaged.forEach(entry -> entries.put(entry.correlationId(), entry));
    Optional<byte[]> before = store.lastGeneration();
    String keptAt = store.setAside(Timestamps.compact(time.now()));
    RegistryDocument rebuilt = new RegistryDocument(header, List.copyOf(entries.values()));
    if (before.isEmpty()) {
      // Nothing tells how far the fencing numbers had come. Seconds since 1970 are beyond any count
      // of acquisitions.
      rebuilt.startFencingAt(time.now().getEpochSecond());
    }
    if (!store.compareAndSet(null, RegistryCodec.encode(rebuilt))) {
      throw new RegistryUnavailable(
          RegistryUnavailable.Reason.LOCKED,
          store.location() + " was made anew by something else during the repair",
          "Run 'deployctl coordinator repair' again");
    }
    return new Report(keptAt, damage.what(), fromLast, salvaged.size());
  }

  private JsonObject lastGeneration(Map<String, Deployment> entries) {
    Optional<byte[]> content = store.lastGeneration();
    if (content.isEmpty()) {
      return new JsonObject();
    }
    try {
      RegistryDocument document = RegistryCodec.decode(content.get()).document();
      document.deployments().forEach(entry -> entries.put(entry.correlationId(), entry));
      return document.header();
    } catch (JsonException | RegistryCodec.NewerSchema e) {
      return new JsonObject();
    }
  }

  private List<Deployment> salvage() {
    try {
      Optional<DocumentStore.Document> damaged = store.read();
      return damaged.isEmpty()
          ? List.of()
          : Json.salvage(damaged.get().content(), object -> entry(object) != null).stream()
              .map(RegistryRepair::entry)
              .filter(java.util.Objects::nonNull)
              .toList();
    } catch (RegistryUnavailable e) {
      return List.of();
    }
  }

  private static @Nullable Deployment entry(JsonObject object) {
    try {
      return Deployment.of(object);
    } catch (JsonException e) {
      return null;
    }
  }
}
