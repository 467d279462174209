package deployctl.diagnose.local;

import deployctl.coordinator.lock.FullRepair;
import deployctl.coordinator.lock.FullRepair.FullRepairReport;
import deployctl.coordinator.lock.ThrowawayRunner;
import deployctl.diagnose.check.Check.CheckStatus;
import deployctl.diagnose.check.CheckResult;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.check.Diagnostic;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.finding.Remediation;
import deployctl.registry.Deployment;
import deployctl.registry.HoldState;
import deployctl.registry.Registry;
import deployctl.registry.RegistryRepair;
import deployctl.state.StateCheck;
import deployctl.state.StateCheck.StateFault;
import deployctl.state.StateCheck.StateFix;
import deployctl.state.StateStore;
import deployctl.state.StateUnavailable;
import deployctl.state.StateUnavailable.Reason;
import deployctl.target.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code diagnose registry}: whether the registry is there, sound, and can be used. What it is kept
 * in looks after itself, see {@link StateStore#inspect}; its content is looked at here.
 */
public final class RegistryDiagnostic implements Diagnostic {
  private static final String NAME = Registry.NAME;

  private final Supplier<StateStore> store;
  private final Supplier<RegistryRepair> registries;
  private final FullRepair repair;
  private final Targets targets;
  private final ThrowawayRunner runner;

  /** Make it; each is made at its first use. */
  public RegistryDiagnostic(
      Supplier<StateStore> store,
      Supplier<RegistryRepair> registries,
      FullRepair repair,
      Targets targets,
      ThrowawayRunner runner) {
    this.store = store;
    this.registries = registries;
    this.repair = repair;
    this.targets = targets;
    this.runner = runner;
  }

  @Override
  public String name() {
    return "registry";
  }

  @Override
  public String summary() {
    return "Why the registry cannot be used.";
  }

  @Override
  public int order() {
    return 4;
  }

  @Override
  public void inspect(DiagnosisRun run) {
    inspect(run, true);
  }

  /** Look at it before a deployment, which makes a registry that is not there. */
  public void inspectBeforeDeployment(DiagnosisRun run) {
    inspect(run, false);
  }

  private void inspect(DiagnosisRun run, boolean needed) {
    run.subjectRead();
    if (runner.here()) {
      run.add(notShared());
    }
    List<StateCheck> checks = new ArrayList<>(store.get().inspect(NAME));
    StateCheck file = checks.remove(0);
    boolean missing = file.status() == StateCheck.StateCheckStatus.FAIL;
    if (missing && !needed) {
      run.checks()
          .tell(file.name(), CheckResult.skipped(file.detail() + "; a deployment makes it"));
    } else {
      tell(run, file);
    }
    StateUnavailable unusable = missing ? null : content(run);
    if (missing && needed) {
      run.add(missing(run));
    } else if (unusable != null) {
      run.add(unusable(run, unusable));
    }
    if (!missing && unusable == null) {
      checks.add(turn(checks));
    }
    for (StateCheck check : checks) {
      tell(run, check);
      // One reason is enough for why it cannot be used; a full disk is one of its own.
      StateFault fault = check.fault();
      if (fault != null && (unusable == null || fault.title() != null)) {
        run.add(fault(run, fault, List.of(check.name() + ": " + check.detail())));
      }
    }
  }

  private StateCheck turn(List<StateCheck> checks) {
    return checks.stream().anyMatch(check -> check.fault() != null)
        ? StateCheck.of("lock", StateCheck.StateCheckStatus.SKIPPED, "it could not be taken anyway")
        : store.get().inspectTurn(NAME);
  }

  /** Add what makes the registry unusable, for a diagnostic that cannot do without it. */
  void addUnusable(DiagnosisRun run) {
    try {
      registry(new ArrayList<>()).read();
    } catch (StateUnavailable e) {
      run.add(unusable(run, e));
    }
  }

  private Registry registry(List<String> warnings) {
    return new Registry(store.get().document(NAME), warnings::add);
  }

  private @Nullable StateUnavailable content(DiagnosisRun run) {
    List<String> warnings = new ArrayList<>();
    try {
      List<Deployment> all = registry(warnings).read().deployments();
      int entries = all.size();
      all.stream()
          .filter(entry -> !entry.status().finished() && !entry.isLeaseBelieved(run.now()))
          .forEach(
              entry ->
                  warnings.add(
                      entry.correlationId() + ": " + HoldState.DISBELIEVED.describe(entry)));
      run.checks()
          .tell(
              "content",
              warnings.isEmpty()
                  ? CheckResult.pass(entries + " deployments")
                  : CheckResult.warn(entries + " deployments; " + String.join("; ", warnings)));
      return null;
    } catch (StateUnavailable e) {
      run.checks().tell("content", CheckResult.fail(e.what()));
      return e;
    }
  }

  private static void tell(DiagnosisRun run, StateCheck check) {
    CheckStatus status =
        switch (check.status()) {
          case PASS -> CheckStatus.PASS;
          case WARN -> CheckStatus.WARN;
          case FAIL -> CheckStatus.FAIL;
          case SKIPPED -> CheckStatus.SKIPPED;
        };
    run.checks().tell(check.name(), new CheckResult(status, check.detail()));
  }

  private Finding notShared() {
    return Finding.cause(
        FindingCode.REGISTRY_NOT_SHARED,
        ThrowawayRunner.REASON,
        List.of("environment: RUNNER_ENVIRONMENT=github-hosted", "registry: " + location()),
        location(),
        Remediation.of(ThrowawayRunner.NEXT));
  }

  private Finding missing(DiagnosisRun run) {
    String file = location();
    return Finding.cause(
        FindingCode.REGISTRY_MISSING,
        "There is no registry",
        List.of("file: no " + file),
        file,
        Remediation.of("Make an empty one", run.own("coordinator init"))
            .automatically(
                "Make an empty registry at " + file + "?",
                () -> registries.get().create() ? "made " + file : file + " is there"));
  }

  private Finding unusable(DiagnosisRun run, StateUnavailable why) {
    List<String> evidence = List.of("file: " + DiagnosisRun.quoted(why.what()));
    return switch (why.reason()) {
      case CORRUPT, WRONG_SHAPE ->
          Finding.cause(
              code(why.reason()),
              title(why.reason()),
              evidence,
              location(),
              Remediation.of(
                      "Rebuild it from the last good generation and what can be read; the damaged file is kept",
                      run.own("coordinator repair"))
                  .automatically(
                      "Rebuild the registry, keeping a copy of the damaged one?", this::rebuild));
      case NEWER_SCHEMA ->
          Finding.cause(
              code(why.reason()),
              title(why.reason()),
              evidence,
              location(),
              Remediation.of(
                  "Update this deployctl: a newer one wrote the registry", "deployctl version"));
      case NOT_READABLE, NOT_WRITABLE, LOCKED ->
          fault(run, store.get().fault(NAME, why.reason()), evidence);
    };
  }

  private Finding fault(DiagnosisRun run, StateFault fault, List<String> evidence) {
    Remediation remediation = Remediation.of(fault.remediation(), fault.commands());
    StateFix fix = fault.fix();
    return Finding.cause(
        code(fault.reason()),
        fault.title() == null ? title(fault.reason()) : fault.title(),
        evidence,
        location(),
        fix == null
            ? remediation
            : remediation.automatically(
                fix.question(),
                () -> {
                  String done = fix.action().get();
                  run.journal("diagnose registry --fix", location(), done);
                  return done;
                }));
  }

  private String rebuild() {
    FullRepairReport report = repair.run(targets.allTargets());
    List<String> all = new ArrayList<>(report.lines());
    all.addAll(report.warnings());
    return all.stream().map(String::strip).collect(Collectors.joining("; "));
  }

  private String location() {
    return store.get().location(NAME);
  }

  private static FindingCode code(Reason reason) {
    return switch (reason) {
      case CORRUPT -> FindingCode.REGISTRY_CORRUPT;
      case WRONG_SHAPE, NEWER_SCHEMA -> FindingCode.REGISTRY_SCHEMA_INVALID;
      case NOT_READABLE -> FindingCode.REGISTRY_NOT_READABLE;
      case NOT_WRITABLE -> FindingCode.REGISTRY_NOT_WRITABLE;
      case LOCKED -> FindingCode.REGISTRY_LOCKED;
    };
  }

  private static String title(Reason reason) {
    return switch (reason) {
      case CORRUPT -> "The registry is damaged";
      case WRONG_SHAPE, NEWER_SCHEMA -> "The registry is JSON of another shape";
      case NOT_READABLE -> "The registry cannot be read";
      case NOT_WRITABLE -> "The registry cannot be written";
      case LOCKED -> "The registry has been locked for too long";
    };
  }
}
