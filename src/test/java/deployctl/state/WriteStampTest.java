package deployctl.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.support.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A write is found among those before, as far back as a stamp remembers. */
class WriteStampTest {
  @Test
  void aWriteIsFoundInItselfAndInThoseAfterIt() {
    WriteStamp mine = WriteStamp.NONE.next();
    assertEquals(1, mine.generation());
    assertTrue(mine.id().matches("[0-9a-f]{8}"), mine.id());
    WriteStamp later = mine;
    for (int i = 0; i < WriteStamp.MOST_BEFORE; i++) {
      assertTrue(later.includes(mine) && later.remembers(mine));
      later = WriteStamp.of(new JsonObject().put(WriteStamp.FIELD, later.next().toJson()));
    }
    assertTrue(later.includes(mine));
    assertFalse(later.next().includes(mine));
    assertFalse(later.next().remembers(mine));
    assertEquals(WriteStamp.MOST_BEFORE, later.next().before().size());
  }

  @Test
  void anothersWriteIsNotMine() {
    WriteStamp base = WriteStamp.NONE.next();
    WriteStamp mine = base.next();
    WriteStamp anothers = base.next();
    assertFalse(anothers.includes(mine));
    assertTrue(anothers.remembers(mine));
    assertFalse(anothers.next().includes(mine));
    assertFalse(base.includes(mine), "what was not written yet");
  }

  @Test
  void whatIsNoStampIsNone() {
    for (JsonObject document :
        List.of(
            new JsonObject(),
            new JsonObject().put("write", "x"),
            new JsonObject().put("write", new JsonObject().put("generation", 0).put("id", "a")),
            new JsonObject().put("write", new JsonObject().put("generation", 3)))) {
      assertEquals(WriteStamp.NONE, WriteStamp.of(document));
    }
    assertEquals(WriteStamp.NONE, WriteStamp.of(null));
  }
}
