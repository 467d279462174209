package deployctl.support.text;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds the values of what is called a secret: {@code password=x}, {@code "DbPassword": "x"},
 * {@code --token x}, {@code <SecretString>x</SecretString>}, {@code "name": "DB_PASSWORD", "value":
 * "x"}, and what YAML writes on the lines below.
 *
 * <p>Goes over a text once: what follows a name is looked at when the name is met, and no further
 * than the value goes.
 */
final class NamedSecrets {
  private static final int LONGEST_OPTION = 64;

  /** Words of shells and Docker before a name and its value, with a blank between. */
  private static final Set<String> SETTING = Set.of("ENV", "ARG", "set", "setenv", "-x", "-gx");

  private static final int LONGEST_ATTRIBUTES = 256;
  private static final int LONGEST_FIELD = 16;
  private static final int MOST_ESCAPES = 8;
  private static final int MOST_INDENT = 256;

  /** A header of HTTP, whose value is its line. */
  private static final String HEADER = "authorization";

  private static final int LONGEST_WORD = 64;
  private static final Pattern VERSION = Pattern.compile("v?[0-9]{1,6}(?:\\.[0-9]{1,6}){0,4}");

  /** What logs say of a token or of a resource of that name: a state, an error, a right. */
  private static final Pattern SAID =
      Pattern.compile(
          "(?:[A-Z]+_)+(?:COMPLETE|PROGRESS|FAILED|SKIPPED|FOUND|DENIED|EXPIRED|INVALID|ERROR)"
              + "|[A-Za-z]*(?:Exception|Error|Denied|Failure|NotFound|Invalid|Expired|Timeout|Unavailable|Throttling)"
              + "|(?i:missing|failed|inherit|write|read|none|required|expired|invalid|denied|refused|unset|empty|unknown|ok|found)[.:]?");

  /** Its token is a number that orders deployments. */
  private static final String FENCING = "fencing ";

  /** How far the name of a thing and its value may stand apart. */
  private static final int FARTHEST = 512;

  private final String text;
  private final Spans spans;
  private final SecretValue values;

  /** Where a field ended that named a secret; -1 when the last one named none. */
  private int named = -1;

  /**
   * Where the last field's name stands that held something which a later field may name; -1 for
   * none.
   */
  private int held = -1;

  private NamedSecrets(String text, Spans spans) {
    this.text = text;
    this.spans = spans;
    values = new SecretValue(text, spans);
  }

  static void find(String text, Spans spans) {
    new NamedSecrets(text, spans).find();
  }

  private void find() {
    int at = 0;
    while (at < text.length()) {
      if (!Scan.inName(text.charAt(at))) {
        at++;
        continue;
      }
      int end = Scan.over(text, at, Scan::inName);
      if (SecretNames.isSecret(text, at, end)) {
        at = value(at, end);
      } else if (end - at <= LONGEST_FIELD) {
        at = field(at, end, text.substring(Scan.over(text, at, c -> c == '-'), end));
      } else {
        at = end;
      }
    }
  }

  /**
   * Look at a field that names another one's secret, or holds what another one names.
   *
   * @return where to go on
   */
  private int field(int from, int to, String field) {
    boolean names = SecretNames.names(field);
    int separator = names || SecretNames.holds(field) ? separator(from, to) : -1;
    if (separator < 0) {
      return to;
    }
    if (!names) {
      if (named >= 0 && isOneThing(named, from)) {
        named = -1;
        return value(from, to);
      }
      held = from;
      return to;
    }
    int begin = quote(Scan.over(text, separator, Scan::blank));
    int end = Scan.over(text, begin, c -> Scan.inName(c) || c == '/');
    boolean secret = end > begin && SecretNames.isSecret(text, begin, end);
    if (secret && held >= 0 && isOneThing(held, from)) {
      // By itself, so that no value goes on behind this field.
      String before = text.substring(held, from);
      Spans value = new Spans();
      new NamedSecrets(before, value).value(0, Scan.over(before, 0, Scan::inName));
      spans.addAll(value, held);
    }
    held = -1;
    named = secret ? end : -1;
    return secret ? begin : to;
  }

  /** Tell whether two places are near each other with no end of a thing between them. */
  private boolean isOneThing(int from, int to) {
    return to - from <= FARTHEST
        && Scan.over(text, from, c -> c != '{' && c != '}', to - from) >= to;
  }

