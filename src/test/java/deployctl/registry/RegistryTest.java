package deployctl.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.state.MemoryDocument;
import deployctl.state.StateObject;
import deployctl.state.StateUnavailable;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import deployctl.testing.FakeTime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RegistryTest {
  private final MemoryDocument store = new MemoryDocument();
  private final List<String> warnings = new ArrayList<>();
  private final Registry registry = new Registry(store, warnings::add);

  private static Deployment entry(String id, String status) {
    try {
      return Deployment.of(
          new JsonObject().put("correlation_id", id).put("environment", "e").put("status", status));
    } catch (JsonException e) {
      throw new AssertionError(e);
    }
  }

  private void put(String id) {
    registry.update(
        document -> {
          document.put(entry(id, "IN_PROGRESS"));
          return id;
        });
  }

  private void writeRaw(String text) {
    String version = store.read().map(StateObject::version).orElse(null);
    assertTrue(store.compareAndSet(version, text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void isEmptyBeforeItIsMade() {
    assertEquals(List.of(), registry.read().deployments());
    assertEquals(0, store.writes());
  }

  @Test
  void writesOncePerChangeAndNotWhenNothingChanges() {
    put("a");
    assertEquals(1, store.writes());
    registry.update(document -> document.deployments().size());
    assertEquals(1, store.writes());
  }

  @Test
  void decidesAnewWhenAnotherWroteMeanwhile() {
    AtomicInteger calls = new AtomicInteger();
    registry.update(
        document -> {
          if (calls.incrementAndGet() == 1) {
            new Registry(store, warnings::add)
                .update(
                    other -> {
                      other.put(entry("other", "IN_PROGRESS"));
                      return "";
                    });
          }
          document.put(entry("mine", "IN_PROGRESS"));
          return document.deployments().size();
        });
    assertEquals(2, calls.get());
    assertEquals(2, registry.read().deployments().size());
  }

  @Test
  void fencingNumbersGrowEvenWhenEntriesAreRemoved() {
    long first = registry.update(document -> document.nextFencingToken("e"));
    put("a");
    registry.update(document -> document.removeIf(entry -> true));
    long second = registry.update(document -> document.nextFencingToken("e"));
    assertTrue(second > first);
    long others = registry.update(document -> document.nextFencingToken("other"));
    assertEquals(1, others);
  }

  @Test
  void damageIsNeverOverwritten() {
    writeRaw("{\"deployments\":[{\"corre");
    StateUnavailable e = assertThrows(StateUnavailable.class, () -> put("a"));
    assertEquals(StateUnavailable.Reason.CORRUPT, e.reason());
    assertEquals(1, store.writes());
  }

  @Test
  void warnsOnceOfAChangeByHand() {
    put("a");
    String text = new String(store.read().orElseThrow().content(), StandardCharsets.UTF_8);
    writeRaw(text.replace("\"e\"", "\"f\""));
    registry.read();
    registry.read();
    assertEquals(1, warnings.size(), warnings.toString());
    put("b");
    assertEquals("f", registry.read().deployments().get(0).environment());
  }

  @Test
  void repairRestoresTheLastGenerationOverlaidWithWhatCanBeReadOfTheDamagedFile() {
    put("a");
    put("b");
    String damaged =
        "{\"deployments\":[\n"
            + entry("b", "SUCCEEDED").toJson()
            + ",\n"
            + entry("c", "IN_PROGRESS").toJson()
            + ",\n{\"correlation_id\":\"d\",\"envir";
    writeRaw(damaged);
    // What was last good is the generation before the damage.
    RegistryRepair repair =
        new RegistryRepair(
            store, registry, (command, what, result) -> {}, new FakeTime("2026-01-31T12:00:00Z"));
    RegistryRepair.RepairReport report = repair.repair();
    assertTrue(report.repaired());
    assertEquals(2, report.salvaged());
    assertEquals(2, report.fromLastGeneration());
    assertEquals(List.of("d"), report.lost());
    assertEquals("memory.corrupt-20260131-120000", report.keptAt());
    assertEquals(DeploymentStatus.SUCCEEDED, registry.read().find("b").status());
    assertEquals(
        List.of("a", "b", "c"),
        registry.read().deployments().stream().map(Deployment::correlationId).toList());
  }

  @Test
  void repairWithoutALastGenerationStartsFencingBeyondAnyNumberGivenBefore() {
    writeRaw("garbage");
    RegistryRepair repair =
        new RegistryRepair(
            store, registry, (command, what, result) -> {}, new FakeTime("2026-01-31T12:00:00Z"));
    assertEquals(0, repair.repair().fromLastGeneration());
    long token = registry.update(document -> document.nextFencingToken("e"));
    assertTrue(token > 1_700_000_000L, "token " + token);
    long next = registry.update(document -> document.nextFencingToken("e"));
    assertEquals(token + 1, next);
  }

  @Test
  void repairKeepsTheFieldsThatStandBesideEntriesItCannotUse() {
    writeRaw(
        "{\"owner\":\"courts\",\"deployments\":[{\"no\":\"id\"},"
            + entry("a", "IN_PROGRESS").toJson()
            + "]}");
    RegistryRepair repair =
        new RegistryRepair(
            store, registry, (command, what, result) -> {}, new FakeTime("2026-01-31T12:00:00Z"));
    assertEquals(1, repair.repair().salvaged());
    String text = new String(store.read().orElseThrow().content(), StandardCharsets.UTF_8);
    assertTrue(text.contains("\"owner\":\"courts\""), text);
  }

  @Test
  void anEntryWithAnUnknownStatusIsWarnedOfAndTakenForALeaseThatRanOut() {
    writeRaw(
        "{\"deployments\":[{\"correlation_id\":\"odd\",\"environment\":\"e\",\"status\":\"running\"}]}");
    Deployment odd = registry.read().active().findFirst().orElseThrow();
    assertTrue(odd.leaseExpired(java.time.Instant.EPOCH));
    assertEquals(1, warnings.size(), warnings.toString());
    assertTrue(
        warnings.get(0).contains("odd") && warnings.get(0).contains("running"), warnings.get(0));
  }

  @Test
  void ofSeveralEntriesWithOneIdTheOneThatIsNotOverCounts() {
    writeRaw(
        "{\"deployments\":["
            + entry("a", "FAILED").toJson()
            + ","
            + entry("a", "IN_PROGRESS").toJson()
            + "]}");
    assertEquals(DeploymentStatus.IN_PROGRESS, registry.read().find("a").status());
  }

  @Test
  void readsTimesAsTheyAreFoundInTheWild() throws JsonException {
    JsonObject fields =
        new JsonObject()
            .put("correlation_id", "a")
            .put("environment", "e")
            .put("status", "IN_PROGRESS");
    assertEquals(
        "2026-01-31T12:00:00Z",
        Deployment.of(fields.copy().put("started_at", "2026-01-31T12:00:00+0000"))
            .startedAt()
            .toString());
    assertEquals(
        "2026-01-31T12:00:00Z",
        Deployment.of(fields.copy().put("started_at", 1769860800L)).startedAt().toString());
    Deployment unproven =
        Deployment.of(fields.copy().put("lease_expires_at", "soon").put("updated_at", ""));
    assertTrue(
        unproven.leaseExpired(java.time.Instant.EPOCH), "what cannot be read proves no lease");
  }

  @Test
  void aTimeBeyondReasonIsNone() throws JsonException {
    JsonObject fields =
        new JsonObject()
            .put("correlation_id", "a")
            .put("environment", "e")
            .put("status", "IN_PROGRESS");
    Deployment millis = Deployment.of(fields.copy().put("started_at", 1769860800123L));
    assertEquals("2026-01-31T12:00:00Z", millis.startedAt().toString());
    assertEquals(
        null, Deployment.of(fields.copy().put("started_at", 99999999999999999L)).startedAt());
    assertEquals(null, Deployment.of(fields.copy().put("started_at", -5L)).startedAt());
  }

  @Test
  void anEntryThatIsOverAndOfNoUseIsKeptAsItIs() {
    writeRaw(
        "{\"deployments\":[{\"correlation_id\":4711,\"environment\":\"e\",\"status\":\"FAILED\"},"
            + entry("a", "IN_PROGRESS").toJson()
            + "]}");
    put("b");
    String text = new String(store.read().orElseThrow().content(), StandardCharsets.UTF_8);
    assertTrue(text.contains("\"correlation_id\":4711"), text);
    assertEquals(2, registry.read().deployments().size());
  }

  @Test
  void aStacksNameAndItsArnAreOneStack() {
    Deployment entry = entry("a", "IN_PROGRESS").with("stack_name", "Stack");
    assertTrue(
        entry.concerns("other", "arn:aws:cloudformation:us-east-1:123456789012:stack/Stack/uuid"));
    assertTrue(
        !entry.concerns(
            "other", "arn:aws:cloudformation:us-east-1:123456789012:stack/Stack2/uuid"));
  }

  @Test
  void aChangeThatChangesNothingMakesNoRegistry() {
    registry.update(document -> document.removeIf(entry -> true));
    assertEquals(0, store.writes());
  }

  @Test
  void repairLeavesAGoodRegistryAndANewerOneAlone() {
    put("a");
    RegistryRepair repair =
        new RegistryRepair(
            store, registry, (command, what, result) -> {}, new FakeTime("2026-01-31T12:00:00Z"));
    assertTrue(!repair.repair().repaired());
    assertEquals(1, store.writes());
    writeRaw("{\"schema_version\":9,\"deployments\":[]}");
    assertThrows(StateUnavailable.class, repair::repair);
    assertEquals(2, store.writes());
  }
}
