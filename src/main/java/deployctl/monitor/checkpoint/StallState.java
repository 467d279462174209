package deployctl.monitor.checkpoint;

import deployctl.support.json.JsonObject;
import java.time.Duration;

/**
 * What a later monitor must know of a stall.
 *
 * @param stalled whether the stack is in one
 * @param stalls how many there were
 * @param told how many times that was told
 * @param next how long a silence is told next
 */
public record StallState(boolean stalled, int stalls, int told, Duration next) {
  JsonObject toJson() {
    return new JsonObject()
        .put("stalled", stalled)
        .put("stalls", stalls)
        .put("told", told)
        .put("next_seconds", next.toSeconds());
  }

  /** Read what {@link #toJson} wrote. */
  static StallState fromJson(JsonObject json, Duration threshold) {
    return new StallState(
        Boolean.TRUE.equals(json.get("stalled")),
        (int) json.integer("stalls", 0),
        (int) json.integer("told", 0),
        Duration.ofSeconds(json.integer("next_seconds", threshold.toSeconds())));
  }
}
