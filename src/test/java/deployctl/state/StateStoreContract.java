package deployctl.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What {@link StateStore} promises, checked on each implementation. */
public abstract class StateStoreContract extends StateDocumentContract {
  /** Return the store of this test: always the same one. */
  protected abstract StateStore store();

  @Override
  protected StateDocument document() {
    return store().document("document.json");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String text(String name) {
    return new String(store().read(name).orElseThrow().content(), StandardCharsets.UTF_8);
  }

  private Set<String> listed(String prefix) {
    return new TreeSet<>(store().list(prefix));
  }

  @Test
  void aPlaceThatIsNotThereIsEmpty() {
    assertFalse(store().exists());
    assertFalse(store().exists("a.json"));
    assertTrue(store().read("a.json").isEmpty());
    assertEquals(List.of(), store().list(""));
    assertEquals(List.of(), store().list("deeper/"));
    assertEquals(List.of(), store().log("log.jsonl").tail(10));
    assertFalse(store().remove("a.json"));
    assertFalse(store().move("a.json", "b.json"));
  }

  @Test
  void whatIsCreatedIsThereAndStaysAsItIs() {
    assertTrue(store().create("deep/er/a.json", bytes("one")));
    assertFalse(store().create("deep/er/a.json", bytes("two")));
    assertEquals("one", text("deep/er/a.json"));
    assertTrue(store().exists("deep/er/a.json"));
    assertTrue(store().exists());
  }

  @Test
  void oneOfManyWhoCreateANameSucceeds() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    for (int round = 0; round < 20; round++) {
      String name = "created-" + round + ".json";
      List<Callable<Boolean>> writers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        byte[] content = bytes(round + "-" + i);
        writers.add(() -> store().create(name, content));
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
  void whatIsPutReplacesWhatWasThereAndHasAnotherVersion() {
    store().put("a.json", bytes("one"));
    String first = store().read("a.json").orElseThrow().version();
    store().put("a.json", bytes("two"));
    assertFalse(first.equals(store().read("a.json").orElseThrow().version()));
    assertEquals("two", text("a.json"));
  }

  @Test
  void whatIsRemovedIsGoneOnce() {
    store().put("a.json", bytes("one"));
    assertTrue(store().remove("a.json"));
    assertFalse(store().remove("a.json"));
    assertFalse(store().exists("a.json"));
    assertTrue(store().create("a.json", bytes("two")));
  }

  @Test
  void whatIsMovedIsThereUnderTheOtherNameOnly() {
    store().put("a.json", bytes("one"));
    assertTrue(store().move("a.json", ".aside/x/a.json"));
    assertFalse(store().exists("a.json"));
    assertEquals("one", text(".aside/x/a.json"));
  }

  @Test
  void listsWhatLiesDirectlyUnderAPlaceByItsBeginning() {
    for (String name :
        List.of("msg_1.json", "msg_2.json", "other.json", "in/msg_3.json", "in/deep/er.json")) {
      store().put(name, bytes(name));
    }
    store().put(".hidden/x.json", bytes("x"));
    assertEquals(Set.of("msg_1.json", "msg_2.json"), listed("msg_"));
    assertEquals(Set.of("in", "msg_1.json", "msg_2.json", "other.json"), listed(""));
    assertEquals(Set.of("in/msg_3.json", "in/deep"), listed("in/"));
    assertEquals(Set.of("in/msg_3.json"), listed("in/m"));
    assertEquals(Set.of(".hidden/x.json"), listed(".hidden/"));
    assertEquals(Set.of(), listed("nothing/"));
  }

  @Test
  void aLogKeepsItsLinesInTheirOrder() {
    StateLog log = store().log("log.jsonl");
    for (int i = 0; i < 5; i++) {
      log.append("line " + i);
    }
    assertEquals(List.of("line 3", "line 4"), store().log("log.jsonl").tail(2));
    assertEquals(5, log.tail(100).size());
  }

  @Test
  void aClaimIsOnesAloneUntilItIsGivenUp() {
    try (Claim claim = store().claim(".a.lock", Duration.ZERO).orElseThrow()) {
      assertTrue(elsewhere(() -> store().claim(".a.lock", Duration.ZERO).isEmpty()));
      assertTrue(elsewhere(() -> store().claim(".b.lock", Duration.ZERO).isPresent()));
    }
    store().claim(".a.lock", Duration.ZERO).orElseThrow().close();
  }

  /** A claim is the process's, and within it the thread's. */
  private static boolean elsewhere(Callable<Boolean> question) {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      return thread.submit(question).get();
    } catch (Exception e) {
      throw new AssertionError(e);
    } finally {
      thread.shutdown();
    }
  }

  @Test
  void namesThePlaceOfWhatItKeeps() {
    assertTrue(store().location("a/b.json").endsWith("a/b.json"), store().location("a/b.json"));
    assertFalse(store().location("").isEmpty());
  }

  @Test
  void tellsADocumentThatIsNotThereFromOneThatIs() {
    assertEquals(
        StateCheck.StateCheckStatus.FAIL, store().inspect("document.json").get(0).status());
    assertTrue(document().compareAndSet(null, next(document(), "one")));
    assertEquals(
        StateCheck.StateCheckStatus.PASS, store().inspect("document.json").get(0).status());
  }
}
