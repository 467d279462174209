package deployctl.support.text;

import java.util.Locale;
import java.util.function.IntPredicate;

/** Looks at single characters of a text, in time that a text's length bounds. */
final class Scan {
  private Scan() {}

  /** Tell whether there is such a character at {@code at}. */
  static boolean is(String text, int at, IntPredicate kind) {
    return at >= 0 && at < text.length() && kind.test(text.charAt(at));
  }

  static boolean is(String text, int at, char wanted) {
    return at >= 0 && at < text.length() && text.charAt(at) == wanted;
  }

  /** Return the first place from {@code at} on where the character is of another kind. */
  static int over(String text, int at, IntPredicate kind) {
    int end = at;
    while (end < text.length() && kind.test(text.charAt(end))) {
      end++;
    }
    return end;
  }

  /** Likewise, over so many characters at most. */
  static int over(String text, int at, IntPredicate kind, int most) {
    int end = at;
    int last = (int) Math.min(text.length(), (long) at + most);
    while (end < last && kind.test(text.charAt(end))) {
      end++;
    }
    return end;
  }

  /** Return the first place of the characters of a kind that end before {@code at}. */
  static int back(String text, int at, IntPredicate kind, int most) {
    int begin = at;
    while (begin > 0 && at - begin < most && kind.test(text.charAt(begin - 1))) {
      begin--;
    }
    return begin;
  }

  /** Tell whether a word stands there, in whatever case. */
  static boolean word(String text, int at, String lower) {
    return at >= 0 && text.regionMatches(true, at, lower, 0, lower.length());
  }

  static boolean letterOrDigit(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
  }

  static boolean letter(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  static boolean digit(int c) {
    return c >= '0' && c <= '9';
  }

  /** Tell whether it may stand in a name, as programs and files have them. */
  static boolean inName(int c) {
    return letterOrDigit(c) || c == '_' || c == '-' || c == '.';
  }

  static boolean blank(int c) {
    return c == ' ' || c == '\t' || c == '\u00a0';
  }

  static String lower(String text, int from, int to) {
    return text.substring(from, to).toLowerCase(Locale.ROOT);
  }
}
