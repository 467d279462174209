package deployctl.support.config;

import deployctl.support.Failure;
import deployctl.support.env.Env;
import deployctl.support.time.Durations;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers what a setting is: the option, else the environment variable, else the file, else the
 * default.
 */
public final class Settings {
  private final Env env;
  private final Supplier<ConfigFile> file;

  /**
   * Make settings.
   *
   * @param file reads the configuration file at the first use; called once for each question
   */
  public Settings(Env env, Supplier<ConfigFile> file) {
    this.env = env;
    this.file = file;
  }

  /**
   * Return the value of a setting, or null when nothing sets it and it has no default.
   *
   * @param option what the command line says, or null
   */
  public @Nullable String find(Setting setting, @Nullable String option) {
    // The file is read even when it is overruled: a mistake in it is reported by every command
    // alike.
    String fromFile = file.get().get(setting);
    if (option != null) {
      return option;
    }
    String fromEnv = fromEnvironment(setting);
    if (fromEnv != null) {
      return fromEnv;
    }
    return fromFile != null ? fromFile : setting.fallback();
  }

  /** Return what the setting's environment variable says, or null. */
  public @Nullable String fromEnvironment(Setting setting) {
    return setting.variable() == null ? null : env.get(setting.variable());
  }

  /** Return the value of a setting that has a default. */
  public String get(Setting setting, @Nullable String option) {
    String value = find(setting, option);
    if (value == null) {
      throw new IllegalStateException(setting.key() + " has no default");
    }
    return value;
  }

  /** Return the value of a setting that is a duration; a bare number counts seconds. */
  public Duration duration(Setting setting, @Nullable String option) {
    return Durations.parse(setting.key(), get(setting, option), Duration.ofSeconds(1));
  }

  /**
   * Tell whether a setting is on.
   *
   * @throws Failure of kind USAGE when its value says neither
   */
  public boolean isOn(Setting setting) {
    String value = get(setting, null);
    return onOff(value)
        .orElseThrow(
            () ->
                Failure.usage(
                    "'" + value + "' is not allowed for " + setting.key(),
                    "Allowed: " + setting.type().describe()));
  }

  /** Return whether a word says on or off; empty for any other. */
  static Optional<Boolean> onOff(String word) {
    return switch (word.trim().toLowerCase(Locale.ROOT)) {
      case "true", "on", "yes", "1" -> Optional.of(true);
      case "false", "off", "no", "0" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  /** Return the entries that the file has for a setting that is a mapping. */
  public Map<String, String> map(Setting setting) {
    return file.get().map(setting);
  }
}
