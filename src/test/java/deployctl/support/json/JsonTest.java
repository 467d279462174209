package deployctl.support.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void keepsOrderNumbersAndUnknownValuesThroughARoundTrip() throws JsonException {
    String text =
        "{\"z\":1,\"a\":[true,null,{\"x\":\"é\\n\"}],\"big\":123456789012345678901234567890,\"exact\":0.10000000000000000001}";
    assertEquals(text, Json.write(Json.parseObject(text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{\"a\":1",
        "{\"a\":1}{",
        "{\"a\":1,\"a\":2}",
        "{a:1}",
        "{\"a\":01}",
        "null",
        "{\"a\":NaN}"
      })
  void refusesWhatIsNotOneObject(String text) {
    assertThrows(JsonException.class, () -> Json.parseObject(text));
  }

  @Test
  void refusesBytesThatAreNoUtf8() {
    byte[] bytes = "{\"a\":\"x\"}".getBytes(StandardCharsets.UTF_8);
    bytes[6] = (byte) 0xff;
    assertThrows(JsonException.class, () -> Json.parseObject(bytes));
  }

  @Test
  void salvagesTheWholeObjectsOfADamagedText() {
    byte[] damaged =
        "{\"list\":[{\"id\":\"a\",\"in\":{\"id\":\"no\"}},{\"id\":\"b\"},{\"id\":\"c\",\"x\":"
            .getBytes(StandardCharsets.UTF_8);
    List<JsonObject> found = Json.salvage(damaged, object -> object.string("id") != null);
    assertEquals(List.of("a", "b"), found.stream().map(object -> object.string("id")).toList());
  }

  /** Found by random inputs: such a name was written so that nobody could read the file again. */
  @ParameterizedTest
  @ValueSource(strings = {"a\ude00b", "a\ud83d", "x\ud83dy"})
  void halfACharacterIsWrittenAsSomethingThatCanBeRead(String half) throws Exception {
    String whole = half.replaceAll("[\ud800-\udfff]", "?");
    assertEquals(
        new JsonObject().put(whole, whole),
        Json.parseObject(Json.bytes(new JsonObject().put(half, half))));
  }
}
