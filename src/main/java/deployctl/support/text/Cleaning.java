package deployctl.support.text;

/**
 * Takes out of texts from elsewhere what is more than text to who reads them: control characters
 * that move a terminal's cursor, marks that turn the direction of writing, line separators of
 * Unicode's, and what a workflow's runner takes for its commands.
 *
 * <p>Source: Unicode Standard Annex 9 (bidirectional formatting characters); GitHub Actions,
 * "Workflow commands", whose runner takes a line for one that begins with {@code ::}, or has {@code
 * ##[} anywhere in it.
 */
public final class Cleaning {
  private static final String COMMAND = "::";
  private static final String OLD_COMMAND = "##[";

  private Cleaning() {}

  /** Return a text that is text alone; its line ends stay. */
  public static String text(String text) {
    return withoutCommands(withoutControls(text, false));
  }

  /** Return what is to be shown, which may have colours and tabs that this program gave it. */
  public static String shown(String text) {
    return withoutCommands(withoutControls(text, true));
  }

  /** Tell whether a character does something else than stand there; line ends do not count. */
  public static boolean isControl(char c) {
    return c < ' ' && c != '\n'
        || c >= 0x7f && c <= 0x9f
        || c == 0x061c
        || c >= 0x200b && c <= 0x200f
        || c >= 0x2028 && c <= 0x202e
        || c >= 0x2060 && c <= 0x206f
        || c == 0xfeff
        || c >= 0xfff9 && c <= 0xfffb;
  }

  private static String withoutControls(String text, boolean coloured) {
    StringBuilder kept = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int colour = coloured && c == '\u001b' ? colour(text, i) : 0;
      if (colour > 0) {
        if (kept != null) {
          kept.append(text, i, i + colour);
        }
        i += colour - 1;
        continue;
      }
      boolean bad = isControl(c) && !(coloured && c == '\t');
      if (bad && kept == null) {
        kept = new StringBuilder(text.length()).append(text, 0, i);
      }
      if (kept == null) {
        continue;
      }
      if (!bad) {
        kept.append(c);
      } else if (separates(c)) {
        kept.append(' ');
      } else if (c == '\u001b') {
        // A word is one again: it may be the name of a secret.
        i += Math.max(1, colour(text, i)) - 1;
      }
    }
    return kept == null ? text : kept.toString();
  }

  /** Tell whether there was something between what stands on both sides of a control character. */
  private static boolean separates(char c) {
    return c >= '\t' && c <= '\r' || c == '\u0085' || c == '\u2028' || c == '\u2029';
  }

  /** Return how long the sequence is that sets a colour (ECMA-48, SGR); 0 when it is none. */
  private static int colour(String text, int at) {
    if (!Scan.is(text, at + 1, '[')) {
      return 0;
    }
    int end = Scan.over(text, at + 2, c -> Scan.digit(c) || c == ';', 32);
    return Scan.is(text, end, 'm') ? end + 1 - at : 0;
  }

  private static String withoutCommands(String text) {
    String cleaned = text.contains(OLD_COMMAND) ? text.replace(OLD_COMMAND, "## [") : text;
    if (!cleaned.contains(COMMAND)) {
      return cleaned;
    }
    StringBuilder kept = null;
    int line = 0;
    while (line < cleaned.length()) {
      int end = cleaned.indexOf('\n', line);
      int next = end < 0 ? cleaned.length() : end + 1;
      int first =
          Scan.over(
              cleaned,
              line,
              c -> c != '\n' && (Character.isWhitespace(c) || Character.isSpaceChar(c)));
      boolean command = cleaned.startsWith(COMMAND, first);
      if (command && kept == null) {
        kept = new StringBuilder(cleaned.length() + 16).append(cleaned, 0, line);
      }
      if (kept != null && command) {
        kept.append(cleaned, line, first).append(": :").append(cleaned, first + 2, next);
      } else if (kept != null) {
        kept.append(cleaned, line, next);
      }
      line = next;
    }
    return kept == null ? cleaned : kept.toString();
  }
}
