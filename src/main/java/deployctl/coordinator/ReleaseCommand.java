package deployctl.coordinator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.coordinator.lock.Coordinator;
import deployctl.coordinator.view.DeploymentView;
import deployctl.registry.CorrelationId;
import deployctl.registry.Deployment;
import deployctl.registry.DeploymentStatus;
import deployctl.support.Failure;
import deployctl.support.time.Time;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code coordinator release}: finish a deployment and keep its entry. */
public final class ReleaseCommand implements Command {
  private final Supplier<Coordinator> coordinator;
  private final Console console;
  private final Time time;
  private String correlationId = "";
  private @Nullable String status;
  private @Nullable String fencingToken;

  /** Make the command. */
  public ReleaseCommand(Supplier<Coordinator> coordinator, Console console, Time time) {
    this.coordinator = coordinator;
    this.console = console;
    this.time = time;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.required(
        spec, "correlation_id", "Name of the deployment.", v -> correlationId = String.valueOf(v));
    Args.option(
        spec,
        "--status",
        "SUCCEEDED|FAILED|CANCELLED",
        "How it ended (default: SUCCEEDED).",
        v -> status = v);
    Args.option(
        spec,
        "--fencing-token",
        "<number>",
        "Release only the acquisition that got this number.",
        v -> fencingToken = v);
    Args.examples(
        spec,
        "deployctl coordinator release 20260131-120000-1a2b3c4d",
        "deployctl coordinator release \"$ID\" --status FAILED",
        "",
        "Exit code 1: there is no such deployment, or it ended otherwise before.");
  }

  @Override
  public ExitCode run() {
    DeploymentStatus end =
        status == null ? DeploymentStatus.SUCCEEDED : DeploymentStatus.find(status);
    if (end == null || !end.finished()) {
      throw Failure.usage(
          "'" + status + "' is not a final status", "Allowed: SUCCEEDED, FAILED, CANCELLED");
    }
    boolean unknownEnd = status == null && isUnknownEnd();
    Deployment entry = coordinator.get().release(CorrelationId.check(correlationId), end, token());
    if (unknownEnd) {
      console.warn(
          "How "
              + entry.correlationId()
              + " ended is not known: its run did not say. It is kept as SUCCEEDED, since no --status was given");
    }
    console.result(entry.toJson(), () -> DeploymentView.details(entry, time.now()));
    return ExitCode.OK;
  }

  /** A run that says how it ended gives the lock back itself. */
  private boolean isUnknownEnd() {
    Deployment known = coordinator.get().deployments().find(CorrelationId.check(correlationId));
    return known != null
        && known.status() == DeploymentStatus.IN_PROGRESS
        && (known.isHeldByRun() || known.isLeftToItsWatcher())
        && known.operationEndedAt() == null;
  }

  private @Nullable Long token() {
    try {
      return fencingToken == null ? null : Long.valueOf(fencingToken);
    } catch (NumberFormatException e) {
      throw Failure.usage(
          "'" + fencingToken + "' is not a fencing token", "It is the whole number of the entry");
    }
  }
}
