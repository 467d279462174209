package deployctl.diagnose.local;

import deployctl.cli.ProgramSettings;
import deployctl.diagnose.check.CheckResult;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.check.Diagnostic;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.finding.Remediation;
import deployctl.monitor.MonitorProcesses;
import deployctl.monitor.checkpoint.MonitorRole;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.monitor.checkpoint.MonitorStore;
import deployctl.monitor.checkpoint.WatchRequest;
import deployctl.registry.Deployment;
import deployctl.registry.Registry;
import deployctl.support.config.Settings;
import deployctl.support.file.LocalFile;
import deployctl.support.text.Shell;
import deployctl.support.time.Durations;
import deployctl.support.time.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code diagnose monitor}: whether each active deployment is being watched, and how well. */
public final class MonitorDiagnostic implements Diagnostic {
  private final Supplier<Registry> registry;
  private final Supplier<MonitorStore> store;
  private final MonitorProcesses processes;
  private final RegistryDiagnostic registryDiagnostic;
  private final Settings settings;

  /** Make it; {@code registry} is one that warns of nothing. */
  public MonitorDiagnostic(
      Supplier<Registry> registry,
      Supplier<MonitorStore> store,
      MonitorProcesses processes,
      RegistryDiagnostic registryDiagnostic,
      Settings settings) {
    this.registry = registry;
    this.store = store;
    this.processes = processes;
    this.registryDiagnostic = registryDiagnostic;
    this.settings = settings;
  }

  @Override
  public String name() {
    return "monitor";
  }

  @Override
  public String summary() {
    return "Why nobody hears of a deployment.";
  }

  @Override
  public int order() {
    return 5;
  }

  @Override
  public void inspect(DiagnosisRun run) {
    Optional<List<Deployment>> active =
        run.checks()
            .ask(
                "active deployments",
                () ->
                    registry
                        .get()
                        .read()
                        .active()
                        .filter(
                            entry ->
                                entry.concerns(
                                    run.target().environment(), run.target().stackName()))
                        .toList(),
                found ->
                    found.isEmpty()
                        ? CheckResult.pass("none")
                        : CheckResult.pass(
                            String.join(
                                ", ", found.stream().map(Deployment::correlationId).toList())))
            .get();
    if (active.isEmpty()) {
      registryDiagnostic.addUnusable(run);
      return;
    }
    run.subjectRead();
    if (active.get().isEmpty()) {
      run.add(
          new Finding(
              FindingCode.NO_ACTIVE_DEPLOYMENT,
              "No deployment to " + run.target().environment() + " is in progress",
              List.of("registry: nothing is in progress, so nothing has to be watched"),
              run.target().environment(),
              Remediation.of("Nothing is to be done", run.own("coordinator list --all")),
              Finding.FindingRole.STATE));
      return;
    }
    active.get().forEach(entry -> inspect(run, entry));
  }

  private void inspect(DiagnosisRun run, Deployment entry) {
    String id = entry.correlationId();
    MonitorState state = store.get().find(id).orElseGet(() -> MonitorState.empty(id));
    boolean taken = store.get().roleTaken(MonitorRole.MONITOR, id);
    boolean running = state.running() || taken;
    Instant heartbeat = state.heartbeatAt();
    Duration silence = heartbeat == null ? Duration.ZERO : Duration.between(heartbeat, run.now());
    Duration hungAfter = state.hungAfter() == null ? usualHang() : state.hungAfter();
    boolean hung = running && heartbeat != null && silence.compareTo(hungAfter) >= 0;
    boolean done =
        state.finished() && state.outcome() != deployctl.monitor.checkpoint.MonitorOutcome.UNKNOWN;
    tell(run, id, state, running, hung, silence);
    logMoves(run, id, state);
    WatchRequest request = request(run, entry, state);
    String start = "monitor start " + Shell.quote(id) + " " + Shell.quote(request.stack());
    if (hung) {
      run.add(hung(run, id, state, request, silence, start));
    } else if (!running && !done) {
      run.add(notRunning(run, id, state, request, heartbeat, start));
    }
    recovery(run, id, state, request, done);
  }

  private Duration usualHang() {
    Duration check = settings.duration(ProgramSettings.CHECK_INTERVAL, null);
    Duration recovery = settings.duration(ProgramSettings.RECOVERY_INTERVAL, null);
    return (check.compareTo(recovery) > 0 ? check : recovery).multipliedBy(3);
  }

  private void tell(
      DiagnosisRun run,
      String id,
      MonitorState state,
      boolean running,
      boolean hung,
      Duration silence) {
    String process = state.process() == null ? "" : ", pid " + state.process().pid();
    String message =
        running
            ? (hung ? "hung" : "running")
                + process
                + (state.heartbeatAt() == null
                    ? ""
                    : ", last poll " + Durations.humane(silence) + " ago")
            : state.finished() ? "over: " + state.outcome() : "not running";
    run.checks()
        .tell("monitor of " + id, CheckResult.of(running && !hung || state.finished(), message));
    run.checks()
        .tell(
            "recovery of " + id,
            CheckResult.of(
                state.recoveryRunning() || state.finished(),
                state.recoveryRunning() ? "running" : "not running"));
  }

