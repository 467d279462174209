package deployctl.retryqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import deployctl.support.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeliveryPlanTest {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  private final List<QueuedMessage> waiting = new ArrayList<>();

  private void add(String id, String type, String deployment, Instant at) {
    JsonObject fields =
        new JsonObject()
            .put("notification_type", type)
            .put("args", List.of(deployment, "x", "y"))
            .put("sequence", (long) waiting.size())
            .put("occurred_at", at.toString());
    waiting.add(new QueuedMessage(id, fields, at));
  }

  private static List<String> ids(List<QueuedMessage> messages) {
    return messages.stream().map(QueuedMessage::id).toList();
  }

  private DeliveryPlan plan() {
    List<QueuedMessage> mixed = new ArrayList<>(waiting);
    java.util.Collections.reverse(mixed);
    return DeliveryPlan.of(mixed, NOW);
  }

  @Test
  void whatCameFirstGoesFirst() {
    add("a", "start", "1", NOW);
    add("b", "failed", "1", NOW);
    add("c", "start", "2", NOW);
    assertEquals(List.of("a", "b", "c"), ids(plan().send()));
  }

  @Test
  void afterAnOutageTheEndsGoFirst() {
    Instant then = NOW.minus(Duration.ofMinutes(6));
    add("a", "start", "1", then);
    add("b", "failed", "1", then);
    add("c", "start", "2", NOW);
    add("d", "complete", "2", NOW);
    assertEquals(List.of("b", "d", "a", "c"), ids(plan().send()));
  }

  @Test
  void progressIsCoalescedIntoWhatItsOwnDeploymentSaysLater() {
    add("a", "progress", "1", NOW);
    add("b", "progress", "2", NOW);
    add("c", "progress", "1", NOW);
    add("d", "complete", "2", NOW);
    add("e", "progress", "3", NOW);
    add("f", "custom", "3", NOW);
    DeliveryPlan plan = plan();
    assertEquals(List.of("b", "a"), ids(plan.coalesced()));
    assertEquals(List.of("c", "d", "e", "f"), ids(plan.send()));
  }

  @Test
  void progressAfterTheEndIsNotCoalesced() {
    add("a", "complete", "1", NOW);
    add("b", "progress", "1", NOW);
    assertEquals(List.of("a", "b"), ids(plan().send()));
  }

  /** Q14: however many events, what goes out is few, and the end is among it. */
  @Test
  void aStormOfTenThousandIsCoalescedToTwo() {
    add("start", "start", "1", NOW);
    for (int i = 0; i < 10_000; i++) {
      add("p" + i, "progress", "1", NOW);
    }
    add("end", "failed", "1", NOW);
    assertEquals(List.of("start", "end"), ids(plan().send()));
  }
}
