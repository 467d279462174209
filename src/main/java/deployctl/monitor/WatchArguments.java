package deployctl.monitor;

import deployctl.cli.Args;
import deployctl.cli.ProgramSettings;
import deployctl.monitor.watch.WatchRequest;
import deployctl.registry.CorrelationId;
import deployctl.registry.Deployment;
import deployctl.registry.RegistryUnavailable;
import deployctl.target.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The old scripts' arguments {@code <correlation_id> [stack] [channel] [log_file]}, for monitor and
 * recovery. Declared by commands, so it sees picocli.
 */
public final class WatchArguments {
  private String correlationId = "";
  private @Nullable String stack;
  private @Nullable String channel;
  private @Nullable String logFile;
  private @Nullable String channelOption;

  /** Add the arguments to a command. */
  public void declare(CommandSpec spec) {
    Args.required(
        spec, "correlation_id", "Name of the deployment.", v -> correlationId = orEmpty(v));
    Args.optional(spec, "stack", "Stack (default: the registry's, else --stack).", v -> stack = v);
    Args.optional(spec, "channel", "Slack channel, as --channel.", v -> channel = v);
    Args.optional(spec, "log_file", "Log (default: deployment-monitor.log).", v -> logFile = v);
    Args.option(
        spec,
        "--channel",
        "<channel>",
        "Slack channel (default as notify).",
        v -> channelOption = v);
  }

  /** Return the deployment's name. */
  public String correlationId() {
    return CorrelationId.check(correlationId);
  }

  /** Return what is to be watched, completed from the registry and the settings. */
  public WatchRequest watched(MonitorContext context) {
    String id = correlationId();
    Deployment entry = entry(context, id);
    String environment = entry == null ? null : entry.environment();
    String named = blankToNull(stack);
    if (named == null && entry != null) {
      named = entry.stackName();
    }
    Target target = context.targets().find(environment, named);
    boolean arn = named != null && named.startsWith("arn:");
    String log = blankToNull(logFile);
    return new WatchRequest(
        id,
        environment != null || named == null
            ? target.environment()
            : environmentOf(context, target),
        target.stackName(),
        arn && named != null ? named : target.stackName(),
        blankToNull(channelOption != null ? channelOption : channel),
        Path.of(log == null ? context.settings().get(ProgramSettings.MONITOR_LOG, null) : log));
  }

  /** A stack that was named is of the environment that deploys to it, as far as one is known. */
  private static String environmentOf(MonitorContext context, Target target) {
    return context.targets().allTargets().stream()
        .filter(known -> known.stackName().equals(target.stackName()))
        .map(Target::environment)
        .findFirst()
        .orElse(target.environment());
  }

  /** Return the words that say the same to another process. */
  public static List<String> words(WatchRequest watched) {
    List<String> words = new ArrayList<>(List.of(watched.correlationId(), watched.lookup()));
    words.add(watched.channel() == null ? "" : watched.channel());
    words.add(watched.logFile().toAbsolutePath().toString());
    return words;
  }

  private static @Nullable Deployment entry(MonitorContext context, String id) {
    try {
      return context.registry().get().read().find(id);
    } catch (RegistryUnavailable e) {
      context.console().warn(e.what());
      return null;
    }
  }

  private static @Nullable String blankToNull(@Nullable String text) {
    return text == null || text.isBlank() ? null : text;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
