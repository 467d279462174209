package deployctl.app;

import static deployctl.cli.CommandNode.leaf;

import deployctl.cli.CommandNode;
import deployctl.diagnose.DiagnoseCommand;
import deployctl.diagnose.DiagnoseContext;
import deployctl.diagnose.escalation.EscalationCommand;
import java.util.List;

/** The commands under {@code diagnose}. */
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
        () -> commands(wiring.diagnosing()));
  }

  private static List<CommandNode> commands(DiagnoseContext context) {
    return List.of(
        issue(context, "stuck-queue", "Why a deployment waits and nothing happens."),
        issue(context, "monitor", "Why nobody hears of a deployment."),
        issue(context, "slack", "Why messages do not arrive."),
        issue(context, "registry", "Why the registry cannot be used."),
        issue(context, "estimates", "Why estimates are wrong."),
        issue(context, "stack", "Why a stack is stuck, failed, or cannot be deployed to."),
        issue(context, "ecs", "Why tasks do not start or do not stay."),
        issue(context, "rds", "Why a database does not come up."),
        issue(context, "all", "Everything at once."),
        issue(context, "preflight", "Whether anything stands in the way of a deployment."),
        leaf(
            "escalation",
            "Write the report for whoever takes over.",
            () -> new EscalationCommand(context)));
  }

  private static CommandNode issue(DiagnoseContext context, String name, String summary) {
    return leaf(name, summary, () -> new DiagnoseCommand(context, name));
  }
}
