package deployctl.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
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

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(StateDocument store) {
    return new String(store.read().orElseThrow().content(), StandardCharsets.UTF_8);
  }

  @Test
  void isEmptyBeforeTheFirstWrite() {
    assertTrue(document().read().isEmpty());
    assertTrue(document().lastGeneration().isEmpty());
  }

  @Test
  void givesBackWhatWasWritten() {
    StateDocument store = document();
    assertTrue(store.compareAndSet(null, bytes("one")));
    assertEquals("one", text(store));
  }

  @Test
  void writesOnlyOverTheVersionThatWasRead() {
    StateDocument store = document();
    assertTrue(store.compareAndSet(null, bytes("one")));
    String first = store.read().orElseThrow().version();
    assertTrue(store.compareAndSet(first, bytes("two")));
    assertFalse(store.compareAndSet(first, bytes("late")));
    assertFalse(store.compareAndSet(null, bytes("from nothing")));
    assertFalse(store.compareAndSet("never seen", bytes("wild")));
    assertEquals("two", text(store));
  }

  @Test
  void givesEveryWriteAVersionOfItsOwnEvenForTheSameContent() {
    StateDocument store = document();
    assertTrue(store.compareAndSet(null, bytes("same")));
    String first = store.read().orElseThrow().version();
    assertTrue(store.compareAndSet(first, bytes("same")));
    assertFalse(store.compareAndSet(first, bytes("other")));
  }

  @Test
  void keepsTheGenerationBefore() {
    StateDocument store = document();
    assertTrue(store.compareAndSet(null, bytes("one")));
    assertTrue(store.compareAndSet(store.read().orElseThrow().version(), bytes("two")));
    assertArrayEquals(bytes("one"), store.lastGeneration().orElseThrow());
  }

  @Test
  void replacesADamagedDocumentAndKeepsTheLastGoodGeneration() {
    StateDocument store = document();
    assertTrue(store.compareAndSet(null, bytes("good")));
    assertTrue(store.compareAndSet(store.read().orElseThrow().version(), bytes("damaged")));
    assertFalse(store.replaceDamaged(bytes("rebuilt"), "mark").isEmpty());
    assertEquals("rebuilt", text(store));
    assertArrayEquals(bytes("good"), store.lastGeneration().orElseThrow());
  }

  @Test
  void lets1OfManyWritersThatStartFromOneVersionSucceed() throws Exception {
    StateDocument store = document();
    assertTrue(store.compareAndSet(null, bytes("0")));
    ExecutorService threads = Executors.newFixedThreadPool(8);
    for (int round = 1; round <= 20; round++) {
      String version = store.read().orElseThrow().version();
      List<Callable<Boolean>> writers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        byte[] content = bytes(round + "-" + i);
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
      assertTrue(store.compareAndSet(null, bytes("one")));
    }
    assertEquals("one", text(store));
  }
}
