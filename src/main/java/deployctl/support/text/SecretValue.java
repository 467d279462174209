package deployctl.support.text;

import java.util.List;
import java.util.Set;

/**
 * Finds how far the value goes that follows a secret's name, in the quoting of shells, JSON, YAML,
 * Python, HTML and XML.
 *
 * <p>Whoever does not close a quote is believed to have meant the line. Where it cannot be told
 * whether something belongs to the value, it does.
 */
final class SecretValue {
  /** Words in a secret's place that are none. */
  private static final List<String> NO_VALUES =
      List.of(Masking.MASK, "null", "true", "false", "None", "undefined");

  /**
   * How a sentence goes on after "the token:", which no secret does with another word behind it.
   */
  private static final Set<String> PROSE =
      Set.of(
          "a",
          "an",
          "and",
          "are",
          "as",
          "at",
          "be",
          "but",
          "by",
          "can",
          "can't",
          "cannot",
          "could",
          "does",
          "doesn't",
          "expired",
          "failed",
          "for",
          "from",
          "has",
          "have",
          "if",
          "in",
          "invalid",
          "is",
          "it",
          "its",
          "may",
          "missing",
          "must",
          "no",
          "not",
          "of",
          "on",
          "or",
          "rejected",
          "set",
          "should",
          "that",
          "the",
          "this",
          "to",
          "was",
          "were",
          "when",
          "which",
          "will",
          "with",
          "would");

  private static final int LONGEST_QUOTED_LINES = 8_000;
  private static final int LONGEST_TAG = 64;
  private static final int LONGEST_WORD = 12;
  private static final int MOST_ESCAPES = 8;

  private final String text;
  private final Spans spans;

  SecretValue(String text, Spans spans) {
    this.text = text;
    this.spans = spans;
  }

  /**
   * Find the value that begins at a place, in whatever quotes.
   *
   * @return where to go on
   */
  int find(int from) {
    int escapes = Scan.over(text, from, c -> c == '\\', MOST_ESCAPES) - from;
    int open = from + escapes;
    if (Scan.is(text, open, SecretValue::isQuote)) {
      return quoted(open, escapes);
    }
    if (Scan.is(text, from, '[') || Scan.is(text, from, '{')) {
      int end = braced(from);
      return end < 0 ? structure(from) : mask(from, end);
    }
    if (isPlain(from)) {
      return from;
    }
    return mask(from, bare(from));
  }

  /** Take a part of the text for a secret, unless it says that there is none. */
  int mask(int from, int to) {
    boolean none = to - from <= LONGEST_WORD && NO_VALUES.contains(text.substring(from, to));
    if (!none) {
      spans.add(from, to);
    }
    return to;
  }

  /** A value in a tag: up to the next one; over several lines only where that is its end. */
  int element(int from) {
    if (text.startsWith("<![CDATA[", from)) {
      int end = text.indexOf("]]>", from);
      return mask(from, end < 0 ? text.length() : end);
    }
    int end = Scan.over(text, from, c -> c != '<');
    return mask(
        from, text.startsWith("</", end) ? end : Scan.over(text, from, c -> c != '<' && c != '\n'));
  }

  /**
   * What an authorization header has: its line, up to the quote that it stands in.
   *
   * @param name where the header's name begins
   */
  int header(int name, int from) {
    if (isPlain(from)) {
      return from;
    }
    if (Scan.is(text, from, SecretValue::isQuote) || Scan.is(text, from, '\\')) {
      return find(from);
    }
    char around = name > 0 && isQuote(text.charAt(name - 1)) ? text.charAt(name - 1) : 0;
    boolean parameters =
        around == 0 && (Scan.word(text, from, "digest ") || Scan.word(text, from, "aws4-"));
    int at = from;
    while (at < text.length() && text.charAt(at) != '\n') {
      char c = text.charAt(at);
      if (c == '\\' && around != 0) {
        at += 2;
        continue;
      }
      if (around != 0 ? c == around : !parameters && (isQuote(c) || c == '\\')) {
        break;
      }
      at++;
    }
    return mask(from, Math.min(at, text.length()));
  }

  /** What is no secret: a reference to one, or how a sentence goes on. */
  private boolean isPlain(int from) {
    if (text.startsWith("arn:aws", from) || text.startsWith("file://", from)) {
      return true;
    }
    int word = Scan.over(text, from, c -> Scan.letter(c) || c == '\'', LONGEST_WORD);
    return Scan.is(text, word, ' ')
        && Scan.is(text, word + 1, Scan::letter)
        && PROSE.contains(Scan.lower(text, from, word));
  }

  private int quoted(int open, int escapes) {
    char quote = text.charAt(open);
    int begin = open + 1;
    if (text.startsWith("arn:aws", begin)) {
      return begin;
    }
    String triple = String.valueOf(quote).repeat(3);
    if (escapes == 0 && text.startsWith(triple, open)) {
      int end = text.indexOf(triple, open + 3);
      return mask(open + 3, end < 0 ? Scan.over(text, open + 3, c -> c != '\n') : end);
    }
    int end = closing(begin, quote, escapes);
    if (!Scan.is(text, end, quote)) {
      return escapes > 0 || !Scan.is(text, end, '\n')
          ? mask(begin, end)
          : mask(begin, overLines(begin, end, quote));
    }
    return mask(begin, escapes == 0 ? together(end) : end);
  }

  /**
   * A shell puts together what stands side by side: return where that ends, at the last of its
   * quotes.
   */
  private int together(int quote) {
    int end = quote;
    while (true) {
      int next = end + 1;
      if (Scan.is(text, next, '\\') && Scan.is(text, next + 1, SecretValue::isQuote)) {
        end = next + 1;
      } else if (Scan.is(text, next, SecretValue::isQuote)) {
        int close = closing(next + 1, text.charAt(next), 0);
        if (!Scan.is(text, close, text.charAt(next))) {
          return end;
        }
        end = close;
      } else if (Scan.is(text, next, Scan::letterOrDigit)) {
        end = bare(next) - 1;
      } else {
        return end;
      }
    }
  }

