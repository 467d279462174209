package deployctl.registry;

import deployctl.state.StateStore;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.util.List;
import java.util.Optional;

/**
 * What the last look found of a stack that is not there any more, kept beside the registry so that
 * who asks whether to deploy hears of it without asking AWS for everything again.
 */
public final class KnownLeftOvers {
  private static final String FOLDER = "left-overs/";

  private final StateStore store;
  private final Time time;

  /** Make it. */
  public KnownLeftOvers(StateStore store, Time time) {
    this.store = store;
    this.time = time;
  }

  /**
   * Keep what was found; an empty list says that nothing is left.
   *
   * @throws deployctl.state.StateUnavailable when it cannot be kept
   */
  public void keep(String stack, List<String> found) {
    if (found.isEmpty()) {
      store.remove(name(stack));
      return;
    }
    store.put(
        name(stack),
        Json.bytes(
            new JsonObject()
                .put("stack_name", stack)
                .put("seen_at", Timestamps.format(time.now()))
                .put("left_overs", found)));
  }

  /**
   * Return what was left at the last look; empty when nothing was, or nobody has looked.
   *
   * @throws deployctl.state.StateUnavailable when it cannot be read
   */
  public List<String> of(String stack) {
    try {
      Optional<byte[]> content = store.read(name(stack)).map(found -> found.content());
      List<?> all = content.isEmpty() ? null : Json.parseObject(content.get()).list("left_overs");
      return all == null ? List.of() : all.stream().map(String::valueOf).toList();
    } catch (JsonException e) {
      return List.of();
    }
  }

  private static String name(String stack) {
    return FOLDER + stack + ".json";
  }
}
