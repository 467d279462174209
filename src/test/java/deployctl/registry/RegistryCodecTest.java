package deployctl.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryCodecTest {
  private static Deployment entry(String id) throws JsonException {
    return Deployment.of(
        new JsonObject()
            .put("correlation_id", id)
            .put("environment", "production")
            .put("stack_name", "Stack")
            .put("status", "IN_PROGRESS")
            .put("started_at", "2026-01-31T12:00:00Z")
            .put("note", "ünïcode"));
  }

  private static byte[] written() throws JsonException {
    RegistryDocument document = RegistryDocument.empty();
    document.put(entry("a"));
    document.put(entry("b"));
    document.nextFencingToken("production");
    return RegistryCodec.encode(document);
  }

  private static RegistryCodec.Decoded decode(String text) throws Exception {
    return RegistryCodec.decode(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsWhatItWrote() throws Exception {
    RegistryCodec.Decoded decoded = RegistryCodec.decode(written());
    assertTrue(decoded.intact());
    assertEquals(
        List.of("a", "b"),
        decoded.document().deployments().stream().map(Deployment::correlationId).toList());
    assertEquals(2, decoded.document().nextFencingToken("production"));
  }

  @Test
  void writesOneEntryALine() throws Exception {
    List<String> lines = new String(written(), StandardCharsets.UTF_8).lines().toList();
    assertTrue(lines.get(1).startsWith("{\"correlation_id\":\"a\""), lines.get(1));
    assertTrue(lines.get(2).startsWith("{\"correlation_id\":\"b\""), lines.get(2));
  }

  /** R7: no shortened file passes for a whole one. */
  @Test
  void refusesTheFileCutAtAnyLength() throws Exception {
    byte[] whole = written();
    for (int length = 0; length < whole.length - 1; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(JsonException.class, () -> RegistryCodec.decode(cut), "cut at " + length);
    }
  }

  /** R7: no flipped bit passes unseen: the file is refused, or known not to be intact. */
  @Test
  void noticesAnyFlippedBit() throws Exception {
    byte[] whole = written();
    int refused = 0;
    int noticed = 0;
    for (int at = 0; at < whole.length - 1; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = whole.clone();
        flipped[at] ^= (byte) (1 << bit);
        try {
          assertFalse(RegistryCodec.decode(flipped).intact(), "byte " + at + ", bit " + bit);
          noticed++;
        } catch (JsonException | RegistryCodec.NewerSchema e) {
          refused++;
        }
      }
    }
    assertTrue(refused > 0 && noticed > 0, "both ways of noticing occur");
    System.out.println(
        "R7: " + refused + " flips refused, " + noticed + " noticed by the checksum, 0 unseen");
  }

  @Test
  void takesAFileOfTheOldScriptsAsItIs() throws Exception {
    RegistryCodec.Decoded decoded =
        decode(
            """
            {
              "deployments": [
                {"correlation_id": "20250101-010101-abc", "workflow_run_id": "1", "environment": "production",
                 "stack_name": "CourtCaseManagementStack", "status": "IN_PROGRESS",
                 "started_at": "2025-01-01T01:01:01Z", "updated_at": "2025-01-01T01:01:01Z"}
              ]
            }
            """);
    assertTrue(decoded.intact());
    Deployment entry = decoded.document().deployments().get(0);
    assertEquals("2025-01-01T03:01:01Z", entry.leaseExpiresAt().toString());
    assertEquals(0, entry.fencingToken());
  }

  /** R16. */
  @Test
  void keepsFieldsThatItDoesNotKnow() throws Exception {
    RegistryDocument document =
        decode(
                "{\"owner\":{\"team\":\"x\"},\"deployments\":[{\"correlation_id\":\"a\",\"environment\":\"e\","
                    + "\"status\":\"SUCCEEDED\",\"cost\":1.50,\"tags\":[1,{\"k\":null}]}]}")
            .document();
    document.put(entry("b"));
    String text = new String(RegistryCodec.encode(document), StandardCharsets.UTF_8);
    assertTrue(text.contains("\"owner\":{\"team\":\"x\"}"), text);
    assertTrue(text.contains("\"cost\":1.50,\"tags\":[1,{\"k\":null}]"), text);
  }

  /** R16. */
  @Test
  void refusesANewerSchema() {
    assertThrows(
        RegistryCodec.NewerSchema.class,
        () -> decode("{\"schema_version\":2,\"deployments\":[],\"x\":1}"));
  }

  @Test
  void seesThatAHandChangedTheFile() throws Exception {
    String edited = new String(written(), StandardCharsets.UTF_8).replace("Stack", "Other");
    assertFalse(decode(edited).intact());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"deployments\":{}}",
        "{\"deployments\":[1]}",
        "{\"deployments\":[{}]}",
        "{\"deployments\":[{\"correlation_id\":\"a/b\",\"environment\":\"e\",\"status\":\"IN_PROGRESS\"}]}",
        "{\"deployments\":[{\"correlation_id\":\"a\",\"status\":\"IN_PROGRESS\"}]}"
      })
  void refusesAnotherShape(String text) {
    assertThrows(JsonException.class, () -> decode(text));
  }
}
