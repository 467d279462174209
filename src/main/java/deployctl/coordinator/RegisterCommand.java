package deployctl.coordinator;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.ExitCode;
import deployctl.coordinator.lock.Coordinator;
import deployctl.coordinator.lock.GateAllowances;
import deployctl.coordinator.lock.LockRequest;
import deployctl.coordinator.lock.LockTerms;
import deployctl.coordinator.lock.ThrowawayRunner;
import deployctl.registry.CorrelationId;
import deployctl.target.Targets;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code coordinator register}: check and register in one step. */
public final class RegisterCommand implements Command {
  private final Supplier<Duration> defaultLease;
  private final Targets targets;
  private final RandomGenerator random;
  private final Supplier<Coordinator> coordinator;
  private final ThrowawayRunner runner;
  private final AcquireReport report;
  private String correlationId = "";
  private String workflowRunId = "";
  private @Nullable String environment;
  private @Nullable String stack;
  private @Nullable String commit;
  private @Nullable String lease;
  private boolean allowCleanup;
  private boolean newStack;

  /** Make the command. */
  public RegisterCommand(
      Supplier<Duration> defaultLease,
      Targets targets,
      RandomGenerator random,
      Supplier<Coordinator> coordinator,
      ThrowawayRunner runner,
      AcquireReport report) {
    this.runner = runner;
    this.defaultLease = defaultLease;
    this.targets = targets;
    this.random = random;
    this.coordinator = coordinator;
    this.report = report;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.required(
        spec, "correlation_id", "Name of the deployment.", v -> correlationId = String.valueOf(v));
    Args.required(
        spec,
        "workflow_run_id",
        "Id of the workflow run behind it.",
        v -> workflowRunId = String.valueOf(v));
    Args.required(spec, "environment", "Environment that is deployed to.", v -> environment = v);
    Args.optional(spec, "stack", "Its stack, where it is not the configured one.", v -> stack = v);
    Args.option(
        spec, "--commit", "<sha>", "What is deployed (default: GITHUB_SHA).", v -> commit = v);
    Args.option(
        spec,
        "--lease",
        "<duration>",
        "How long the lock is kept unless released (default: 2h).",
        v -> lease = v);
    Args.flag(
        spec,
        "--allow-cleanup",
        "Register although the stack needs cleaning up.",
        v -> allowCleanup = v);
    Args.flag(
        spec,
        "--new-stack",
        "Make the stack here although it is known in another region or account.",
        v -> newStack = v);
    Args.examples(
        spec,
        "deployctl coordinator register 20260131-120000-1a2b3c4d 4711 production",
        "deployctl coordinator register \"$ID\" \"$GITHUB_RUN_ID\" staging MyStack-Staging",
        "",
        "Exit code 2: another deployment holds the lock. The same id again is no error and changes nothing.");
  }

  @Override
  public ExitCode run() {
    String id = CorrelationId.check(correlationId);
    Duration kept = lease == null ? defaultLease.get() : LeaseOption.parse(lease);
    LockRequest request =
        new LockRequest(
            "coordinator register",
            id,
            workflowRunId,
            targets.find(environment, stack),
            commit,
            new LockTerms(
                kept, GateAllowances.of(allowCleanup, newStack), LockTerms.LockOwner.NOBODY),
            LockRequest.LockAttempt.of(random));
    runner.warn();
    ExitCode code = report.show(coordinator.get().register(request), id, false);
    if (code == ExitCode.OK) {
      report.tellUnwritten(id);
    }
    return code;
  }
}
