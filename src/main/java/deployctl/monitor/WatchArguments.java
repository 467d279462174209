package deployctl.monitor;

import deployctl.cli.Args;
import deployctl.monitor.checkpoint.WatchRequest;
import deployctl.registry.CorrelationId;
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
    declareRest(spec);
  }

  /** Add the arguments to a command that can do without all of them. */
  public void declareOptional(CommandSpec spec, String without) {
    Args.optional(
        spec,
        "correlation_id",
        "Name of the deployment (default: " + without + ").",
        v -> correlationId = orEmpty(v));
    declareRest(spec);
  }

  private void declareRest(CommandSpec spec) {
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

  /** Tell whether a deployment was named. */
  public boolean named() {
    return !correlationId.isBlank();
  }

  /** Tell whether a stack was named. */
  public boolean namesStack() {
    return blankToNull(stack) != null;
  }

  /** Return the deployment's name. */
  public String correlationId() {
    return CorrelationId.check(correlationId);
  }

  /** Return what is to be watched, completed from the registry and the settings. */
  public WatchRequest request(WatchRequests requests) {
    return requests.complete(
        correlationId(),
        blankToNull(stack),
        blankToNull(channelOption != null ? channelOption : channel),
        blankToNull(logFile));
  }

  /** Return the words that say the same to another process. */
  public static List<String> argv(WatchRequest request) {
    List<String> argv = new ArrayList<>(List.of(request.correlationId(), request.lookup()));
    argv.add(request.channel() == null ? "" : request.channel());
    argv.add(request.logFile().absolute().toString());
    return argv;
  }

  private static @Nullable String blankToNull(@Nullable String text) {
    return text == null || text.isBlank() ? null : text;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
