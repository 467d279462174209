package deployctl.app;

import static deployctl.cli.CommandNode.leaf;

import deployctl.cli.CommandNode;
import deployctl.cli.ProgramSettings;
import deployctl.diagnose.DiagnoseCommand;
import deployctl.diagnose.DiagnosisEngine;
import deployctl.diagnose.check.CommandLines;
import deployctl.diagnose.check.DiagnosisTools;
import deployctl.diagnose.check.Diagnostic;
import deployctl.diagnose.ecs.EcsDiagnostic;
import deployctl.diagnose.ecs.KeptEvidence;
import deployctl.diagnose.escalation.EscalationCommand;
import deployctl.diagnose.escalation.EscalationReports;
import deployctl.diagnose.local.EstimatesDiagnostic;
import deployctl.diagnose.local.MonitorDiagnostic;
import deployctl.diagnose.local.RegistryDiagnostic;
import deployctl.diagnose.local.SlackDiagnostic;
import deployctl.diagnose.local.StuckQueueDiagnostic;
import deployctl.diagnose.preflight.PreflightDiagnostic;
import deployctl.diagnose.rds.RdsDiagnostic;
import deployctl.diagnose.stack.MissingStack;
import deployctl.diagnose.stack.StackDiagnostic;
import java.util.ArrayList;
import java.util.List;

/** The commands under {@code diagnose}, and all diagnostics that there are. */
final class DiagnoseCatalog {
  private DiagnoseCatalog() {}

  static CommandNode group(Wiring wiring) {
    return new CommandNode.Group(
        "diagnose",
        "What is wrong, why, and what to do about it.",
        List.of(
            "deployctl diagnose stuck-queue",
            "deployctl diagnose ecs --health-url http://10.0.1.5:8000/health",
            "deployctl diagnose all -o json"),
        () -> commands(wiring));
  }

  private static List<CommandNode> commands(Wiring wiring) {
    List<CommandNode> commands = new ArrayList<>();
    for (Diagnostic one : diagnostics(wiring)) {
      if (one.order() == Diagnostic.ALONE) {
        continue;
      }
      commands.add(issue(wiring, one.name(), one.summary()));
    }
    commands.add(issue(wiring, DiagnosisEngine.ALL, "Everything at once."));
    for (Diagnostic one : diagnostics(wiring)) {
      if (one.order() == Diagnostic.ALONE) {
        commands.add(issue(wiring, one.name(), one.summary()));
      }
    }
    commands.add(
        leaf(
            "escalation",
            "Write the report for whoever takes over.",
            () ->
                new EscalationCommand(
                    wiring.diagnosis, reports(wiring), wiring.tapes(), wiring.console)));
    return commands;
  }

  private static CommandNode issue(Wiring wiring, String name, String summary) {
    return leaf(
        name,
        summary,
        () ->
            new DiagnoseCommand(
                name,
                wiring.diagnosis,
                wiring.targets(),
                wiring.tapes(),
                wiring.console,
                wiring.github()));
  }

  /** Return what examines: all diagnostics, and what they work with. */
  static DiagnosisEngine engine(Wiring wiring) {
    DiagnosisTools tools =
        new DiagnosisTools(
            wiring.gateways,
            wiring.state.quietRegistry,
            new CommandLines(
                wiring::ownOptions,
                wiring::awsOptions,
                () -> wiring.gateways.get().region(),
                () -> wiring.settings.get(ProgramSettings.WORKFLOW, null),
                () -> wiring.settings.get(ProgramSettings.WORKFLOW_REF, null)),
            wiring.state.journal,
            wiring.console);
    return new DiagnosisEngine(
        diagnostics(wiring), tools, wiring.settings, wiring.console, wiring.time);
  }

  /** Return all diagnostics, in the order of the runbook's problems. */
  private static List<Diagnostic> diagnostics(Wiring wiring) {
    StateParts state = wiring.state;
    RegistryDiagnostic registry =
        new RegistryDiagnostic(
            state.registryStore,
            state.repair,
            wiring.coordinating.fullRepair(),
            wiring.targets(),
            wiring.coordinating.runner());
    MissingStack missing = new MissingStack(wiring.coordinating.coordinator);
    EcsDiagnostic ecs = new EcsDiagnostic(new KeptEvidence(state.monitors));
    return List.of(
        new StuckQueueDiagnostic(
            state.quietRegistry,
            wiring.targets(),
            wiring.coordinating.coordinator,
            wiring.programs(),
            registry,
            missing),
        new MonitorDiagnostic(
            state.quietRegistry,
            state.monitors,
            wiring.monitorProcesses(),
            registry,
            wiring.settings),
        new SlackDiagnostic(
            wiring.slack, wiring::queueInspection, wiring.notifier, wiring.settings),
        registry,
        new EstimatesDiagnostic(
            state.history,
            state.historyDocument,
            state.quietRegistry,
            wiring.settings,
            wiring.time),
        new StackDiagnostic(ecs, state.history, missing, wiring.settings),
        ecs,
        new RdsDiagnostic(),
        new PreflightDiagnostic(
            registry,
            state.quietRegistry,
            wiring.slack,
            state.leftOvers,
            wiring.targets(),
            missing,
            () -> wiring.settings.isOn(ProgramSettings.SLACK_ENABLED)));
  }

  private static EscalationReports reports(Wiring wiring) {
    StateParts state = wiring.state;
    return new EscalationReports(
        state.quietRegistry,
        state.monitors,
        state.journalLog,
        wiring.targets(),
        () -> wiring.gateways.get().region(),
        wiring.settings,
        wiring.time);
  }
}