  private void logMoves(DiagnosisRun run, String id, MonitorState state) {
    String file = state.logFile();
    if (file == null) {
      run.checks().tell("log of " + id, CheckResult.skipped("no monitor has written one"));
      return;
    }
    run.checks()
        .tell(
            "log of " + id,
            LocalFile.of(file)
                .changedAt()
                .map(
                    changed ->
                        "last written "
                            + Durations.humane(Duration.between(changed, run.now()))
                            + " ago")
                .map(CheckResult::pass)
                .orElseGet(() -> CheckResult.warn("there is no " + file)));
  }

  private WatchRequest request(DiagnosisRun run, Deployment entry, MonitorState state) {
    String stack =
        entry.stackName() == null
            ? run.target().stackName()
            : Deployment.plainStackName(entry.stackName());
    String log = state.logFile();
    return new WatchRequest(
        entry.correlationId(),
        entry.environment() == null ? "" : entry.environment(),
        stack,
        stack,
        null,
        LocalFile.of(log == null ? settings.get(ProgramSettings.MONITOR_LOG, null) : log));
  }

  private Finding hung(
      DiagnosisRun run,
      String id,
      MonitorState state,
      WatchRequest request,
      Duration silence,
      String start) {
    return Finding.cause(
        FindingCode.MONITOR_HUNG,
        "The monitor of " + id + " hangs: no poll was finished for " + Durations.humane(silence),
        List.of(
            "monitors/"
                + id
                + ".json: the last poll was finished at "
                + Timestamps.format(state.heartbeatAt() == null ? run.now() : state.heartbeatAt())),
        id,
        Remediation.of(
                "End it and start it anew",
                run.own("monitor stop " + Shell.quote(id)),
                run.own(start))
            .automatically(
                "End the monitor of " + id + " and start it anew?",
                () -> {
                  processes.kill(state);
                  return startAll(request);
                }));
  }

  private Finding notRunning(
      DiagnosisRun run,
      String id,
      MonitorState state,
      WatchRequest request,
      @Nullable Instant heartbeat,
      String start) {
    List<String> evidence = new ArrayList<>();
    evidence.add(
        heartbeat == null
            ? "no monitor has ever watched " + id
            : "monitors/"
                + id
                + ".json: the last poll was finished at "
                + Timestamps.format(heartbeat));
    if (state.reason() != null) {
      evidence.add("it ended: " + DiagnosisRun.quoted(state.reason()));
    }
    if (state.stopped()) {
      evidence.add("somebody stopped it");
    }
    return Finding.cause(
        FindingCode.MONITOR_NOT_RUNNING,
        "Nobody watches " + id,
        evidence,
        id,
        Remediation.of("Start monitor and recovery", run.own(start))
            .automatically(
                "Start a monitor and a recovery for " + id + "?", () -> startAll(request)));
  }

  private void recovery(
      DiagnosisRun run, String id, MonitorState state, WatchRequest request, boolean done) {
    if (done || state.recoveryRunning()) {
      return;
    }
    Instant gaveUp = state.recoveryGaveUpAt();
    String command =
        run.own("recovery start " + Shell.quote(id) + " " + Shell.quote(request.stack()));
    if (gaveUp != null) {
      run.add(
          Finding.cause(
              FindingCode.RECOVERY_GAVE_UP,
              "The recovery of " + id + " gave up",
              List.of(
                  "monitors/"
                      + id
                      + ".json: it gave up at "
                      + Timestamps.format(gaveUp)
                      + " after "
                      + state.restarts()
                      + " restarts",
                  "monitor-recovery.log says why"),
              id,
              Remediation.of(
                      "See why the monitor ends, then start both anew",
                      run.own("recovery logs " + Shell.quote(id)),
                      run.own(
                          "monitor start " + Shell.quote(id) + " " + Shell.quote(request.stack())))
                  .automatically(
                      "Start a monitor and a recovery for " + id + "?", () -> startAll(request))));
      return;
    }
    run.add(
        Finding.cause(
                FindingCode.RECOVERY_NOT_RUNNING,
                "Nothing would start the monitor of " + id + " again if it died",
                List.of("monitors/" + id + ".json: no recovery is running"),
                id,
                Remediation.of("Start a recovery", command)
                    .automatically("Start a recovery for " + id + "?", () -> startAll(request)))
            .at(
                run.findings().stream().anyMatch(f -> id.equals(f.resource()))
                    ? Finding.FindingRole.CONSEQUENCE
                    : Finding.FindingRole.CAUSE));
  }

  private String startAll(WatchRequest request) {
    return processes.ensure(request, List.of()).message();
  }
}
