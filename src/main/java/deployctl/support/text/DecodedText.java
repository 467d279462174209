package deployctl.support.text;

import java.util.Arrays;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A text as whoever decodes it reads it, with the place where each character stands in the text as
 * it was: without the escapes of JSON, of addresses and of HTML, without colours and characters
 * that take no room. A secret is one whatever it is wrapped in.
 *
 * <p>Each step takes off one layer. Sources: RFC 8259 section 7; RFC 3986 section 2.1; HTML, "Named
 * character references"; ECMA-48 (control sequences).
 */
final class DecodedText {
  private static final int LONGEST_ENTITY = 8;
  private static final int LONGEST_SEQUENCE = 64;
  private static final int LONGEST_COLOUR = 16;
  private static final Map<String, Character> ENTITIES =
      Map.of(
          "quot", '"', "apos", '\'', "amp", '&', "lt", '<', "gt", '>', "nbsp", ' ', "equals", '=',
          "colon", ':');

  private final String text;
  private final @Nullable DecodedText outer;
  private final Runs runs;

  private DecodedText(String text, @Nullable DecodedText outer, Runs runs) {
    this.text = text;
    this.outer = outer;
    this.runs = runs;
  }

  /** Return a text as it is. */
  static DecodedText of(String text) {
    return new DecodedText(text, null, new Runs());
  }

  String text() {
    return text;
  }

  /** Return where a character begins in the text as it was. */
  int begin(int at) {
    return outer == null ? at : outer.begin(runs.begin(at));
  }

  /** Return where a character ends in the text as it was. */
  int end(int at) {
    return outer == null ? at + 1 : outer.end(runs.end(at) - 1);
  }

  /** Return it with one layer less; null when it has none. */
  @Nullable DecodedText decoded() {
    int first = 0;
    while (first < text.length() && !begins(text.charAt(first))) {
      first++;
    }
    return first == text.length() ? null : rebuilt(first, this::step);
  }

  /** Return it without blanks and line ends; null when it has none. */
  @Nullable DecodedText joined() {
    return rebuilt(
        0,
        at ->
            Character.isWhitespace(text.charAt(at)) || isNoText(text.charAt(at))
                ? new Step(1, -1)
                : null);
  }

  /** Return it with every step taken that is one; null when there is none. */
  private @Nullable DecodedText rebuilt(int first, IntFunction<@Nullable Step> steps) {
    StringBuilder out = new StringBuilder(text.length()).append(text, 0, first);
    Runs made = new Runs();
    made.plain(0, 0);
    int at = first;
    int plain = first;
    while (at < text.length()) {
      Step step = steps.apply(at);
      if (step == null) {
        at++;
        continue;
      }
      out.append(text, plain, at);
      if (step.as() >= 0) {
        made.escaped(out.length(), at, step.length());
        out.append((char) step.as());
      }
      at += step.length();
      plain = at;
      made.plain(out.length(), at);
    }
    return plain == first
        ? null
        : new DecodedText(out.append(text, plain, text.length()).toString(), this, made);
  }

  /** So many characters stand for this one; for none when it is negative. */
  private record Step(int length, int as) {}

  private static boolean begins(char c) {
    return c == '\\'
        || c == '%'
        || c == '['
        || c == '&'
        || c == '\u00a0'
        || c != '\n' && c != '\r' && c != '\t' && isNoText(c)
        || c >= '\u2000' && c <= '\u202f'
        || c == '\u3000';
  }

  private static boolean isNoText(char c) {
    return Cleaning.isControl(c) || c == '\u00ad' || c >= '\ufe00' && c <= '\ufe0f';
  }

  private @Nullable Step step(int at) {
    char c = text.charAt(at);
    return switch (c) {
      case '\\' -> escape(at);
      case '%' -> percent(at);
      case '&' -> entity(at);
      case '\u001b', '\u009b' -> sequence(at);
      case '[' -> colourWithoutItsEscape(at);
      case '\n', '\r', '\t', ' ' -> null;
      case '\u2028', '\u2029' -> new Step(1, '\n');
      default -> isNoText(c) ? new Step(1, -1) : Character.isSpaceChar(c) ? new Step(1, ' ') : null;
    };
  }

