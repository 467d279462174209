package deployctl.coordinator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.coordinator.lock.AcquireResult;
import deployctl.coordinator.lock.AcquireResult.Acquired;
import deployctl.coordinator.lock.Coordinator;
import deployctl.coordinator.lock.DeploymentFactory;
import deployctl.coordinator.lock.GateAllowances;
import deployctl.coordinator.lock.LeaseRenewer;
import deployctl.coordinator.lock.LeaseRenewer.LeaseEnd;
import deployctl.coordinator.lock.LockRequest;
import deployctl.coordinator.lock.LockTerms;
import deployctl.registry.Deployment;
import deployctl.support.Failure;
import deployctl.support.process.Shutdown;
import deployctl.support.time.Time;
import deployctl.target.Target;
import deployctl.target.Targets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code coordinator acquire}: take a ticket in the queue, wait for the turn, register, and hold on
 * if asked to.
 */
public final class AcquireCommand implements Command {
  private final Targets targets;
  private final LockRequests requests;
  private final Supplier<Duration> defaultLease;
  private final Shutdown.Hooks shutdown;
  private final Console console;
  private final Supplier<Coordinator> coordinator;
  private final Acquisition acquisition;
  private final AcquireReport report;
  private final Time time;
  private final LockRequestOptions options = new LockRequestOptions("GITHUB_SHA");
  private @Nullable String environment;
  private @Nullable String lease;
  private boolean hold;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private boolean allowCleanup;

  /** Make the command. */
  public AcquireCommand(
      Targets targets,
      LockRequests requests,
      Supplier<Duration> defaultLease,
      Shutdown.Hooks shutdown,
      Console console,
      Supplier<Coordinator> coordinator,
      Acquisition acquisition,
      AcquireReport report,
      Time time) {
    this.targets = targets;
    this.requests = requests;
    this.time = time;
    this.defaultLease = defaultLease;
    this.shutdown = shutdown;
    this.console = console;
    this.coordinator = coordinator;
    this.acquisition = acquisition;
    this.report = report;
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
        "How long the lock is kept unless released (default: 2h), or without renewal under --hold (2m).",
        v -> lease = v);
    Args.flag(
        spec,
        "--allow-cleanup",
        "Take the lock although the stack needs cleaning up.",
        v -> allowCleanup = v);
    Args.examples(
        spec,
        "deployctl coordinator acquire production --wait 30m",
        "ID=$(deployctl coordinator acquire staging --wait 30m -o json | jq -r .correlation_id)",
        "deployctl coordinator acquire production --wait 1h --hold &",
        "",
        "Exit code 2: the lock is taken (without --wait). 3: the wait was over before the turn came.");
  }

  @Override
  public ExitCode run() {
    Target target = targets.find(environment, null);
    Duration usual = hold ? DeploymentFactory.SHORT_LEASE : defaultLease.get();
    Duration kept = lease == null ? usual : LeaseOption.parse(lease);
    Duration longest = options.longest();
    acquisition.checkShared(options);
    LockRequest request =
        requests.of(
            "coordinator acquire",
            options,
            target,
            new LockTerms(
                kept,
                GateAllowances.of(allowCleanup, options.newStack()),
                hold ? LockTerms.LockOwner.PROCESS : LockTerms.LockOwner.NOBODY),
            stopping);
    // Told to end while it waits or holds, it gives back what it has: nobody should have to wait
    // for a lease.
    try (Shutdown.Registration registration = shutdown.onEnd(() -> end(request))) {
      return acquire(request, longest);
    } catch (Failure e) {
      if (stopping.get()) {
        // What it was about was given back under its feet: that is no news.
        return ExitCode.TERMINATED;
      }
      giveBackQuietly(request);
      throw e;
    }
  }

  private ExitCode acquire(LockRequest request, @Nullable Duration longest) {
    AcquireResult result = acquisition.acquire(request, longest, options);
    ExitCode code = report.show(result, request.correlationId(), longest != null);
    if (!(result instanceof Acquired acquired)) {
      return code;
    }
    if (console.failed() && !acquired.repeated()) {
      // Whoever asked has not learned the answer, and so would never release it.
      giveBackQuietly(request);
      return ExitCode.NO;
    }
    return hold ? hold(acquired.entry(), request.terms().lease()) : code;
  }

  private ExitCode hold(Deployment entry, Duration kept) {
    LeaseEnd end =
        LeaseRenewer.ofHolder(coordinator.get(), entry, kept, time, console::warn).keep();
    return switch (end) {
      case RELEASED -> {
        console.note(entry.correlationId() + " was released");
        yield ExitCode.OK;
      }
      case LOST ->
          throw new Failure(
              Failure.FailureKind.BUSY,
              entry.correlationId() + " lost the lock: its lease ran out and another took over",
              "Stop the deployment; see 'deployctl coordinator get-active'");
    };
  }

  private void end(LockRequest request) {
    stopping.set(true);
    acquisition.giveBack(request);
  }

  /** After a failure that is reported already: a write may have come through before it. */
  private void giveBackQuietly(LockRequest request) {
    try {
      coordinator.get().giveBack(request);
    } catch (Failure e) {
      return;
    }
  }
}
