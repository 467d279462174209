package deployctl.registry;

import deployctl.state.StateDocument;
import deployctl.state.StateObject;
import deployctl.state.StateUnavailable;
import deployctl.support.json.JsonException;
import deployctl.support.json.WrongShapeException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The deployments of a team, in one document that all its processes share.
 *
 * <p>Changes are functions from one state to the next, applied to the newest state and written only
 * if no one else wrote meanwhile; so none is lost, and nothing is decided on what was true a moment
 * ago.
 */
public final class Registry {
  private static final int MOST_TRIES = 100;

  /** The name of the document that it is kept in. */
  public static final String NAME = "deployments.json";

  private final StateDocument store;
  private final Consumer<String> warnings;
  private boolean warned;

  /** Make a registry; {@code warnings} hears what is odd but not in the way. */
  public Registry(StateDocument store, Consumer<String> warnings) {
    this.store = store;
    this.warnings = warnings;
  }

  /**
   * Return the registry's content; without entries when there is none yet.
   *
   * @throws StateUnavailable when it is damaged, unreadable or too new
   */
  public RegistryDocument read() {
    return store.read().map(this::decode).orElseGet(RegistryDocument::empty);
  }

  /**
   * Change the registry in one step, making it when it is missing.
   *
   * @param change changes the document it is given and returns what the caller wants to know; may
   *     be called again, so it must do nothing else
   * @return what {@code change} returned when its document was written, or when it changed nothing
   * @throws StateUnavailable when it cannot be read or written; nothing was changed then
   */
  public <T> T update(Function<RegistryDocument, T> change) {
    if (store.read().isEmpty()) {
      RegistryDocument nothing = RegistryDocument.empty();
      T result = change.apply(nothing);
      if (!nothing.changed()) {
        return result;
      }
    }
    try (StateDocument.Turn turn = store.beginTurn()) {
      for (int i = 0; i < MOST_TRIES; i++) {
        Optional<StateObject> current = store.read();
        RegistryDocument document = current.map(this::decode).orElseGet(RegistryDocument::empty);
        int before = document.deployments().size();
        T result = change.apply(document);
        if (!document.changed()
            || store.compareAndSet(version(current), encode(document, before))) {
          return result;
        }
      }
    }
    throw new StateUnavailable(
        StateUnavailable.Reason.LOCKED,
        store.location() + " is changed by something else all the time",
        "Stop the tool that writes it without taking turns");
  }

  private byte[] encode(RegistryDocument document, int entriesBefore) {
    byte[] content = RegistryCodec.encode(document);
    if (content.length > StateDocument.FULL && document.deployments().size() > entriesBefore) {
      throw new StateUnavailable(
          StateUnavailable.Reason.NOT_WRITABLE,
          store.location() + " is full: it has " + entriesBefore + " entries",
          "Remove those of old deployments: deployctl coordinator prune --older-than 90d");
    }
    return content;
  }

  /** Tell whether there is no registry yet. */
  public boolean isMissing() {
    return store.read().isEmpty();
  }

  /** Return where the registry lives, for messages. */
  public String location() {
    return store.location();
  }

  private RegistryDocument decode(StateObject document) {
    try {
      RegistryCodec.Decoded decoded = RegistryCodec.decode(document.content());
      if (!warned) {
        warnOfOddEntries(decoded.document());
      }
      if (!decoded.intact() && !warned) {
        warnings.accept(
            store.location()
                + " was changed by something other than deployctl: its checksum does not fit. It is readable and is used as it is");
      }
      warned = true;
      return decoded.document();
    } catch (JsonException e) {
      throw new StateUnavailable(
          e instanceof WrongShapeException
              ? StateUnavailable.Reason.WRONG_SHAPE
              : StateUnavailable.Reason.CORRUPT,
          store.location() + " is damaged: " + e.getMessage(),
          "Run 'deployctl coordinator repair': it keeps the damaged file and rebuilds the registry",
          e);
    } catch (RegistryCodec.NewerSchema e) {
      throw new StateUnavailable(
          StateUnavailable.Reason.NEWER_SCHEMA,
          store.location() + " was written by a newer deployctl: " + e.getMessage(),
          "Update this deployctl",
          e);
    }
  }

  private void warnOfOddEntries(RegistryDocument document) {
    for (Deployment entry : document.deployments()) {
      if (!entry.understood()) {
        warnings.accept(
            "The entry "
                + entry.correlationId()
                + " in "
                + store.location()
                + " has the unknown status "
                + entry.toJson().get("status")
                + ": it is taken for a deployment whose lease ran out");
      }
    }
  }

  private static @Nullable String version(Optional<StateObject> document) {
    return document.map(StateObject::version).orElse(null);
  }
}
