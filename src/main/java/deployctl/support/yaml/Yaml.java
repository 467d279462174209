package deployctl.support.yaml;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads YAML 1.2 into nodes; nothing in it is run, and no text makes it fail in another way. */
public final class Yaml {
  /** A text is not YAML, or is nested too deeply to be read. */
  public static final class YamlException extends Exception {
    private static final long serialVersionUID = 1;
    private final int line;

    YamlException(String message, int line, @Nullable Throwable cause) {
      super(message, cause);
      this.line = line;
    }

    /** Return the line that is wrong, from 1; 0 where that is not known. */
    public int line() {
      return line;
    }

    /** Return what is wrong, on one line. */
    public String problem() {
      return String.valueOf(getMessage());
    }
  }

  private Yaml() {}

  /**
   * Read a document.
   *
   * @param text whose size the caller bounds
   * @return its root, or null when it is empty
   */
  public static @Nullable Node compose(String text) throws YamlException {
    try {
      return new Compose(
              LoadSettings.builder()
                  .setCodePointLimit(Integer.MAX_VALUE)
                  .setMaxAliasesForCollections(0)
                  .build())
          .composeString(text)
          .orElse(null);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().or(e::getContextMark).map(mark -> mark.getLine() + 1).orElse(1);
      throw new YamlException(oneLine(e.getProblem()), line, e);
    } catch (YamlEngineException e) {
      throw new YamlException(oneLine(e.getMessage()), 0, e);
    } catch (StackOverflowError e) {
      throw new YamlException("nested too deeply", 0, null);
    } catch (IndexOutOfBoundsException e) {
      // The engine's reader where a pair of surrogates lies across its buffer's end.
      throw new YamlException("a character that cannot be read", 0, e);
    }
  }

  private static String oneLine(@Nullable String text) {
    return text == null ? "unreadable" : text.replaceAll("\\s+", " ").strip();
  }
}