  /**
   * Find the value of a name.
   *
   * @return where to go on
   */
  private int value(int nameStart, int nameEnd) {
    int separator = isPath(nameStart, nameEnd) ? -1 : separator(nameStart, nameEnd);
    if (separator < 0) {
      return nameEnd;
    }
    if (Scan.is(text, separator - 1, '>') && !Scan.is(text, separator - 2, '=')) {
      return values.element(separator);
    }
    int from = Scan.over(text, separator, Scan::blank);
    if (Scan.is(text, separator - 1, Scan::blank)
        && Scan.is(text, from, '\\')
        && Scan.is(text, from + 1, '\n')) {
      // A shell's line that goes on.
      from = Scan.over(text, from + 2, Scan::blank);
    }
    if (quote(nameEnd) > nameEnd && Scan.is(text, from, '\n')) {
      // JSON may have its value on another line.
      int value = Scan.over(text, from, Character::isWhitespace);
      from = Scan.is(text, value, c -> c == '"' || c == '{' || c == '[') ? value : from;
    }
    if (Scan.is(text, separator - 1, ':')) {
      int below = linesBelow(nameStart, from);
      if (below >= 0) {
        return below;
      }
      if (Scan.is(text, from, '\n')) {
        named = from;
      }
    }
    if (isPlain(nameStart, nameEnd, separator, from)) {
      return from;
    }
    if (Scan.word(text, nameEnd - HEADER.length(), HEADER)) {
      return values.header(nameStart, from);
    }
    int end = values.find(from);
    if (Scan.is(text, from, '{')) {
      named = from + 1;
    }
    // A tag or an anchor of YAML's before the value.
    boolean marked = Scan.is(text, from, '!') || Scan.is(text, from, '&');
    return marked && Scan.is(text, end, ' ') ? values.find(Scan.over(text, end, Scan::blank)) : end;
  }

  /** Tell whether what stands in a secret's place is no secret, by its name and its look. */
  private boolean isPlain(int nameStart, int nameEnd, int separator, int from) {
    int end =
        Scan.over(
            text,
            from,
            c -> !Character.isWhitespace(c) && ",;\"')]}".indexOf(c) < 0,
            LONGEST_WORD + 1);
    String word = text.substring(from, end);
    if (word.startsWith("${") || word.startsWith("{{resolve:") || word.startsWith("$(")) {
      return true;
    }
    String name = text.substring(Math.max(nameStart, nameEnd - LONGEST_OPTION), nameEnd);
    if (word.startsWith("/") && (name.equals("PWD") || name.equals("OLDPWD"))) {
      return true;
    }
    if (!Scan.is(text, nameEnd, ':')) {
      return false;
    }
    if (from == separator) {
      // A tag or a revision behind a name, as images and task definitions have them.
      return name.indexOf('-') > 0 && VERSION.matcher(word).matches();
    }
    return !SecretNames.isPassword(text, nameStart, nameEnd)
        && (SAID.matcher(word).matches() || Scan.word(text, nameStart - FENCING.length(), FENCING));
  }

  /** The kind of a resource in an ARN, or the last part of a path with a tag or a revision. */
  private boolean isPath(int nameStart, int nameEnd) {
    return Scan.is(text, nameEnd, ':')
        && (Scan.is(text, nameStart - 1, ':') && nameEnd - nameStart == "secret".length()
            || Scan.is(text, nameStart - 1, '/') && Scan.is(text, nameStart - 2, Scan::inName));
  }

