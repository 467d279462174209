package deployctl.coordinator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.ExitCode;
import deployctl.coordinator.lock.AcquireResult;
import deployctl.coordinator.lock.AcquireResult.Admitted;
import deployctl.coordinator.lock.DeploymentFactory;
import deployctl.coordinator.lock.LeaseRenewer;
import deployctl.coordinator.lock.LockRequest;
import deployctl.registry.Deployment;
import deployctl.support.Failure;
import deployctl.support.process.Shutdown;
import deployctl.target.Target;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code coordinator acquire}: take a place in the queue, wait for the turn, register, and hold on
 * if asked to.
 */
public final class AcquireCommand implements Command {
  private final CoordinatorContext context;
  private final LockRequestOptions options = new LockRequestOptions("GITHUB_SHA");
  private @Nullable String environment;
  private @Nullable String lease;
  private boolean hold;
  private final AtomicBoolean ending = new AtomicBoolean();
  private boolean allowCleanup;

  /** Make the command. */
  public AcquireCommand(CoordinatorContext context) {
    this.context = context;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.optional(
        spec,
        "environment",
        "Environment to deploy to (default: production).",
        v -> environment = v);
    options.declare(spec);
    Args.flag(
        spec, "--hold", "Stay and renew the lease until released or told to end.", v -> hold = v);
    Args.option(
        spec,
        "--lease",
        "<duration>",
        "How long the place is kept unless released (default: 2h), or without renewal under --hold (2m).",
        v -> lease = v);
    Args.flag(
        spec,
        "--allow-cleanup",
        "Take the place although the stack needs cleaning up.",
        v -> allowCleanup = v);
    Args.examples(
        spec,
        "deployctl coordinator acquire production --wait 30m",
        "ID=$(deployctl coordinator acquire staging --wait 30m -o json | jq -r .correlation_id)",
        "deployctl coordinator acquire production --wait 1h --hold &",
        "",
        "Exit code 2: the place is taken (without --wait). 3: the wait was over before the turn came.");
  }

  @Override
  public ExitCode run() {
    Target target = context.targets().find(environment, null);
    String id = options.correlationId(context.time().now(), context.random());
    Duration usual = hold ? DeploymentFactory.SHORT_LEASE : context.defaultLease().get();
    Duration kept = lease == null ? usual : LeaseOption.parse(lease);
    Duration longest = options.longest();
    LockRequest.LockAttempt attempt =
        new LockRequest.LockAttempt(Long.toHexString(context.random().nextLong()), ending::get);
    LockRequest request =
        new LockRequest(
            "coordinator acquire",
            id,
            options.workflowRunId(),
            target,
            kept,
            options.commit(Optional::empty),
            allowCleanup,
            hold,
            attempt);
    // Told to end while it waits or holds, it gives back what it has: nobody should have to wait
    // for a lease.
    try (Shutdown.Registration registration = context.shutdown().onEnd(() -> end(request))) {
      return acquire(request, longest);
    } catch (Failure e) {
      if (ending.get()) {
        // What it was about was given back under its feet: that is no news.
        return ExitCode.TERMINATED;
      }
      giveBackQuietly(request);
      throw e;
    }
  }

  private ExitCode acquire(LockRequest request, @Nullable Duration longest) {
    AcquireResult admission = new Acquisition(context).admit(request, longest);
    ExitCode code =
        AcquireReport.show(context, admission, request.correlationId(), longest != null);
    if (!(admission instanceof Admitted admitted)) {
      return code;
    }
    if (context.console().failed() && !admitted.repeated()) {
      // Whoever asked has not learned the answer, and so would never release it.
      giveBackQuietly(request);
      return ExitCode.NO;
    }
    return hold ? hold(admitted.entry(), request.lease()) : code;
  }

  private ExitCode hold(Deployment entry, Duration kept) {
    LeaseRenewer keeper =
        new LeaseRenewer(
            context.coordinator().get(), kept, context.time(), context.console()::warn);
    LeaseRenewer.End end = keeper.keep(entry);
    return switch (end) {
      case RELEASED -> {
        context.console().note(entry.correlationId() + " was released");
        yield ExitCode.OK;
      }
      case LOST ->
          throw new Failure(
              Failure.FailureKind.BUSY,
              entry.correlationId() + " lost its place: its lease ran out and another took over",
              "Stop the deployment; see 'deployctl coordinator get-active'");
    };
  }

  private void end(LockRequest request) {
    ending.set(true);
    new Acquisition(context).giveBack(request);
  }

  /** After a failure that is reported already: a write may have come through before it. */
  private void giveBackQuietly(LockRequest request) {
    try {
      context.coordinator().get().giveBack(request);
    } catch (Failure e) {
      return;
    }
  }
}
