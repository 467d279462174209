package deployctl.support.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be set.
 *
 * @param key its name in the configuration file, with dots between levels
 * @param variable the environment variable that sets it, or null for none
 * @param fallback its value when nothing sets it, or null for none
 * @param type what the file may hold for it
 * @param allowed the only values allowed; empty for any of the type
 * @param meaning one sentence for the documentation
 */
public record Setting(
    String key,
    @Nullable String variable,
    @Nullable String fallback,
    Type type,
    List<String> allowed,
    String meaning) {

  /**
   * The shortest duration that makes sense for any setting: what polls or renews more often floods.
   */
  public static final Duration SHORTEST = Duration.ofSeconds(1);

  /** What a configuration file may hold. */
  public enum Type {
    /** Text, in quotes where YAML would take it for something else. */
    TEXT("text"),
    /** A duration such as 90s or 30m. */
    DURATION("a duration of 1s or more, such as 90s or 30m"),
    /** A mapping from a name of the user's choice to a text. */
    MAP("a mapping of names to text");

    private final String words;

    Type(String words) {
      this.words = words;
    }

    /** Return the type for a sentence. */
    public String words() {
      return words;
    }
  }

  /** Make a setting that holds any text. */
  public static Setting text(
      String key, @Nullable String variable, @Nullable String fallback, String meaning) {
    return new Setting(key, variable, fallback, Type.TEXT, List.of(), meaning);
  }

  /** Make a setting that holds a duration. */
  public static Setting duration(
      String key, @Nullable String variable, String fallback, String meaning) {
    return new Setting(key, variable, fallback, Type.DURATION, List.of(), meaning);
  }

  /** Make a setting that holds one of a few words. */
  public static Setting oneOf(String key, String fallback, List<String> allowed, String meaning) {
    return new Setting(key, null, fallback, Type.TEXT, allowed, meaning);
  }

  /** Make a setting that maps names of the user's choice to text. */
  public static Setting map(String key, String meaning) {
    return new Setting(key, null, null, Type.MAP, List.of(), meaning);
  }
}
