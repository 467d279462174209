package deployctl.estimator;

import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.StackEvent;
import deployctl.aws.cloudformation.Stacks;
import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.estimator.history.History;
import deployctl.estimator.history.HistoryFile;
import deployctl.estimator.model.DurationModel;
import deployctl.operation.OperationSplitter;
import deployctl.operation.PastOperation;
import deployctl.operation.Template;
import deployctl.support.Failure;
import deployctl.support.file.FileErrors;
import deployctl.support.file.LocalFile;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Timestamps;
import deployctl.target.Targets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code estimator timeline}: what ran when, and what decided the total. */
public final class TimelineCommand implements Command {
  private final Targets targets;
  private final Supplier<HistoryFile> history;
  private final Console console;
  private final Supplier<Stacks> stacks;
  private @Nullable String stack;
  private @Nullable String file;

  /** Make the command. */
  public TimelineCommand(
      Targets targets, Supplier<HistoryFile> history, Console console, Supplier<Stacks> stacks) {
    this.targets = targets;
    this.history = history;
    this.console = console;
    this.stacks = stacks;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.optional(spec, "stack", "Stack (default: --stack, production's).", v -> stack = v);
    Args.option(spec, "--html", "<file>", "Write one page that needs nothing else.", v -> file = v);
    Args.examples(
        spec,
        "deployctl estimator timeline CourtCaseManagementStack",
        "deployctl estimator timeline --html timeline.html",
        "",
        "The latest operation that is over, from CloudFormation, else from the history.");
  }

  @Override
  public ExitCode run() {
    String name = targets.find(null, stack == null || stack.isBlank() ? null : stack).stackName();
    History known = history.get().read();
    Template template = null;
    Optional<PastOperation> latest;
    try {
      latest = fromEvents(name);
      template = template(name);
    } catch (AwsFailure e) {
      latest = known.latest(name);
      if (latest.isEmpty()) {
        throw e;
      }
      console.warn(e.what() + "; shown from the history");
    }
    PastOperation operation =
        latest
            .or(() -> known.latest(name))
            .orElseThrow(
                () ->
                    new Failure(
                        Failure.FailureKind.FAILED,
                        "No operation of " + name + " is known that is over",
                        "Deploy it, or name another stack"));
    Timeline timeline = Timeline.of(operation, template, new DurationModel(known, name));
    if (file != null) {
      write(LocalFile.of(file), TimelinePage.of(timeline, known.training(name)));
    }
    console.result(
        json(timeline),
        () ->
            file != null
                ? "wrote " + file
                : TimelineText.of(timeline, console.terminal().columns()));
    return ExitCode.OK;
  }

  private Optional<PastOperation> fromEvents(String name) {
    List<StackEvent> events = new ArrayList<>();
    // The latest operations are on the first pages; what lies further back is not the latest.
    var pages = stacks.get().eventPages(name).iterator();
    while (pages.hasNext()) {
      events.addAll(pages.next());
      List<StackEvent> oldestFirst = new ArrayList<>(events);
      Collections.reverse(oldestFirst);
      Optional<PastOperation> found = OperationSplitter.single(oldestFirst);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private @Nullable Template template(String name) {
    try {
      return Template.parse(stacks.get().template(name));
    } catch (AwsFailure e) {
      // The order is then taken from what ran when.
      return null;
    }
  }

  private static JsonObject json(Timeline timeline) {
    return new JsonObject()
        .put("stack_name", timeline.operation().stackName())
        .put("operation", timeline.operation().kind().name())
        .put("result", timeline.operation().result().name())
        .put("started_at", Timestamps.format(timeline.operation().startedAt()))
        .put("total_seconds", timeline.total())
        .put(
            "resources",
            timeline.rows().stream()
                .map(
                    row ->
                        new JsonObject()
                            .put("logical_id", row.timing().logicalId())
                            .put("type", row.timing().type())
                            .put("action", row.timing().action())
                            .put("start_seconds", row.timing().start())
                            .put("waited_seconds", row.waited())
                            .put("configured_seconds", row.timing().configured())
                            .put("seconds", row.timing().seconds())
                            .put("usual_seconds", row.usual())
                            .put("on_critical_chain", row.onChain()))
                .toList());
  }

  private static void write(LocalFile target, String page) {
    try {
      target.write(page);
    } catch (IOException e) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          "Cannot write " + target + ": " + FileErrors.reason(e),
          "Choose another place with --html",
          e);
    }
  }
}
