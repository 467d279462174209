package deployctl.support.text;

import java.util.List;
import java.util.stream.Collectors;

/** Writes words so that a shell takes them as they are. */
public final class Shell {
  private Shell() {}

  /** Return a command line. */
  public static String command(List<String> words) {
    return words.stream().map(Shell::quote).collect(Collectors.joining(" "));
  }

  /** Return a word for a shell's command line, in quotes where it needs them. */
  public static String quote(String word) {
    if (!word.isEmpty() && word.matches("[A-Za-z0-9_./:@%+=,-]+")) {
      return word;
    }
    return "'" + word.replaceAll("\\p{Cntrl}", " ").replace("'", "'\\''") + "'";
  }
}
