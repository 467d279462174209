package deployctl.run;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.ExitCode;
import deployctl.cli.PassesExit;
import deployctl.coordinator.Acquisition;
import deployctl.coordinator.LockRequestOptions;
import deployctl.coordinator.lock.AcquireResult;
import deployctl.coordinator.lock.AcquireResult.Admitted;
import deployctl.coordinator.lock.AcquireResult.Refused;
import deployctl.coordinator.lock.AcquireResult.TimedOut;
import deployctl.coordinator.lock.DeploymentFactory;
import deployctl.coordinator.lock.LockRequest;
import deployctl.diagnose.DiagnosisPrinter;
import deployctl.monitor.MonitorOptions;
import deployctl.registry.Deployment;
import deployctl.support.Failure;
import deployctl.support.process.Child;
import deployctl.support.process.Shutdown;
import deployctl.support.time.Durations;
import deployctl.support.time.Timestamps;
import deployctl.target.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code coordinator run}: take the place, announce, watch, run the command, announce the end,
 * remember, give the place back - also when it is cancelled.
 */
public final class RunCommand implements Command, PassesExit {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final String USUAL_GRACE = "5s";

  private final RunContext context;
  private final List<String> command = new ArrayList<>();
  private final LockRequestOptions requestOptions = new LockRequestOptions("GITHUB_SHA, then git");
  private final MonitorOptions monitorOptions = new MonitorOptions();
  private @Nullable String channel;
  private @Nullable String url;
  private @Nullable String grace;
  private @Nullable String onFailure;
  private boolean preflight;
  private boolean noMonitor;
  private OptionalInt childExit = OptionalInt.empty();
  private final AtomicBoolean ending = new AtomicBoolean();
  private final AtomicReference<@Nullable DeploymentRun> course = new AtomicReference<>();

  /** Make the command. */
  public RunCommand(RunContext context) {
    this.context = context;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.rest(
        spec,
        "[environment] -- command",
        "Environment (default: production), then what deploys.",
        command::add);
    requestOptions.declare(spec);
    Args.option(spec, "--channel", "<channel>", "Slack channel.", v -> channel = v);
    Args.option(
        spec,
        "--application-url",
        "<url>",
        "Where the application is, for the end message.",
        v -> url = v);
    Args.option(
        spec,
        "--grace",
        "<duration>",
        "How long the command may take to end when cancelled. Default: " + USUAL_GRACE + ".",
        v -> grace = v);
    Args.option(
        spec,
        "--on-failure",
        "diagnose|nothing",
        "What to print when the command fails (default: diagnose in CI).",
        v -> onFailure = v);
    Args.flag(
        spec, "--preflight", "Look first whether anything stands in the way.", v -> preflight = v);
    Args.flag(spec, "--no-monitor", "Watch nothing meanwhile.", v -> noMonitor = v);
    monitorOptions.declare(spec);
    Args.examples(
        spec,
        "deployctl coordinator run production --wait 60m -- npx cdk deploy --require-approval never",
        "",
        "The command finds CORRELATION_ID, DEPLOYCTL_ENVIRONMENT, DEPLOYCTL_STACK and",
        "DEPLOYCTL_FENCING_TOKEN in its environment. Exit code: the command's own; before it",
        "ran 1, 2, 3 or 5 as acquire's; 2 when the place was lost; 126 and 127 as a shell's.");
  }

  @Override
  public OptionalInt otherExit() {
    return childExit;
  }