  private @Nullable Step escape(int at) {
    if (at + 1 >= text.length()) {
      return null;
    }
    char c = text.charAt(at + 1);
    return switch (c) {
      case '"', '\'', '/', '\\' -> new Step(2, c);
      case 'n', 'r' -> new Step(2, '\n');
      case 't' -> new Step(2, '\t');
      case 'u' -> number(at, at + 2, 4, 0xffff);
      case 'x' -> number(at, at + 2, 2, 0xff);
      default -> null;
    };
  }

  private @Nullable Step percent(int at) {
    return number(at, at + 1, 2, 0x7f);
  }

  private @Nullable Step number(int at, int from, int digits, int most) {
    int value = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = i < text.length() ? Character.digit(text.charAt(i), 16) : -1;
      if (digit < 0) {
        return null;
      }
      value = value * 16 + digit;
    }
    return value > most ? null : new Step(from + digits - at, value);
  }

  private @Nullable Step entity(int at) {
    int end = Scan.over(text, at + 1, c -> Scan.letterOrDigit(c) || c == '#', LONGEST_ENTITY);
    if (!Scan.is(text, end, ';') || end == at + 1) {
      return null;
    }
    String name = text.substring(at + 1, end);
    if (!name.startsWith("#")) {
      Character named = ENTITIES.get(name);
      return named == null ? null : new Step(end + 1 - at, named);
    }
    try {
      boolean hex = name.startsWith("#x") || name.startsWith("#X");
      int value = Integer.parseInt(name.substring(hex ? 2 : 1), hex ? 16 : 10);
      return value < 0 || value > 0xffff ? null : new Step(end + 1 - at, value);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** What is left of a colour where something took its control character off. */
  private @Nullable Step colourWithoutItsEscape(int at) {
    int end = Scan.over(text, at + 1, c -> Scan.digit(c) || c == ';', LONGEST_COLOUR);
    return end > at + 1 && Scan.is(text, end, 'm') ? new Step(end + 1 - at, -1) : null;
  }

  /** A control sequence or a command of the operating system's, whole; else the character alone. */
  private Step sequence(int at) {
    boolean escape = text.charAt(at) == '\u001b';
    int from = escape ? at + 2 : at + 1;
    if (escape && Scan.is(text, at + 1, ']')) {
      int end = Scan.over(text, from, c -> c >= ' ' && c != '\u001b', LONGEST_SEQUENCE);
      return Scan.is(text, end, '\u0007') ? new Step(end + 1 - at, -1) : new Step(1, -1);
    }
    if (escape && !Scan.is(text, at + 1, '[')) {
      return new Step(1, -1);
    }
    int end = Scan.over(text, from, c -> c >= 0x20 && c <= 0x3f, LONGEST_SEQUENCE);
    return Scan.is(text, end, c -> c >= 0x40 && c <= 0x7e)
        ? new Step(end + 1 - at, -1)
        : new Step(1, -1);
  }

  /**
   * Which parts of a text became which of the next: runs in which each character is one, and
   * characters of which several became one. What was dropped lies between them.
   */
  private static final class Runs {
    private int[] at = new int[16];
    private int[] from = new int[16];
    private int[] length = new int[16];
    private int size;

    void plain(int at, int from) {
      add(at, from, 0);
    }

    void escaped(int at, int from, int length) {
      add(at, from, length);
    }

    private void add(int where, int origin, int width) {
      if (size > 0 && at[size - 1] == where) {
        // The run before had nothing in it.
        size--;
      }
      if (size == at.length) {
        at = Arrays.copyOf(at, size * 2);
        from = Arrays.copyOf(from, size * 2);
        length = Arrays.copyOf(length, size * 2);
      }
      at[size] = where;
      from[size] = origin;
      length[size] = width;
      size++;
    }

    private int run(int where) {
      int found = Arrays.binarySearch(at, 0, size, where);
      return found >= 0 ? found : -found - 2;
    }

    int begin(int where) {
      int run = run(where);
      return from[run] + (where - at[run]);
    }

    int end(int where) {
      int run = run(where);
      return length[run] > 0 ? from[run] + length[run] : begin(where) + 1;
    }
  }
}
