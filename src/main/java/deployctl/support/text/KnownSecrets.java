package deployctl.support.text;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;

/**
 * The secrets that this program itself holds, hidden by value wherever they stand, in base64 too.
 * They belong to the process: whatever was once known is hidden until it ends.
 */
public final class KnownSecrets {
  /** What is shorter is too likely to stand in a text by chance. */
  private static final int SHORTEST = 8;

  private static final Set<String> VALUES = new CopyOnWriteArraySet<>();
  private static final Set<String> IN_BASE64 = new CopyOnWriteArraySet<>();

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
    if (stripped.length() < SHORTEST) {
      return;
    }
    VALUES.add(stripped);
    byte[] bytes = stripped.getBytes(StandardCharsets.UTF_8);
    for (int before = 0; before < 3; before++) {
      // In base64, three bytes at a time: what does not depend on what stands before and behind.
      byte[] shifted = new byte[before + bytes.length];
      System.arraycopy(bytes, 0, shifted, before, bytes.length);
      int first = before == 0 ? 0 : before + 1;
      int last = shifted.length * 4 / 3;
      IN_BASE64.add(
          Base64.getEncoder().withoutPadding().encodeToString(shifted).substring(first, last));
      IN_BASE64.add(
          Base64.getUrlEncoder().withoutPadding().encodeToString(shifted).substring(first, last));
    }
  }

  /** Find values in a text as it is. */
  static void find(String text, Spans spans) {
    find(VALUES, text, spans);
  }

  /** Find values that something broke into lines or put blanks into, and those in base64. */
  static void findWrapped(String text, Spans spans) {
    if (VALUES.isEmpty()) {
      return;
    }
    DecodedText plain = DecodedText.of(text);
    DecodedText joined = plain.joined();
    Spans found = new Spans();
    find(IN_BASE64, joined == null ? text : joined.text(), found);
    if (joined != null) {
      find(VALUES, joined.text(), found);
    }
    spans.addAll(found, joined == null ? plain : joined);
  }

  private static void find(Set<String> values, String text, Spans spans) {
    for (String value : values) {
      int at = text.indexOf(value);
      while (at >= 0) {
        spans.add(at, at + value.length());
        at = text.indexOf(value, at + value.length());
      }
    }
  }
}