  /** Where a quote is not closed on its line: where it is on a later one, or the line's end. */
  private int overLines(int begin, int lineEnd, char quote) {
    int end = Scan.over(text, lineEnd, c -> c != quote, LONGEST_QUOTED_LINES);
    if (text.substring(lineEnd, end).contains("\n::")) {
      // Words for a workflow's runner are no part of anything.
      return Math.max(begin, lineEnd);
    }
    boolean opens = Scan.is(text, end - 1, c -> Scan.blank(c) || c == '=' || c == ':' || c == '(');
    boolean closes =
        Scan.is(text, end, quote)
            && (end + 1 == text.length()
                || Scan.is(
                    text, end + 1, c -> Character.isWhitespace(c) || ",;}])".indexOf(c) >= 0));
    return closes && !opens ? end : Math.max(begin, lineEnd);
  }

  /**
   * Return where a quoted value ends: at its quote, or with the line where that is missing.
   *
   * @param escapes how many backslashes stand before its quotes
   */
  private int closing(int from, char quote, int escapes) {
    int at = from;
    while (at < text.length() && text.charAt(at) != '\n') {
      int slashes = Scan.over(text, at, c -> c == '\\') - at;
      int next = at + slashes;
      if (Scan.is(text, next, quote)) {
        boolean closes = escapes == 0 ? slashes % 2 == 0 : slashes <= escapes;
        if (closes) {
          return escapes == 0 ? next : next - Math.min(slashes, escapes);
        }
      }
      if (next >= text.length()) {
        return text.length();
      }
      at = next + (text.charAt(next) != '\n' ? 1 : 0);
    }
    return at;
  }

  /** Return where braces end around a value that is no structure; -1 where it is one. */
  private int braced(int from) {
    char close = text.charAt(from) == '{' ? '}' : ']';
    int end = Scan.over(text, from + 1, c -> c > ' ' && c != close && "\"'\\:=&{[".indexOf(c) < 0);
    if (!Scan.is(text, end, close) || end == from + 1) {
      return -1;
    }
    return bare(end + 1);
  }

  /** A list: its texts are secrets; in anything else, what is called one is found by its name. */
  private int structure(int from) {
    if (!Scan.is(text, from, '[')) {
      return from + 1;
    }
    int first = Scan.over(text, from + 1, Character::isWhitespace);
    if (Scan.is(text, first, c -> "\"'`\\{[]&".indexOf(c) < 0)) {
      return mask(first, Scan.over(text, first, c -> c != ']' && c != '\n'));
    }
    int at = from + 1;
    while (true) {
      at = Scan.over(text, at, c -> Character.isWhitespace(c) || c == ',' || c == '[');
      int open = Scan.over(text, at, c -> c == '\\', MOST_ESCAPES);
      if (!Scan.is(text, open, SecretValue::isQuote)) {
        return at;
      }
      int end = closing(open + 1, text.charAt(open), open - at);
      mask(open + 1, end);
      if (end >= text.length() || text.charAt(end) == '\n') {
        return end;
      }
      at = Scan.over(text, end, c -> c == '\\', MOST_ESCAPES) + 1;
    }
  }

  /** Return where a value without quotes ends. */
  int bare(int from) {
    int end = from;
    while (true) {
      end = Scan.over(text, end, SecretValue::inBare);
      if (end >= text.length() || !goesOn(end)) {
        return end;
      }
      end += Scan.is(text, end, '\\') ? 2 : 1;
    }
  }

  /** Tell whether a character that may end a value belongs to it. */
  private boolean goesOn(int at) {
    char c = text.charAt(at);
    return switch (c) {
      // Part of it, unless another name and value follow, or an entity.
      case ',', ';' -> !another(at + 1) && Scan.is(text, at + 1, SecretValue::inBare);
      case '&' -> !another(at + 1) && Scan.is(text, at + 1, SecretValue::inBare) && !entity(at);
      case '"', '\'' -> Scan.is(text, at + 1, Scan::letterOrDigit);
      case '<' -> !tag(at) && Scan.is(text, at + 1, SecretValue::inBare);
      case '>', '}' -> Scan.is(text, at + 1, Scan::letterOrDigit);
      case '\\' ->
          Scan.is(text, at + 1, c2 -> inBare(c2) || c2 == ' ')
                  && !Scan.is(text, at + 1, n -> "nrtu".indexOf(n) >= 0)
              || Scan.is(text, at + 1, '\'') && Scan.is(text, at + 2, SecretValue::isQuote);
      default -> false;
    };
  }

  private boolean another(int from) {
    int end = Scan.over(text, from, Scan::inName);
    return Scan.is(text, end, c -> c == '=' || c == ':') && end > from;
  }

  private boolean entity(int at) {
    int end = Scan.over(text, at + 1, c -> Scan.letterOrDigit(c) || c == '#', LONGEST_WORD);
    return Scan.is(text, end, ';');
  }

  private boolean tag(int at) {
    int name = Scan.is(text, at + 1, '/') ? at + 2 : at + 1;
    int end = Scan.over(text, name, c -> c != '<' && c != '>' && c != '\n', LONGEST_TAG);
    return Scan.is(text, name, Scan::letter) && Scan.is(text, end, '>');
  }

  private static boolean inBare(int c) {
    return !Character.isWhitespace(c) && ",;&\"'<>}\\".indexOf(c) < 0;
  }

  private static boolean isQuote(int c) {
    return c == '"' || c == '\'' || c == '`';
  }
}
