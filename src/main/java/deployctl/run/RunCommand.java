package deployctl.run;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.cli.PassesExit;
import deployctl.coordinator.Acquisition;
import deployctl.coordinator.LockRequestOptions;
import deployctl.coordinator.LockRequests;
import deployctl.coordinator.lock.AcquireResult;
import deployctl.coordinator.lock.AcquireResult.Acquired;
import deployctl.coordinator.lock.AcquireResult.Refused;
import deployctl.coordinator.lock.AcquireResult.TimedOut;
import deployctl.coordinator.lock.GateDecision;
import deployctl.coordinator.lock.LockRequest;
import deployctl.coordinator.lock.LockTerms;
import deployctl.coordinator.view.DeploymentView;
import deployctl.diagnose.DiagnosisReport;
import deployctl.diagnose.check.DiagnosisOptions;
import deployctl.monitor.MonitorOptions;
import deployctl.registry.Deployment;
import deployctl.support.Failure;
import deployctl.support.config.Settings;
import deployctl.support.env.Env;
import deployctl.support.process.ChildProcess;
import deployctl.support.process.Shutdown;
import deployctl.support.time.Durations;
import deployctl.target.Target;
import deployctl.target.Targets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code coordinator run}: take the lock, announce, watch, run the command, announce the end,
 * remember, release the lock - also when it is cancelled.
 */
public final class RunCommand implements Command, PassesExit {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final String USUAL_GRACE = "5s";

  private final DeploymentRuns runs;
  private final Acquisition acquisition;
  private final DiagnosisReport diagnosis;
  private final LockRequests requests;
  private final Targets targets;
  private final Settings settings;
  private final Env env;
  private final Shutdown.Hooks shutdown;
  private final Console console;
  private final List<String> command = new ArrayList<>();
  private final LockRequestOptions requestOptions = new LockRequestOptions("GITHUB_SHA, then git");
  private final MonitorOptions monitorOptions = new MonitorOptions();
  private @Nullable String url;
  private @Nullable String grace;
  private @Nullable String onFailure;
  private boolean preflight;
  private boolean strict;
  private boolean noMonitor;
  private boolean allowCleanup;
  private OptionalInt childExit = OptionalInt.empty();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final AtomicReference<@Nullable DeploymentRun> current = new AtomicReference<>();

  /** Make the command. */
  public RunCommand(
      DeploymentRuns runs,
      Acquisition acquisition,
      DiagnosisReport diagnosis,
      LockRequests requests,
      Targets targets,
      Settings settings,
      Env env,
      Shutdown.Hooks shutdown,
      Console console) {
    this.runs = runs;
    this.acquisition = acquisition;
    this.diagnosis = diagnosis;
    this.requests = requests;
    this.targets = targets;
    this.settings = settings;
    this.env = env;
    this.shutdown = shutdown;
    this.console = console;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.rest(
        spec,
        "[environment] -- command",
        "Environment (default: production), then what deploys.",
        command::add);
    requestOptions.declare(spec);
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
    Args.flag(
        spec, "--strict", "With --preflight: a warning stands in the way, too.", v -> strict = v);
    Args.flag(spec, "--no-monitor", "Watch nothing meanwhile.", v -> noMonitor = v);
    Args.flag(
        spec,
        "--allow-cleanup",
        "Run also on a stack that needs cleaning up, which the command then does (one in ROLLBACK_COMPLETE is always replaced).",
        v -> allowCleanup = v);
    monitorOptions.declare(spec);
    Args.examples(
        spec,
        "deployctl coordinator run production --wait 60m -- npx cdk deploy --require-approval never",
        "",
        "The command finds CORRELATION_ID, DEPLOYCTL_ENVIRONMENT, DEPLOYCTL_STACK and",
        "DEPLOYCTL_FENCING_TOKEN in its environment. Exit code: the command's own; before it",
        "ran 1, 2, 3 or 5 as acquire's; 2 when the lock was lost; 126 and 127 as a shell's.");
  }

  @Override
  public OptionalInt otherExit() {
    return childExit;
  }

  @Override
  public ExitCode run() {
    RunArguments line = RunArguments.split(command, targets);
    Target target = targets.find(line.environment(), null);
    int cannot = runs.check(line.argv().get(0));
    if (cannot != 0) {
      String why =
          line.argv().get(0)
              + (cannot == ChildProcess.NOT_FOUND ? ": command not found" : ": cannot be executed");
      console.error(
          new Failure(Failure.FailureKind.FAILED, why, "Nothing was registered or announced"));
      runs.refused(null, target, cannot, why);
      childExit = OptionalInt.of(cannot);
      return ExitCode.OK;
    }
    String after = afterFailure();
    if (strict && !preflight) {
      throw Failure.usage("--strict is for the preflight", "Say --preflight, too");
    }
    Duration graceTime = Durations.parse("--grace", grace == null ? USUAL_GRACE : grace, SECOND);
    Duration longest = requestOptions.longest();
    monitorOptions.settings(settings);
    LockRequest request = prepared(request(target), longest);
    try (Shutdown.Registration hook = shutdown.onEnd(() -> cancelled(request))) {
      return run(request, longest, line.argv(), graceTime, after);
    } catch (Failure e) {
      if (stopping.get()) {
        return ExitCode.TERMINATED;
      }
      if (current.get() == null) {
        acquisition.giveBack(request);
        refused(request, e);
      }
      throw e;
    }
  }

