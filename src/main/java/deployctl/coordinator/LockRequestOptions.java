package deployctl.coordinator;

import deployctl.cli.Args;
import deployctl.registry.CorrelationId;
import deployctl.support.time.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** What a deployment that asks for the lock says of itself, shared by acquire and run. */
public final class LockRequestOptions {
  private final String commitDefault;
  private @Nullable String wait;
  private @Nullable String correlationId;
  private @Nullable String workflowRunId;
  private @Nullable String commit;
  private boolean newStack;
  private boolean local;
  private boolean stopOnFailedPredecessor;
  private @Nullable String channel;

  /**
   * Make the options.
   *
   * @param commitDefault where the commit comes from when none is given, for the help
   */
  public LockRequestOptions(String commitDefault) {
    this.commitDefault = commitDefault;
  }

  /** Add the options to a command. */
  public void declare(CommandSpec spec) {
    Args.option(
        spec,
        "--correlation-id",
        "<id>",
        "Name of the deployment (default: a new one).",
        v -> correlationId = v);
    Args.option(
        spec,
        "--workflow-run-id",
        "<id>",
        "Workflow run behind it (default: GITHUB_RUN_ID).",
        v -> workflowRunId = v);
    Args.option(
        spec,
        "--wait",
        "<duration>",
        "Stand in the queue for up to that long, first come, first served.",
        v -> wait = v);
    Args.option(
        spec,
        "--commit",
        "<sha>",
        "What is deployed (default: " + commitDefault + ").",
        v -> commit = v);
    Args.flag(
        spec,
        "--new-stack",
        "Make the stack here although it is known in another region or account.",
        v -> newStack = v);
    Args.flag(
        spec,
        "--local",
        "On a GitHub-hosted runner: nobody else deploys there, so that a registry on its disk will do.",
        v -> local = v);
    Args.flag(
        spec,
        "--stop-on-failed-predecessor",
        "End the wait with exit code 1 when the deployment ahead fails.",
        v -> stopOnFailedPredecessor = v);
    Args.option(spec, "--channel", "<channel>", "Slack channel.", v -> channel = v);
  }

  /** Tell whether the failure of the deployment ahead ends the wait. */
  public boolean stopOnFailedPredecessor() {
    return stopOnFailedPredecessor;
  }

  /** Return the Slack channel that was given, or null for the usual one. */
  public @Nullable String channel() {
    return channel;
  }

  /** Tell whether a stack may be made that is known in another region or account. */
  public boolean newStack() {
    return newStack;
  }

  /** Tell whether a registry that only this machine sees will do. */
  public boolean local() {
    return local;
  }

  /**
   * Return the correlation id that was given, or a new one.
   *
   * @throws deployctl.support.Failure when the given one has not the form of an id
   */
  public String correlationId(Instant now, RandomGenerator random) {
    return correlationId == null
        ? CorrelationId.create(now, random)
        : CorrelationId.check(correlationId);
  }

  /** Return the workflow run that was given, or null. */
  public @Nullable String workflowRunId() {
    return workflowRunId;
  }

  /** Return the commit that was given, or else what {@code usual} finds, or null. */
  public @Nullable String commit(Supplier<Optional<String>> usual) {
    return commit != null ? commit : usual.get().orElse(null);
  }

  /**
   * Return how long to stand in the queue, or null to take no for an answer.
   *
   * @throws deployctl.support.Failure when what was given is no duration of a second or more
   */
  public @Nullable Duration longest() {
    return wait == null ? null : Durations.parse("--wait", wait, Duration.ofSeconds(1));
  }
}
