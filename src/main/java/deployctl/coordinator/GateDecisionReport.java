package deployctl.coordinator;

import deployctl.aws.client.AwsFailure;
import deployctl.coordinator.lock.GateDecision;
import deployctl.registry.Deployment;
import deployctl.support.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows a verdict to the operator and to the workflow job. */
final class GateDecisionReport {
  private GateDecisionReport() {}

  /** Show the verdict as the command's result. */
  static void show(CoordinatorContext context, GateDecision verdict) {
    show(context, verdict, context.verdicts().json(verdict));
  }

  /** Show the verdict with a document that says more than the verdict. */
  static void show(CoordinatorContext context, GateDecision verdict, JsonObject document) {
    GateDecisionView view = context.verdicts();
    context.console().result(document, () -> view.text(verdict, context.console()));
    for (Deployment stale : verdict.stale()) {
      context.console().warn(view.staleSentence(stale));
    }
    AwsFailure failure = verdict.failure();
    if (failure != null) {
      context.console().error(failure);
    }
    Deployment blocker = verdict.blocker();
    Map<String, @Nullable String> outputs = new LinkedHashMap<>();
    outputs.put("can_deploy", Boolean.toString(verdict.canDeploy()));
    outputs.put("reason", verdict.reason().name());
    outputs.put("source", String.valueOf(document.string("source")));
    outputs.put("active_correlation_id", blocker == null ? "" : blocker.correlationId());
    context.github().outputs(outputs);
    context
        .github()
        .summary(
            (verdict.canDeploy() ? "**May deploy:** " : "**May not deploy:** ")
                + view.sentence(verdict));
  }

  /** Say why the place was refused: the verdict's sentence, as an error with what to do. */
  static void refuse(CoordinatorContext context, GateDecision verdict, String correlationId) {
    GateDecisionView view = context.verdicts();
    context.console().result(view.json(verdict), () -> view.text(verdict, context.console()));
    AwsFailure failure = verdict.failure();
    if (failure != null) {
      context.console().error(failure);
    } else {
      context
          .console()
          .note(
              correlationId
                  + " was not registered."
                  + (verdict.exitCode() == deployctl.cli.ExitCode.ACTIVE
                      ? " 'deployctl coordinator acquire --wait 30m' waits for its turn"
                      : ""));
    }
    context.github().summary("**Not registered:** " + view.sentence(verdict));
  }
}
