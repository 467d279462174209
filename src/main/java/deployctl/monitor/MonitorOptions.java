package deployctl.monitor;

import deployctl.cli.Args;
import deployctl.cli.ProgramSettings;
import deployctl.monitor.checkpoint.MonitorSettings;
import deployctl.support.Failure;
import deployctl.support.config.Setting;
import deployctl.support.config.Settings;
import deployctl.support.time.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** The options that watching takes, shared by monitor and recovery. */
public final class MonitorOptions {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Map<String, Setting> DURATIONS = new LinkedHashMap<>();

  static {
    DURATIONS.put("--check-interval", ProgramSettings.CHECK_INTERVAL);
    DURATIONS.put("--stall-threshold", ProgramSettings.STALL_THRESHOLD);
    DURATIONS.put("--max-duration", ProgramSettings.MAX_DURATION);
    DURATIONS.put("--recovery-interval", ProgramSettings.RECOVERY_INTERVAL);
    DURATIONS.put("--aws-patience", ProgramSettings.OUTAGE_TOLERANCE);
    DURATIONS.put("--wait-for-operation", ProgramSettings.WAIT_FOR_OPERATION);
  }

  private final Map<String, String> given = new LinkedHashMap<>();
  private @Nullable String waitForStack;

  /** Add the options to a command. */
  public void declare(CommandSpec spec) {
    DURATIONS.forEach(
        (name, setting) ->
            Args.option(
                spec,
                name,
                "<duration>",
                setting.meaning() + " Default: " + setting.fallback() + ".",
                value -> {
                  if (value != null) {
                    given.put(name, value);
                  }
                }));
    Args.option(
        spec,
        "--wait-for-stack",
        "<duration>",
        "How long to wait for a stack that does not exist yet. Default: not at all.",
        value -> waitForStack = value);
  }

  /** Return how to watch, under the precedence of options, variables, file and defaults. */
  public MonitorSettings settings(Settings settings) {
    return new MonitorSettings(
        duration(settings, "--check-interval"),
        duration(settings, "--stall-threshold"),
        duration(settings, "--max-duration"),
        duration(settings, "--recovery-interval"),
        duration(settings, "--aws-patience"),
        duration(settings, "--wait-for-operation"),
        waitForStack == null
            ? Duration.ZERO
            : Durations.parse("--wait-for-stack", waitForStack, SECOND));
  }

  /** Return the options as they were given, for a process that is to watch alike. */
  public List<String> argv() {
    List<String> argv = new ArrayList<>();
    given.forEach((name, value) -> argv.addAll(List.of(name, value)));
    if (waitForStack != null) {
      argv.addAll(List.of("--wait-for-stack", waitForStack));
    }
    return argv;
  }

  private Duration duration(Settings settings, String name) {
    Setting setting = DURATIONS.get(name);
    if (setting == null) {
      throw new IllegalArgumentException(name);
    }
    Duration duration = settings.duration(setting, given.get(name));
    if (duration.compareTo(Duration.ofMillis(100)) < 0) {
      throw Failure.usage(
          "'" + duration.toMillis() + " ms' is too short for " + name, "Use 1s or more");
    }
    return duration;
  }
}
