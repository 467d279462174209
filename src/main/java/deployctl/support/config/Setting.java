package deployctl.support.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be set.
 *
 * @param key its name in the configuration file, with dots between levels
 * @param variable the environment variable that sets it, or null for none
 * @param fallback its value when nothing sets it, or null for none
 * @param type what the file may hold for it
 * @param meaning one sentence for the documentation
 */
public record Setting(
    String key, @Nullable String variable, @Nullable String fallback, Type type, String meaning) {

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
    /** Yes or no. */
    SWITCH("true or false"),
    /** A mapping from a name of the user's choice to a text. */
    MAP("a mapping of names to text");

    private final String description;

    Type(String description) {
      this.description = description;
    }

    /** Return the type for a sentence. */
    public String describe() {
      return description;
    }
  }

  /** Make a setting that holds any text. */
  public static Setting text(
      String key, @Nullable String variable, @Nullable String fallback, String meaning) {
    return new Setting(key, variable, fallback, Type.TEXT, meaning);
  }

  /** Make a setting that holds a duration. */
  public static Setting duration(
      String key, @Nullable String variable, String fallback, String meaning) {
    return new Setting(key, variable, fallback, Type.DURATION, meaning);
  }

  /** Make a setting that is on or off. */
  public static Setting onOff(
      String key, @Nullable String variable, String fallback, String meaning) {
    return new Setting(key, variable, fallback, Type.SWITCH, meaning);
  }

  /** Make a setting that maps names of the user's choice to text. */
  public static Setting map(String key, String meaning) {
    return new Setting(key, null, null, Type.MAP, meaning);
  }
}
