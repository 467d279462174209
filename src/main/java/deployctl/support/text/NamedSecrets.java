package deployctl.support.text;

import java.util.List;

/**
 * Finds the values of what is called a secret: {@code password=x}, {@code "DbPassword": "x"},
 * {@code --token x}, {@code <SecretString>x</SecretString>}, in the quoting of JSON inside JSON and
 * of HTML, too.
 *
 * <p>Goes over a text once: what follows a name is looked at when the name is met, and no further
 * than the value goes.
 */
final class NamedSecrets {
  /** How a name ends that says "secret". */
  private static final List<String> ENDS =
      List.of(
          "password",
          "passwd",
          "passphrase",
          "pwd",
          "_pass",
          "-pass",
          "secret",
          "secretkey",
          "secret_key",
          "secret-key",
          "secretaccesskey",
          "secret_access_key",
          "secret-access-key",
          "secretstring",
          "secretbinary",
          "apikey",
          "api_key",
          "api-key",
          "privatekey",
          "private_key",
          "private-key",
          "token",
          "credential",
          "x-amz-signature");

  /** Tokens that say where a listing goes on, or in which order deployments began. */
  private static final List<String> NO_SECRETS =
      List.of(
          "requesttoken",
          "request_token",
          "request-token",
          "nexttoken",
          "next_token",
          "next-token",
          "startingtoken",
          "starting-token",
          "fencingtoken",
          "fencing_token",
          "fencing-token");

  /** Words in a secret's place that are none. */
  private static final List<String> NO_VALUES =
      List.of(Masking.MASK, "null", "true", "false", "None", "undefined");

  private static final List<String> QUOTES = List.of("&quot;", "&#34;", "&apos;", "&#39;");
  private static final int LONGEST_NAME_END = 24;
  private static final int LONGEST_OPTION = 64;
  private static final int MOST_BLANKS = 16;
  private static final int MOST_ESCAPES = 8;

  private final String text;
  private final Spans spans;

  private NamedSecrets(String text, Spans spans) {
    this.text = text;
    this.spans = spans;
  }

  static void find(String text, Spans spans) {
    new NamedSecrets(text, spans).find();
  }

  /** Tell whether a name says that its value is a secret. */
  static boolean isSecret(String name) {
    String end = Scan.lower(name, Math.max(0, name.length() - LONGEST_NAME_END), name.length());
    return (end.equals("pass") || ENDS.stream().anyMatch(end::endsWith))
        && NO_SECRETS.stream().noneMatch(end::endsWith);
  }

  private void find() {
    int at = 0;
    while (at < text.length()) {
      if (!Scan.inName(text.charAt(at))) {
        at++;
        continue;
      }
      int end = Scan.over(text, at, Scan::inName);
      at =
          isSecret(text.substring(Math.max(at, end - LONGEST_NAME_END), end))
              ? value(at, end)
              : end;
    }
  }

  /**
   * Find the value of a name.
   *
   * @return where to go on
   */
  private int value(int nameStart, int nameEnd) {
    boolean resource =
        Scan.is(text, nameStart - 1, ':') && nameEnd - nameStart == "secret".length();
    int separator = resource ? -1 : separator(nameStart, nameEnd);
    if (separator < 0) {
      return nameEnd;
    }
    if (Scan.is(text, nameEnd, '>')) {
      return mask(separator, Scan.over(text, separator, c -> c != '<' && c != '\n'));
    }
    int from = Scan.over(text, separator, Scan::blank, MOST_BLANKS);
    int escapes = Scan.over(text, from, c -> c == '\\', MOST_ESCAPES) - from;
    if (Scan.is(text, from + escapes, '"') || Scan.is(text, from + escapes, '\'')) {
      int begin = from + escapes + 1;
      return mask(begin, closing(begin, text.charAt(begin - 1), escapes));
    }
    for (String quote : QUOTES) {
      if (text.startsWith(quote, from)) {
        int begin = from + quote.length();
        return mask(begin, upTo(begin, quote));
      }
    }
    return mask(from, bare(from));
  }

  private int mask(int from, int to) {
    String value = text.substring(from, Math.min(to, from + 12));
    boolean plain =
        to - from <= 12 && NO_VALUES.contains(value)
            || value.startsWith("arn:")
            || value.startsWith("{")
            || value.startsWith("[");
    if (!plain) {
      spans.add(from, to);
    }
    // What is no secret itself may hold some.
    return plain ? from : to;
  }

  /** Return where the separator behind a name ends; -1 where there is none. */
  private int separator(int nameStart, int nameEnd) {
    if (Scan.is(text, nameEnd, '>')) {
      return Scan.is(text, nameStart - 1, '<') ? nameEnd + 1 : -1;
    }
    int quoted = quote(nameEnd);
    int at = Scan.over(text, quoted, Scan::blank, MOST_BLANKS);
    if (text.startsWith("=&gt;", at)) {
      return at + "=&gt;".length();
    }
    if (Scan.is(text, at, '=')) {
      return Scan.is(text, at + 1, '>') || Scan.is(text, at + 1, '=') ? at + 2 : at + 1;
    }
    if (Scan.is(text, at, ':')) {
      return Scan.is(text, at + 1, ':') ? -1 : Scan.is(text, at + 1, '=') ? at + 2 : at + 1;
    }
    if (Scan.word(text, at, "%3d")) {
      return at + 3;
    }
    boolean option = isOption(nameStart, nameEnd);
    if (option && quoted > nameEnd && Scan.is(text, at, ',')) {
      // The words of a command in JSON.
      return at + 1;
    }
    return option && at > quoted ? at : -1;
  }

  /** Tell whether a name is an option's, perhaps with something stuck to its front. */
  private boolean isOption(int nameStart, int nameEnd) {
    if (Scan.is(text, nameStart, '-')) {
      return true;
    }
    for (int at = Math.max(nameStart, nameEnd - LONGEST_OPTION); at < nameEnd - 1; at++) {
      if (text.charAt(at) == '-' && text.charAt(at + 1) == '-') {
        return true;
      }
    }
    return false;
  }

  /** Return where a quote that closes a name ends; where it began when there is none. */
  private int quote(int at) {
    int escapes = Scan.over(text, at, c -> c == '\\', MOST_ESCAPES);
    if (Scan.is(text, escapes, '"') || Scan.is(text, escapes, '\'')) {
      return escapes + 1;
    }
    for (String quote : QUOTES) {
      if (text.startsWith(quote, at)) {
        return at + quote.length();
      }
    }
    return at;
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
      at = Math.max(next, at) + (next < text.length() && text.charAt(next) != '\n' ? 1 : 0);
      if (next >= text.length()) {
        return text.length();
      }
    }
    return at;
  }

  private int upTo(int from, String quote) {
    int at = from;
    while (at < text.length()
        && text.charAt(at) != '\n'
        && text.charAt(at) != '"'
        && !text.startsWith(quote, at)) {
      at++;
    }
    return at;
  }

  /** Return where a value without quotes ends. */
  private int bare(int from) {
    int end = Scan.over(text, from, NamedSecrets::inBare);
    // A comma or semicolon is part of it, unless another name and value follow.
    while (Scan.is(text, end, c -> c == ',' || c == ';')) {
      int more = Scan.over(text, end + 1, NamedSecrets::inBare);
      String part = text.substring(end + 1, more);
      if (part.isEmpty() || part.indexOf('=') >= 0 || part.indexOf(':') >= 0) {
        break;
      }
      end = more;
    }
    return end;
  }

  private static boolean inBare(int c) {
    return !Character.isWhitespace(c) && ",;&\"'<>}\\".indexOf(c) < 0;
  }
}
