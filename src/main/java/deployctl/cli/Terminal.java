package deployctl.cli;

import deployctl.support.env.Env;
import org.jspecify.annotations.Nullable;

/**
 * What the standard streams are connected to.
 *
 * @param input whether stdin is a terminal
 * @param output whether stdout is a terminal
 * @param error whether stderr is a terminal
 * @param columns the terminal's width in characters, a guess where it is not known
 * @param colour whether colour is welcome there, before {@code --no-color}
 */
public record Terminal(boolean input, boolean output, boolean error, int columns, boolean colour) {
  private static final int USUAL_COLUMNS = 80;

  /** Return no terminal at all. */
  public static Terminal none() {
    return new Terminal(false, false, false, USUAL_COLUMNS, false);
  }

  /**
   * Return what the launcher found: it asks with the shell's own {@code test -t}, which is free,
   * where the JVM would load a terminal library to know.
   *
   * @param found holds {@code i}, {@code o} and {@code e} when stdin, stdout and stderr are
   *     terminals; may be null
   */
  public static Terminal fromLauncher(@Nullable String found, @Nullable String size, Env env) {
    String streams = found == null ? "" : found;
    int columns = USUAL_COLUMNS;
    String width = env.get("COLUMNS");
    if (width == null && size != null) {
      width = size.substring(size.lastIndexOf(' ') + 1);
    }
    if (width != null && width.matches("[1-9]\\d{0,3}")) {
      columns = Math.max(20, Integer.parseInt(width));
    }
    boolean colour = env.get("NO_COLOR") == null && !"dumb".equals(env.get("TERM"));
    return new Terminal(
        streams.indexOf('i') >= 0,
        streams.indexOf('o') >= 0,
        streams.indexOf('e') >= 0,
        columns,
        colour);
  }
}
