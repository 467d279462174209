package deployctl.registry;

import deployctl.state.StateDocument;
import deployctl.state.StateObject;
import deployctl.state.StateUnavailable;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
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
   * @param lost ids that the damaged file names and that could not be restored
   */
  public record RepairReport(
      @Nullable String keptAt,
      @Nullable String damage,
      int fromLastGeneration,
      int salvaged,
      List<String> lost) {
    /** Tell whether anything had to be repaired. */
    public boolean repaired() {
      return keptAt != null;
    }
  }

  private static final Pattern ID =
      Pattern.compile("\"correlation_id\"\\s*:\\s*\"([^\"\\\\]{1,128})\"");

  private final StateDocument store;
  private final Registry registry;
  private final Journal journal;
  private final Time time;

  /** Make a repairer of the registry in {@code store}. */
  public RegistryRepair(StateDocument store, Registry registry, Journal journal, Time time) {
    this.store = store;
    this.registry = registry;
    this.journal = journal;
    this.time = time;
  }

  /**
   * Make the registry when it is missing.
   *
   * @return whether it was missing
   * @throws StateUnavailable when it is there and cannot be used, or cannot be made
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
    if (missing) {
      journal.record("coordinator init", store.location(), "created");
    }
    return missing;
  }

  /**
   * Repair the registry if it is damaged; a good or missing one is left as it is.
   *
   * @throws StateUnavailable when a newer version wrote it, or it cannot be written or moved
   */
  public RepairReport repair() {
    try (StateDocument.Turn turn = store.beginTurn()) {
      try {
        registry.read();
        return new RepairReport(null, null, 0, 0, List.of());
      } catch (StateUnavailable e) {
        if (e.reason() == StateUnavailable.Reason.NEWER_SCHEMA) {
          throw e;
        }
        return rebuild(e);
      }
    }
  }

  /**
   * Make the registry anew, without entries but those that are to stay. Fencing numbers go on above
   * those that were given; a damaged file is kept beside it.
   *
   * @param stays names the entries that stay, where the registry can be read
   * @throws StateUnavailable when it cannot be written
   */
  public void startAnew(Predicate<Deployment> stays) {
    try (StateDocument.Turn turn = store.beginTurn()) {
      long floor = time.now().getEpochSecond();
      try {
        registry.update(
            document -> {
              document.removeIf(stays.negate());
              document.startFencingAt(floor);
              return turn;
            });
      } catch (StateUnavailable e) {
        if (e.reason() == StateUnavailable.Reason.NOT_WRITABLE
            || e.reason() == StateUnavailable.Reason.LOCKED) {
          throw e;
        }
        RegistryDocument empty = RegistryDocument.empty();
        empty.startFencingAt(floor);
        store.replaceDamaged(RegistryCodec.encode(empty), Timestamps.compact(time.now()));
      }
    }
    journal.record("reset registry", store.location(), "made anew");
  }

  /** Return where the registry lives, for messages. */
  public String location() {
    return store.location();
  }

  private RepairReport rebuild(StateUnavailable damage) {
    byte[] damaged = damagedContent();
    Map<String, Deployment> entries = new LinkedHashMap<>();
    JsonObject header = lastGeneration(entries);
    int fromLast = entries.size();
    List<Deployment> salvaged =
        Json.salvage(damaged, object -> entry(object) != null).stream()
            .map(RegistryRepair::entry)
            .filter(Objects::nonNull)
            .toList();
    salvaged.forEach(entry -> entries.put(entry.correlationId(), entry));
    keepFields(damaged, header);
    RegistryDocument rebuilt =
        new RegistryDocument(
            header,
            List.copyOf(entries.values()),
            Json.salvage(damaged, RegistryCodec::isUnusable));
    // The newest acquisition may be among what is lost. Seconds since 1970 are beyond any count of
    // acquisitions.
    rebuilt.startFencingAt(time.now().getEpochSecond());
    String keptAt =
        store.replaceDamaged(RegistryCodec.encode(rebuilt), Timestamps.compact(time.now()));
    journal.record("coordinator repair", store.location(), "rebuilt, the damaged one is " + keptAt);
    return new RepairReport(
        keptAt, damage.what(), fromLast, salvaged.size(), idsMissing(damaged, entries.keySet()));
  }

  private byte[] damagedContent() {
    try {
      return store.read().map(StateObject::content).orElse(new byte[0]);
    } catch (StateUnavailable e) {
      return new byte[0];
    }
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

  /** Keep what else the damaged file holds, when it is JSON and only of another shape. */
  private static void keepFields(byte[] damaged, JsonObject header) {
    try {
      JsonObject root = Json.parseObject(damaged);
      for (String name : root.names()) {
        boolean usable = !name.equals(RegistryDocument.FENCING) || root.object(name) != null;
        if (usable && !name.equals("deployments") && !name.equals("checksum")) {
          header.put(name, root.get(name));
        }
      }
    } catch (JsonException e) {
      // Not JSON as a whole: the last generation's fields stand.
      return;
    }
  }

  private static List<String> idsMissing(byte[] damaged, Set<String> restored) {
    return ID.matcher(new String(damaged, StandardCharsets.UTF_8))
        .results()
        .map(match -> match.group(1))
        .filter(id -> !restored.contains(id))
        .distinct()
        .toList();
  }

  private static @Nullable Deployment entry(JsonObject object) {
    try {
      return Deployment.of(object);
    } catch (JsonException e) {
      return null;
    }
  }
}
