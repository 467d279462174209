package deployctl.coordinator.view;

import deployctl.aws.client.AwsFailure;
import deployctl.cli.Console;
import deployctl.cli.GithubActions;
import deployctl.coordinator.lock.GateDecision;
import deployctl.registry.Deployment;
import deployctl.support.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Shows a decision to the operator and to the workflow job. */
public final class GateDecisionReport {
  private final Console console;
  private final GithubActions github;
  private final Supplier<GateDecisionView> views;

  /** Make a report to these; the view is made at its first use, after parsing. */
  public GateDecisionReport(
      Console console, GithubActions github, Supplier<GateDecisionView> views) {
    this.console = console;
    this.github = github;
    this.views = views;
  }

  /** Show the decision as the command's result. */
  public void show(GateDecision decision) {
    show(decision, views.get().json(decision));
  }

  /** Show the decision with a document that says more than the decision. */
  public void show(GateDecision decision, JsonObject document) {
    GateDecisionView view = views.get();
    console.result(document, () -> view.text(decision, console));
    for (Deployment stale : decision.stale()) {
      console.warn(view.staleSentence(stale));
    }
    AwsFailure failure = decision.failure();
    if (failure != null) {
      console.error(failure);
    }
    Deployment blocker = decision.blocker();
    Map<String, @Nullable String> outputs = new LinkedHashMap<>();
    outputs.put("can_deploy", Boolean.toString(decision.canDeploy()));
    outputs.put("reason", decision.reason().name());
    outputs.put("source", String.valueOf(document.string("source")));
    outputs.put("active_correlation_id", blocker == null ? "" : blocker.correlationId());
    github.outputs(outputs);
    github.summary(
        (decision.canDeploy() ? "**May deploy:** " : "**May not deploy:** ")
            + view.sentence(decision));
  }

  /** Say why the lock was refused: the decision's sentence, as an error with what to do. */
  public void refuse(GateDecision decision, String correlationId) {
    GateDecisionView view = views.get();
    console.result(view.json(decision), () -> view.text(decision, console));
    AwsFailure failure = decision.failure();
    if (failure != null) {
      console.error(failure);
    } else {
      console.note(
          correlationId
              + " was not registered."
              + (decision.exitCode() == deployctl.cli.ExitCode.ACTIVE
                  ? " 'deployctl coordinator acquire --wait 30m' waits for its turn"
                  : ""));
    }
    github.summary("**Not registered:** " + view.sentence(decision));
  }
}
