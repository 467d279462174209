package deployctl.support.text;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;

/**
 * The secrets that this program itself holds, hidden by value wherever they stand. They belong to
 * the process: whatever was once known is hidden until it ends.
 */
public final class KnownSecrets {
  /** What is shorter is too likely to stand in a text by chance. */
  private static final int SHORTEST = 8;

  private static final Set<String> VALUES = new CopyOnWriteArraySet<>();

  private KnownSecrets() {}

  /**
   * Hide a value from now on.
   *
   * @param value of a token, key or password; each of its lines counts by itself, too
   */
  public static void hide(String value) {
    add(value);
    value.lines().forEach(KnownSecrets::add);
  }

  private static void add(String value) {
    String stripped = value.strip();
    if (stripped.length() >= SHORTEST) {
      VALUES.add(stripped);
    }
  }

  static void find(String text, Spans spans) {
    for (String value : values()) {
      int at = text.indexOf(value);
      while (at >= 0) {
        spans.add(at, at + value.length());
        at = text.indexOf(value, at + value.length());
      }
    }
  }

  private static List<String> values() {
    return VALUES.isEmpty()
        ? List.of()
        : VALUES.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
  }
}