  @Override
  public ExitCode run() {
    RunArguments line = RunArguments.split(command, context.coordinating().targets());
    int cannot = Child.check(line.words().get(0), context.env().get("PATH"));
    if (cannot != 0) {
      context
          .console()
          .error(
              new Failure(
                  Failure.FailureKind.FAILED,
                  line.words().get(0)
                      + (cannot == Child.NOT_FOUND
                          ? ": command not found"
                          : ": cannot be executed"),
                  "Nothing was registered or announced"));
      childExit = OptionalInt.of(cannot);
      return ExitCode.OK;
    }
    String after = afterFailure();
    Duration graceTime = Durations.parse("--grace", grace == null ? USUAL_GRACE : grace, SECOND);
    Duration longest = requestOptions.longest();
    monitorOptions.settings(context.monitoring().settings());
    Target target = context.coordinating().targets().find(line.environment(), null);
    if (preflight && !DiagnosisPrinter.preflight(context.diagnosing(), target)) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          "The preflight found what stands in the way of a deployment",
          "Mend it, or leave --preflight out");
    }
    LockRequest request = request(target);
    try (Shutdown.Registration hook = context.shutdown().onEnd(() -> cancelled(request))) {
      return run(request, longest, line.words(), graceTime, after);
    } catch (Failure e) {
      if (ending.get()) {
        return ExitCode.TERMINATED;
      }
      new Acquisition(context.coordinating()).giveBack(request);
      throw e;
    }
  }

  private ExitCode run(
      LockRequest request,
      @Nullable Duration longest,
      List<String> words,
      Duration graceTime,
      String after) {
    Acquisition acquisition = new Acquisition(context.coordinating());
    AcquireResult admission = acquisition.admit(request, longest);
    if (!(admission instanceof Admitted admitted)) {
      return refused(acquisition, admission, longest != null);
    }
    Deployment entry = admitted.entry();
    for (Deployment before : admitted.takenOver()) {
      context
          .console()
          .warn(
              "Took the place of "
                  + before.correlationId()
                  + ": its lease ran out at "
                  + Timestamps.format(before.leaseExpiresAt())
                  + " and nothing is at work on its stack");
    }
    context
        .console()
        .note(
            entry.correlationId()
                + " deploys "
                + request.target()
                + ", fencing token "
                + entry.fencingToken());
    DeploymentRun going =
        new DeploymentRun(
            context,
            request.target(),
            entry,
            new DeploymentRun.RunOptions(
                channel, url, graceTime, !noMonitor, monitorOptions.words()));
    course.set(going);
    if (ending.get()) {
      going.abandon();
      return ExitCode.TERMINATED;
    }
    DeploymentRun.RunResult result = going.run(words);
    if (result.lost()) {
      throw new Failure(
          Failure.FailureKind.BUSY,
          entry.correlationId() + " lost its place; the command was told to end",
          "See 'deployctl coordinator get-active'");
    }
    if (result.exit() != 0 && after.equals("diagnose") && !ending.get()) {
      DiagnosisPrinter.stack(context.diagnosing(), request.target());
    }
    childExit = OptionalInt.of(result.exit());
    return ExitCode.OK;
  }

  private ExitCode refused(Acquisition acquisition, AcquireResult admission, boolean waited) {
    String why =
        admission instanceof Refused refused
            ? acquisition.sentence(refused.verdict())
            : admission instanceof TimedOut late ? acquisition.sentence(late.verdict()) : "";
    ExitCode code = Acquisition.exitCode(admission, waited);
    String next =
        code == ExitCode.ACTIVE
            ? "Say --wait 30m to stand in the queue"
            : "'deployctl diagnose stuck-queue' tells more";
    context
        .console()
        .error(new Failure(Failure.FailureKind.FAILED, "Nothing was deployed: " + why, next));
    return code;
  }

  /** Told to end (Ctrl-C, a closed job): the command is told, and the end is announced. */
  private void cancelled(LockRequest request) {
    ending.set(true);
    DeploymentRun going = course.get();
    if (going == null) {
      new Acquisition(context.coordinating()).giveBack(request);
    } else {
      going.cancel();
    }
  }

  private LockRequest request(Target target) {
    return new LockRequest(
        "coordinator run",
        requestOptions.correlationId(context.time().now(), context.coordinating().random()),
        requestOptions.workflowRunId(),
        target,
        DeploymentFactory.SHORT_LEASE,
        requestOptions.commit(this::deployed),
        true,
        true,
        new LockRequest.LockAttempt(
            Long.toHexString(context.coordinating().random().nextLong()), ending::get));
  }

  private Optional<String> deployed() {
    return Optional.ofNullable(context.env().get("GITHUB_SHA"))
        .or(() -> GitCommit.head(context.diagnosing().programs()));
  }

  private String afterFailure() {
    if (onFailure == null) {
      return context.env().get("CI") != null ? "diagnose" : "nothing";
    }
    if (!List.of("diagnose", "nothing").contains(onFailure)) {
      throw Failure.usage(
          "'" + onFailure + "' is not allowed for --on-failure", "Allowed: diagnose, nothing");
    }
    return onFailure;
  }
}
