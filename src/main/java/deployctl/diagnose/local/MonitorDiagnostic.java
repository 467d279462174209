package deployctl.diagnose.local;

import deployctl.cli.ProgramSettings;
import deployctl.diagnose.check.CheckResult;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.check.Diagnostic;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.finding.Remediation;
import deployctl.monitor.MonitorContext;
import deployctl.monitor.MonitorProcesses;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.monitor.checkpoint.MonitorStore;
import deployctl.monitor.watch.WatchRequest;
import deployctl.registry.Deployment;
import deployctl.support.text.Shell;
import deployctl.support.time.Durations;
import deployctl.support.time.Timestamps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code diagnose monitor}: whether each active deployment is being watched, and how well. */
public final class MonitorDiagnostic implements Diagnostic {
  @Override
  public void examine(DiagnosisRun run) {
    Optional<List<Deployment>> active =
        run.checks()
            .ask(
                "active deployments",
                () ->
                    run.context()
                        .quietRegistry()
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
      RegistryDiagnostic.unusable(run);
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
              Finding.Place.STATE));
      return;
    }
    active.get().forEach(entry -> examine(run, entry));
  }

  private static void examine(DiagnosisRun run, Deployment entry) {
    String id = entry.correlationId();
    MonitorContext monitoring = run.context().monitoring();
    MonitorStore store = monitoring.store().get();
    MonitorState state = store.find(id).orElseGet(() -> MonitorState.empty(id));
    boolean taken = store.roleTaken("monitor", id);
    boolean running = state.running() || taken;
    Instant heartbeat = state.heartbeatAt();
    Duration silence = heartbeat == null ? Duration.ZERO : Duration.between(heartbeat, run.now());
    Duration hungAfter = state.hungAfter() == null ? usualHang(run) : state.hungAfter();
    boolean hung = running && heartbeat != null && silence.compareTo(hungAfter) >= 0;
    boolean done =
        state.finished() && state.outcome() != deployctl.monitor.watch.MonitorOutcome.UNKNOWN;
    tell(run, id, state, running, hung, silence);
    logMoves(run, id, state);
    WatchRequest watched = watched(run, entry, state);
    String start = "monitor start " + Shell.quote(id) + " " + Shell.quote(watched.stack());
    if (hung) {
      run.add(hung(run, id, state, watched, silence, start));
    } else if (!running && !done) {
      run.add(notRunning(run, id, state, watched, heartbeat, start));
    }
    recovery(run, id, state, watched, done);
  }

  private static Duration usualHang(DiagnosisRun run) {
    Duration check = run.context().settings().duration(ProgramSettings.CHECK_INTERVAL, null);
    Duration look = run.context().settings().duration(ProgramSettings.RECOVERY_INTERVAL, null);
    return (check.compareTo(look) > 0 ? check : look).multipliedBy(3);
  }

  private static void tell(
      DiagnosisRun run,
      String id,
      MonitorState state,
      boolean running,
      boolean hung,
      Duration silence) {
    String process = state.process() == null ? "" : ", pid " + state.process().pid();
    String words =
        running
            ? (hung ? "hung" : "running")
                + process
                + (state.heartbeatAt() == null
                    ? ""
                    : ", last poll " + Durations.humane(silence) + " ago")
            : state.finished() ? "over: " + state.outcome() : "not running";
    run.checks()
        .tell("monitor of " + id, CheckResult.of(running && !hung || state.finished(), words));
    run.checks()
        .tell(
            "recovery of " + id,
            CheckResult.of(
                state.recoveryRunning() || state.finished(),
                state.recoveryRunning() ? "running" : "not running"));
  }

  private static void logMoves(DiagnosisRun run, String id, MonitorState state) {
    String file = state.logFile();
    if (file == null) {
      run.checks().tell("log of " + id, CheckResult.skipped("no monitor has written one"));
      return;
    }
    try {
      Instant changed = Files.getLastModifiedTime(Path.of(file)).toInstant();
      run.checks()
          .tell(
              "log of " + id,
              CheckResult.pass(
                  "last written "
                      + Durations.humane(Duration.between(changed, run.now()))
                      + " ago"));
    } catch (IOException e) {
      run.checks().tell("log of " + id, CheckResult.warn("there is no " + file));
    }
  }

  private static WatchRequest watched(DiagnosisRun run, Deployment entry, MonitorState state) {
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
        Path.of(
            log == null ? run.context().settings().get(ProgramSettings.MONITOR_LOG, null) : log));
  }

  private static Finding hung(
      DiagnosisRun run,
      String id,
      MonitorState state,
      WatchRequest watched,
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
                  MonitorProcesses supervision = new MonitorProcesses(run.context().monitoring());
                  supervision.kill(state.process());
                  return startAll(run, watched);
                }));
  }

  private static Finding notRunning(
      DiagnosisRun run,
      String id,
      MonitorState state,
      WatchRequest watched,
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
                "Start a monitor and a recovery for " + id + "?", () -> startAll(run, watched)));
  }

  private static void recovery(
      DiagnosisRun run, String id, MonitorState state, WatchRequest watched, boolean done) {
    if (done || state.recoveryRunning()) {
      return;
    }
    Instant gaveUp = state.recoveryGaveUpAt();
    String command =
        run.own("recovery start " + Shell.quote(id) + " " + Shell.quote(watched.stack()));
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
                          "monitor start " + Shell.quote(id) + " " + Shell.quote(watched.stack())))
                  .automatically(
                      "Start a monitor and a recovery for " + id + "?",
                      () -> startAll(run, watched))));
      return;
    }
    run.add(
        Finding.cause(
                FindingCode.RECOVERY_NOT_RUNNING,
                "Nothing would start the monitor of " + id + " again if it died",
                List.of("monitors/" + id + ".json: no recovery is running"),
                id,
                Remediation.of("Start a recovery", command)
                    .automatically(
                        "Start a recovery for " + id + "?", () -> startAll(run, watched)))
            .at(
                run.findings().stream().anyMatch(f -> id.equals(f.resource()))
                    ? Finding.Place.CONSEQUENCE
                    : Finding.Place.CAUSE));
  }

  private static String startAll(DiagnosisRun run, WatchRequest watched) {
    MonitorProcesses supervision = new MonitorProcesses(run.context().monitoring());
    return supervision.ensure(watched, List.of());
  }
}