  /** Return where the separator behind a name ends; -1 where there is none. */
  private int separator(int nameStart, int nameEnd) {
    int quoted = quote(nameEnd);
    int tag = Scan.back(text, nameStart, c -> Scan.inName(c) || c == ':', LONGEST_OPTION);
    if (Scan.is(text, nameEnd, '>') && Scan.is(text, tag - 1, '<')) {
      return nameEnd + 1;
    }
    boolean attribute = quoted > nameEnd && Scan.is(text, nameStart - 2, '=');
    if (attribute || Scan.is(text, nameStart - 1, '<') && Scan.is(text, nameEnd, ' ')) {
      int close =
          Scan.over(text, quoted, c -> c != '<' && c != '>' && c != '\n', LONGEST_ATTRIBUTES);
      if (Scan.is(text, close, '>') && !Scan.is(text, close - 1, '/')) {
        return close + 1;
      }
      if (!attribute) {
        // The value is one of the attributes.
        named = nameEnd;
        return -1;
      }
    }
    if (Scan.is(text, nameEnd, '>')) {
      return -1;
    }
    int at =
        quoted > nameEnd
            ? Scan.over(text, bracket(quoted), Character::isWhitespace)
            : Scan.over(text, index(nameEnd), c -> Scan.blank(c) || c == '*');
    if (text.startsWith("=&gt;", at)) {
      return at + "=&gt;".length();
    }
    if (Scan.is(text, at, '=')) {
      return Scan.is(text, at + 1, '>') || Scan.is(text, at + 1, '=') ? at + 2 : at + 1;
    }
    if (Scan.is(text, at, ':')) {
      return Scan.is(text, at + 1, ':') ? -1 : Scan.is(text, at + 1, '=') ? at + 2 : at + 1;
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
    int before = Scan.back(text, nameStart, Scan::blank, 4);
    int word = Scan.back(text, before, c -> Scan.letter(c) || c == '-', 8);
    if (Scan.is(text, nameStart, '-')
        || before < nameStart && SETTING.contains(text.substring(word, before))) {
      return true;
    }
    for (int at = Math.max(nameStart, nameEnd - LONGEST_OPTION); at < nameEnd - 1; at++) {
      if (text.charAt(at) == '-' && text.charAt(at + 1) == '-') {
        return true;
      }
    }
    return false;
  }

  /**
   * Return where a quote ends that closes a name or opens a value; where it began when there is
   * none.
   */
  private int quote(int at) {
    int escapes = Scan.over(text, at, c -> c == '\\', MOST_ESCAPES);
    return Scan.is(text, escapes, '"') || Scan.is(text, escapes, '\'') ? escapes + 1 : at;
  }

  /** The bracket of {@code config["password"]}. */
  private int bracket(int at) {
    return Scan.is(text, at, ']') || Scan.is(text, at, ')') ? at + 1 : at;
  }

  /** The index of {@code PASSWORD[0]}. */
  private int index(int at) {
    if (!Scan.is(text, at, '[')) {
      return at;
    }
    int end = Scan.over(text, at + 1, Scan::digit);
    return end > at + 1 && Scan.is(text, end, ']') ? end + 1 : at;
  }

  /**
   * Find a value that YAML has on the lines below its name: a block, a single word, or a list.
   *
   * @return where to go on; -1 where the value is on the name's own line, or none
   */
  private int linesBelow(int nameStart, int from) {
    boolean block = Scan.is(text, from, '|') || Scan.is(text, from, '>');
    int end = block ? Scan.over(text, from + 1, c -> Scan.digit(c) || c == '+' || c == '-') : from;
    end = Scan.over(text, end, c -> Scan.blank(c) || c == '\r');
    int begin =
        Scan.back(
            text, nameStart, c -> Scan.blank(c) || c == '-' || c == '"' || c == '\'', MOST_INDENT);
    if (!Scan.is(text, end, '\n') || begin > 0 && !Scan.is(text, begin - 1, '\n')) {
      return -1;
    }
    int indent = nameStart - begin;
    int line = end + 1;
    int done = -1;
    while (line < text.length()) {
      int first = Scan.over(text, line, Scan::blank);
      int lineEnd = Scan.over(text, first, c -> c != '\n' && c != '\r');
      boolean item = Scan.is(text, first, '-') && Scan.is(text, first + 1, ' ');
      if (first < lineEnd && first - line <= indent - (item ? 1 : 0)) {
        break;
      }
      int word = item && !block ? Scan.over(text, first + 1, Scan::blank) : first;
      if (!block && !isWord(word, lineEnd)) {
        break;
      }
      if (word < lineEnd) {
        values.mask(word, lineEnd);
        done = lineEnd;
      }
      line = Scan.over(text, lineEnd, c -> c == '\r') + 1;
    }
    return done;
  }

  /** One word, perhaps in quotes, that is no field's name; or nothing. */
  private boolean isWord(int from, int to) {
    int end = Scan.over(text, from, c -> !Character.isWhitespace(c));
    return Scan.over(text, end, Scan::blank) >= to
        && !Scan.is(text, end - 1, ':')
        && !Scan.is(text, from, '{')
        && !Scan.is(text, from, '[')
        && !Scan.is(text, from, '<');
  }
}