  /** Return the request when it may be made, with what was asked for it already. */
  private LockRequest prepared(LockRequest request, @Nullable Duration longest) {
    try {
      acquisition.checkShared(requestOptions);
      return preflight ? preflight(request, longest) : request;
    } catch (Failure e) {
      refused(request, e);
      throw e;
    }
  }

  private void refused(LockRequest request, Failure why) {
    runs.refused(
        request.correlationId(), request.target(), ExitCode.of(why.kind()).code(), why.what());
  }

  /** Return the request with what the preflight has asked already. */
  private LockRequest preflight(LockRequest request, @Nullable Duration longest) {
    DiagnosisReport.PreflightResult found =
        diagnosis.preflight(
            request.target(),
            request.correlationId(),
            strict,
            new DiagnosisOptions.Allowances(
                requestOptions.newStack(), allowCleanup, requestOptions.local()));
    if (found.exit() == ExitCode.ACTIVE) {
      if (longest == null) {
        throw new Failure(
            Failure.FailureKind.BUSY,
            "Another deployment is active, and nothing was deployed",
            "Say --wait 30m to stand in the queue");
      }
      // Whoever waits its turn is told by the queue.
      return request;
    }
    if (found.exit() == ExitCode.UNKNOWN) {
      throw new Failure(
          Failure.FailureKind.UNKNOWN,
          "The preflight could not tell whether anything stands in the way",
          "See above, then try again");
    }
    if (found.exit() != ExitCode.OK) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          "The preflight found what stands in the way of a deployment",
          "Mend it, or leave --preflight out");
    }
    boolean asks = found.warned() && console.terminal().input() && console.terminal().error();
    if (asks && !console.confirm("The preflight warns. Deploy all the same?", false)) {
      throw new Failure(Failure.FailureKind.FAILED, "Nothing was deployed, as you said", "");
    }
    return found
        .stack()
        .map(stack -> request.having(new LockRequest.SeenStack(stack, found.at())))
        .orElse(request);
  }

  private ExitCode run(
      LockRequest request,
      @Nullable Duration longest,
      List<String> argv,
      Duration graceTime,
      String after) {
    AcquireResult result = acquisition.acquire(request, longest, requestOptions);
    if (!(result instanceof Acquired acquired)) {
      return refused(request, result, longest != null);
    }
    Deployment entry = acquired.entry();
    for (Deployment before : acquired.takenOver()) {
      console.warn(
          DeploymentView.takenOver(
              before, entry.startedAt() == null ? Instant.MAX : entry.startedAt()));
    }
    acquisition.tellStack(acquired);
    console.note(
        entry.correlationId()
            + " deploys "
            + request.target()
            + ", fencing token "
            + entry.fencingToken());
    DeploymentRun going =
        runs.of(
            request.target(),
            entry,
            new RunOptions(
                requestOptions.channel(), url, graceTime, !noMonitor, monitorOptions.argv()));
    current.set(going);
    if (stopping.get()) {
      going.abandon();
      return ExitCode.TERMINATED;
    }
    DeploymentRun.RunResult came = going.run(argv);
    if (came.lost()) {
      throw new Failure(
          Failure.FailureKind.BUSY,
          entry.correlationId() + " lost the deployment lock; the command was told to end",
          "See 'deployctl coordinator get-active'");
    }
    if (came.exit() != 0 && after.equals("diagnose") && !stopping.get()) {
      diagnosis.stack(request.target());
    }
    childExit = OptionalInt.of(came.exit());
    return ExitCode.OK;
  }

  private ExitCode refused(LockRequest request, AcquireResult result, boolean waited) {
    GateDecision decision =
        result instanceof TimedOut late ? late.decision() : ((Refused) result).decision();
    String why = acquisition.sentence(decision);
    ExitCode code = Acquisition.exitCode(result, waited);
    console.error(
        new Failure(
            Failure.FailureKind.FAILED,
            "Nothing was deployed: " + why,
            acquisition.advice(request, decision, waited)));
    runs.refused(request.correlationId(), request.target(), code.code(), why);
    return code;
  }

  /** Told to end (Ctrl-C, a closed job): the command is told, and the end is announced. */
  private void cancelled(LockRequest request) {
    stopping.set(true);
    DeploymentRun going = current.get();
    if (going == null) {
      acquisition.giveBack(request);
      runs.refused(
          request.correlationId(),
          request.target(),
          ExitCode.TERMINATED.code(),
          "told to end before its turn came");
    } else {
      going.cancel();
    }
  }

  private LockRequest request(Target target) {
    return requests
        .of(
            "coordinator run",
            requestOptions,
            target,
            LockTerms.ofRun(allowCleanup, requestOptions.newStack()),
            stopping)
        .ofCommit(requestOptions.commit(this::deployed));
  }

  private Optional<String> deployed() {
    return Optional.ofNullable(env.get("GITHUB_SHA")).or(requests::checkedOut);
  }

  private String afterFailure() {
    if (onFailure == null) {
      return env.get("CI") != null ? "diagnose" : "nothing";
    }
    if (!List.of("diagnose", "nothing").contains(onFailure)) {
      throw Failure.usage(
          "'" + onFailure + "' is not allowed for --on-failure", "Allowed: diagnose, nothing");
    }
    return onFailure;
  }
}
