package deployctl.coordinator.view;

import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.ConsoleLinks;
import deployctl.aws.cloudformation.Stack;
import deployctl.aws.cloudformation.StackEvent;
import deployctl.aws.cloudformation.Stacks;
import deployctl.cli.Console;
import deployctl.cli.GithubActions;
import deployctl.coordinator.lock.GateDecision;
import deployctl.coordinator.lock.GateReason;
import deployctl.registry.Deployment;
import deployctl.registry.KnownLeftOvers;
import deployctl.state.StateUnavailable;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Timestamps;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Shows a decision to the operator and to the workflow job. */
public final class GateDecisionReport {
  private final Console console;
  private final GithubActions github;
  private static final int SHOWN_EVENTS = 5;

  private final Supplier<GateDecisionView> views;
  private final Supplier<Stacks> stacks;
  private final Supplier<KnownLeftOvers> leftOvers;

  /** Make a report to these; the view is made at its first use, after parsing. */
  public GateDecisionReport(
      Console console,
      GithubActions github,
      Supplier<GateDecisionView> views,
      Supplier<Stacks> stacks,
      Supplier<KnownLeftOvers> leftOvers) {
    this.leftOvers = leftOvers;
    this.stacks = stacks;
    this.console = console;
    this.github = github;
    this.views = views;
  }

  /**
   * Show the decision as the command's result.
   *
   * @param missing a sentence on a registry that there is not, or null
   */
  public void show(GateDecision decision, @Nullable String missing) {
    JsonObject document = views.get().json(decision);
    if (missing != null) {
      document.put("registry", "missing");
    }
    show(decision, document, missing == null ? "" : "\n  " + Console.plain(missing));
  }

  /** Show the decision with a document that says more than the decision. */
  public void show(GateDecision decision, JsonObject document) {
    show(decision, document, "");
  }

  private void show(GateDecision decision, JsonObject document, String remark) {
    GateDecisionView view = views.get();
    List<StackEvent> last = lastEvents(decision);
    document.putIfKnown("link", link(decision));
    if (!last.isEmpty()) {
      document.put("last_events", last.stream().map(GateDecisionReport::json).toList());
    }
    console.result(document, () -> view.text(decision, console) + more(decision, last) + remark);
    for (Deployment stale : decision.stale()) {
      console.warn(view.staleSentence(stale));
    }
    if (decision.reason() == GateReason.NO_STACK_EXISTS) {
      warnOfLeftOvers(decision.target().stackName());
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

  /** A reset, or a look before, found what a new stack may fail on. */
  private void warnOfLeftOvers(String stack) {
    List<String> left;
    try {
      left = leftOvers.get().of(stack);
    } catch (StateUnavailable e) {
      return;
    }
    if (!left.isEmpty()) {
      console.warn(
          left.size()
              + (left.size() == 1 ? " resource" : " resources")
              + " of an earlier "
              + stack
              + " were left at the last look ("
              + String.join(", ", left.subList(0, Math.min(3, left.size())))
              + (left.size() > 3 ? ", ..." : "")
              + "): 'deployctl diagnose preflight' tells whether they are gone");
    }
  }

  /** Who is told no wants to see what is going on there, and where to look further. */
  private List<StackEvent> lastEvents(GateDecision decision) {
    Stack stack = decision.stack();
    if (decision.canDeploy() || stack == null) {
      return List.of();
    }
    try (Stream<List<StackEvent>> pages = stacks.get().eventPages(stack.name())) {
      return pages.findFirst().orElse(List.of()).stream().limit(SHOWN_EVENTS).toList();
    } catch (AwsFailure e) {
      return List.of();
    }
  }

  private static @Nullable String link(GateDecision decision) {
    Stack stack = decision.stack();
    return decision.canDeploy() || stack == null
        ? null
        : ConsoleLinks.stack(stack.region(), stack.name());
  }

  private static String more(GateDecision decision, List<StackEvent> last) {
    StringBuilder text = new StringBuilder();
    for (StackEvent event : last) {
      text.append("\n  ")
          .append(Timestamps.clock(event.timestamp()))
          .append(' ')
          .append(Console.plain(event.logicalResourceId()))
          .append(' ')
          .append(event.status())
          .append(event.reason() == null ? "" : ": " + Console.plain(event.reason().strip()));
    }
    String link = link(decision);
    return link == null ? text.toString() : text.append("\n  ").append(link).toString();
  }

  private static JsonObject json(StackEvent event) {
    return new JsonObject()
        .put("timestamp", Timestamps.format(event.timestamp()))
        .put("logical_resource_id", event.logicalResourceId())
        .put("resource_type", event.resourceType())
        .put("status", event.status())
        .putIfKnown("reason", event.reason());
  }

  /** Say why the lock was refused: the decision's sentence, as an error with what to do. */
  public void refuse(GateDecision decision, String correlationId) {
    GateDecisionView view = views.get();
    console.result(view.json(decision), () -> view.text(decision, console));
    AwsFailure failure = decision.failure();
    Deployment blocker = decision.blocker();
    boolean itself = blocker != null && blocker.correlationId().equals(correlationId);
    if (failure != null) {
      console.error(failure);
    } else {
      console.note(
          correlationId
              + " was not registered."
              + (decision.exitCode() == deployctl.cli.ExitCode.ACTIVE && !itself
                  ? " 'deployctl coordinator acquire --wait 30m' waits for its turn"
                  : itself ? " It has this very id: take another" : ""));
    }
    github.summary("**Not registered:** " + view.sentence(decision));
  }
}
