package deployctl.cli;

import deployctl.support.Failure;
import deployctl.support.config.Setting;
import deployctl.support.config.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** The options that every command takes, before or after its name. */
public final class GlobalOptions {
  private static final Map<String, Setting> VALUED = new LinkedHashMap<>();

  static {
    VALUED.put("--registry-dir", ProgramSettings.REGISTRY_DIR);
    VALUED.put("--queue-dir", ProgramSettings.QUEUE_DIR);
    VALUED.put("--region", ProgramSettings.REGION);
    VALUED.put("--profile", ProgramSettings.PROFILE);
    VALUED.put("--endpoint-url", ProgramSettings.ENDPOINT_URL);
    VALUED.put("--stack", ProgramSettings.STACK);
    VALUED.put("--environment", ProgramSettings.ENVIRONMENT);
    VALUED.put("--config", ProgramSettings.CONFIG);
  }

  private final Map<String, String> given = new LinkedHashMap<>();
  private @Nullable String output;
  private boolean verbose;
  private boolean quiet;
  private boolean noColour;
  private boolean help;

  void declare(CommandSpec spec) {
    spec.addOption(
        Args.everywhere(
            Args.valued(
                new String[] {"-o", "--output"},
                "text|json",
                "What stdout carries: text for people (default) or one JSON document.",
                value -> output = value)));
    for (Map.Entry<String, Setting> entry : VALUED.entrySet()) {
      Setting setting = entry.getValue();
      spec.addOption(
          Args.everywhere(
              Args.valued(
                  new String[] {entry.getKey()},
                  "<" + entry.getKey().substring(2) + ">",
                  setting.meaning(),
                  value -> give(setting, value))));
    }
    spec.addOption(
        Args.everywhere(
            Args.flag(
                new String[] {"-v", "--verbose"},
                "Show the libraries' logs and stack traces on stderr.",
                value -> verbose = value)));
    spec.addOption(
        Args.everywhere(
            Args.flag(
                new String[] {"-q", "--quiet"},
                "Say nothing but results, warnings and errors.",
                value -> quiet = value)));
    spec.addOption(
        Args.everywhere(
            Args.flag(
                new String[] {"--no-color"},
                "No colour, as with NO_COLOR.",
                value -> noColour = value)));
    spec.addOption(
        Args.everywhere(
            Args.flag(new String[] {"-h", "--help"}, "Show this help.", value -> help = value)
                .usageHelp(true)));
  }

  /** Tell whether {@code word} is an option of these that takes the next word as its value. */
  static boolean takesValue(String word) {
    return word.equals("-o") || word.equals("--output") || VALUED.containsKey(word);
  }

  /** Return what the command line says of a setting, or null. */
  public @Nullable String given(Setting setting) {
    return given.get(setting.key());
  }

  /** Return the options as they were given, for a process that is to work alike. */
  public List<String> argv() {
    List<String> argv = new ArrayList<>();
    VALUED.forEach(
        (name, setting) -> {
          String value = given.get(setting.key());
          if (value != null) {
            argv.addAll(List.of(name, value));
          }
        });
    if (verbose) {
      argv.add("-v");
    }
    return argv;
  }

  /** Return a setting's value under the precedence of options, variables, file and default. */
  public @Nullable String find(Settings settings, Setting setting) {
    return settings.find(setting, given(setting));
  }

  /** Return a path setting's value. */
  public Path path(Settings settings, Setting setting) {
    return Path.of(settings.get(setting, given(setting)));
  }

  /** Tell whether the result is to be JSON. */
  boolean json() {
    if (output != null && !List.of("text", "json").contains(output)) {
      throw Failure.usage("'" + output + "' is not an output format", "Allowed: text, json");
    }
    return "json".equals(output);
  }

  /** Tell whether logs and stack traces are wanted. */
  public boolean verbose() {
    return verbose;
  }

  boolean quiet() {
    return quiet;
  }

  boolean noColour() {
    return noColour;
  }

  boolean help() {
    return help;
  }

  private void give(Setting setting, @Nullable String value) {
    if (value == null) {
      return;
    }
    if (value.isBlank()) {
      // An unset variable in a script: the current folder, or no stack at all, is not what was
      // meant.
      throw Failure.usage(
          "An option's value is empty: " + setting.meaning(),
          "Leave the option out, or give it a value");
    }
    given.put(setting.key(), value);
  }
}
