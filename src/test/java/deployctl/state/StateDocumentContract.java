package deployctl.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What {@link StateDocument} promises, checked on each implementation. */
public abstract class StateDocumentContract {
  protected abstract StateDocument document();

  /** Return a document that says something, as the write that follows what is there. */
  protected static byte[] next(StateDocument store, String says) {
    WriteStamp last =
        store.read().map(object -> WriteStamp.of(parsed(object.content()))).orElse(WriteStamp.NONE);
    return Json.bytes(
        new JsonObject().put(WriteStamp.FIELD, last.next().toJson()).put("says", says));
  }

  private static JsonObject parsed(byte[] content) {
    try {
      return Json.parseObject(content);
    } catch (JsonException e) {
      throw new AssertionError(e);
    }
  }

  private static String says(byte[] content) {
    return parsed(content).string("says");
  }

  private static String text(StateDocument store) {
    return says(store.read().orElseThrow().content());
  }

  private static boolean write(StateDocument store, String expected, String says) {
    return store.compareAndSet(expected, next(store, says));
  }

  @Test
  void isEmptyBeforeTheFirstWrite() {
    assertTrue(document().read().isEmpty());
    assertTrue(document().lastGeneration().isEmpty());
  }

  @Test
  void givesBackWhatWasWritten() {
    StateDocument store = document();
    assertTrue(write(store, null, "one"));
    assertEquals("one", text(store));
  }

  @Test
  void writesOnlyOverTheVersionThatWasRead() {
    StateDocument store = document();
    assertTrue(write(store, null, "one"));
    String first = store.read().orElseThrow().version();
    assertTrue(write(store, first, "two"));
    assertFalse(write(store, first, "late"));
    assertFalse(write(store, null, "from nothing"));
    assertFalse(write(store, "never seen", "wild"));
    assertEquals("two", text(store));
  }

  @Test
  void givesEveryWriteAVersionOfItsOwnEvenForTheSameContent() {
    StateDocument store = document();
    assertTrue(write(store, null, "same"));
    String first = store.read().orElseThrow().version();
    assertTrue(write(store, first, "same"));
    assertFalse(write(store, first, "other"));
  }

  @Test
  void keepsTheGenerationBefore() {
    StateDocument store = document();
    assertTrue(write(store, null, "one"));
    assertTrue(write(store, store.read().orElseThrow().version(), "two"));
    assertEquals("one", says(store.lastGeneration().orElseThrow()));
  }

  @Test
  void replacesADamagedDocumentAndKeepsTheLastGoodGeneration() {
    StateDocument store = document();
    assertTrue(write(store, null, "good"));
    assertTrue(write(store, store.read().orElseThrow().version(), "damaged"));
    assertFalse(store.replaceDamaged(next(store, "rebuilt"), "mark").isEmpty());
    assertEquals("rebuilt", text(store));
    assertEquals("good", says(store.lastGeneration().orElseThrow()));
  }

  @Test
  void lets1OfManyWritersThatStartFromOneVersionSucceed() throws Exception {
    StateDocument store = document();
    assertTrue(write(store, null, "0"));
    ExecutorService threads = Executors.newFixedThreadPool(8);
    for (int round = 1; round <= 20; round++) {
      String version = store.read().orElseThrow().version();
      List<Callable<Boolean>> writers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        byte[] content = next(store, round + "-" + i);
        writers.add(() -> store.compareAndSet(version, content));
      }
      int successes = 0;
      for (Future<Boolean> writer : threads.invokeAll(writers)) {
        successes += writer.get() ? 1 : 0;
      }
      assertEquals(1, successes, "round " + round);
    }
    threads.shutdown();
  }

  @Test
  void aTurnDoesNotKeepItsOwnerFromWriting() {
    StateDocument store = document();
    try (StateDocument.Turn turn = store.beginTurn()) {
      assertTrue(write(store, null, "one"));
    }
    assertEquals("one", text(store));
  }
}
