package deployctl.state;

import deployctl.support.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Which write a document is of: stands in the document as its field {@code write}.
 *
 * <p>It makes the bytes of every write its own, so that a condition on one of them never fits
 * another; and who does not know whether his write got through finds it in what is there now, or
 * among those before.
 *
 * @param generation how many writes there were, this one included; 0 where nothing is known of any
 * @param id of this write, 8 hexadecimal digits; empty where nothing is known of it
 * @param before ids of the writes before, the latest first; no more than {@link #MOST_BEFORE}
 */
public record WriteStamp(long generation, String id, List<String> before) {
  /** The field of a document that it stands in. */
  public static final String FIELD = "write";

  /** So many writes back one's own is found. */
  public static final int MOST_BEFORE = 127;

  /** Nothing is known of any write. */
  public static final WriteStamp NONE = new WriteStamp(0, "", List.of());

  private static final int ID_DIGITS = 8;

  /** Make a stamp. */
  public WriteStamp {
    before = List.copyOf(before);
  }

  /** Read a document's stamp; {@link #NONE} where it has none that can be understood. */
  public static WriteStamp of(@Nullable JsonObject document) {
    JsonObject field = document == null ? null : document.object(FIELD);
    if (field == null) {
      return NONE;
    }
    String id = field.string("id");
    List<String> before = new ArrayList<>();
    List<?> ids = field.list("before");
    if (ids != null) {
      ids.forEach(one -> before.add(String.valueOf(one)));
    }
    long generation = field.integer("generation", 0);
    return id == null || generation < 1
        ? NONE
        : new WriteStamp(generation, id, before.subList(0, Math.min(MOST_BEFORE, before.size())));
  }

  /** Return the stamp of a write that follows this one, with a new id. */
  public WriteStamp next() {
    List<String> ids = new ArrayList<>(before.size() + 1);
    if (!id.isEmpty()) {
      ids.add(id);
    }
    ids.addAll(before);
    return new WriteStamp(
        generation + 1, newId(), ids.subList(0, Math.min(MOST_BEFORE, ids.size())));
  }

  private static String newId() {
    String digits = Integer.toHexString(ThreadLocalRandom.current().nextInt());
    return "0".repeat(ID_DIGITS - digits.length()) + digits;
  }

  /** Tell whether a write is this one, or came before it. */
  public boolean includes(WriteStamp write) {
    long back = generation - write.generation();
    return back == 0
        ? id.equals(write.id())
        : back > 0 && back <= before.size() && before.get((int) back - 1).equals(write.id());
  }

  /** Tell whether it can be told of a write whether this one includes it. */
  public boolean remembers(WriteStamp write) {
    return generation - write.generation() <= before.size();
  }

  /** Return it as it stands in a document. */
  public JsonObject toJson() {
    return new JsonObject().put("generation", generation).put("id", id).put("before", before);
  }
}
