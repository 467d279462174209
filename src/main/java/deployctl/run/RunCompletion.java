package deployctl.run;

import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.Stack;
import deployctl.aws.cloudformation.Stacks;
import deployctl.cli.Console;
import deployctl.cli.GithubActions;
import deployctl.estimator.history.HistoryFile;
import deployctl.monitor.checkpoint.WatchRequest;
import deployctl.monitor.watch.OperationRecorder;
import deployctl.notify.Notifier;
import deployctl.notify.message.Notification;
import deployctl.notify.message.Notification.DeploymentCancelled;
import deployctl.notify.message.Notification.DeploymentFailed;
import deployctl.notify.message.Notification.DeploymentSucceeded;
import deployctl.notify.message.Notification.MonitoringAlert;
import deployctl.operation.OperationFeed;
import deployctl.registry.Deployment;
import deployctl.support.Failure;
import deployctl.support.time.Durations;
import deployctl.target.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is looked at, remembered and said when a deployment is over. */
public final class RunCompletion {
  /** How long the end may wait for a Slack that has failed for a passing reason. */
  private static final Duration SLACK_TOLERANCE = Duration.ofSeconds(6);

  private final Supplier<Stacks> stacks;
  private final Supplier<OperationRecorder> recorder;
  private final Supplier<HistoryFile> history;
  private final Supplier<Notifier> notifier;
  private final GithubActions github;
  private final Console console;

  /** Make it; each is made at its first use. */
  public RunCompletion(
      Supplier<Stacks> stacks,
      Supplier<OperationRecorder> recorder,
      Supplier<HistoryFile> history,
      Supplier<Notifier> notifier,
      GithubActions github,
      Console console) {
    this.github = github;
    this.stacks = stacks;
    this.recorder = recorder;
    this.history = history;
    this.notifier = notifier;
    this.console = console;
  }

  /** Return what the stack did since a deployment began, as far as AWS tells it within a time. */
  StackOutcome stackOutcome(RunningDeployment deployment, Duration within) {
    CompletableFuture<StackOutcome> answer = new CompletableFuture<>();
    Thread thread = new Thread(() -> answer.complete(ask(deployment)), "completion");
    thread.setDaemon(true);
    thread.start();
    try {
      return answer.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return new StackOutcome.Unanswered("AWS has not answered");
    } catch (ExecutionException e) {
      return new StackOutcome.Unanswered(String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new StackOutcome.Unanswered("interrupted");
    }
  }

  private StackOutcome ask(RunningDeployment deployment) {
    try {
      Stack stack = stacks.get().find(deployment.target().stackName()).orElse(null);
      Instant started = stack == null ? null : stack.operationStartedAt();
      if (stack != null && stack.status().inProgress()) {
        // It was at rest when the lock was got: what goes on now is this deployment's.
        return new StackOutcome.GoingOn(stack);
      }
      // CloudFormation's clock and ours may differ by some seconds.
      if (stack == null
          || started == null
          || started.isBefore(deployment.begun().minusSeconds(5))) {
        return new StackOutcome.Untouched();
      }
      OperationFeed feed = OperationFeed.latest(stacks.get(), stack.id());
      feed.next();
      return new StackOutcome.Ended(feed.operation(), feed.events());
    } catch (AwsFailure e) {
      return new StackOutcome.Unanswered(e.what());
    } catch (Failure e) {
      return new StackOutcome.Unanswered(e.what());
    }
  }

  /** Learn from the operation, and keep the deployment in the history. */
  void record(RunningDeployment deployment, RunEnd end, WatchRequest request) {
    if (end.cancelled() || end.lost()) {
      return;
    }
    try {
      if (end.stack() instanceof StackOutcome.Ended ended) {
        recorder.get().record(request, ended.events());
      }
      history
          .get()
          .change(
              known ->
                  known.note(
                      inItsAccount(deployment.entry(), end.stack()),
                      deployment.target(),
                      end.good(),
                      deployment.begun(),
                      end.at()));
    } catch (Failure e) {
      console.warn("The history was not written: " + e.what());
    }
  }

  /** A stack that the deployment made was in no account when the lock was got. */
  private static Deployment inItsAccount(Deployment entry, StackOutcome stack) {
    if (entry.account() != null || !(stack instanceof StackOutcome.Ended ended)) {
      return entry;
    }
    String[] arn = ended.operation().stackId().split(":", -1);
    return arn.length > 4 && !arn[4].isEmpty() ? entry.with("account", arn[4]) : entry;
  }

  /**
   * Say how it ended, unless the monitor has.
   *
   * @param message what the monitor has told of the end; one that it began to tell is looked for
   *     before it is sent
   */
  void announce(RunningDeployment deployment, RunEnd end, RunMonitor.EndMessage message) {
    Duration length = Duration.between(deployment.begun(), end.at());
    if (end.good()) {
      console.note(deployment.id() + " succeeded in " + Durations.humane(length));
    } else {
      console.warn(
          deployment.id()
              + " did not succeed: "
              + end.why()
              + ", after "
              + Durations.humane(length));
    }
    tellJob(deployment, end, length);
    String unknown = end.unknown();
    if (!unknown.isEmpty()) {
      console.warn(Character.toUpperCase(unknown.charAt(0)) + unknown.substring(1));
    }
    String channel = deployment.options().channel();
    try {
      if (!message.told()) {
        Instant begun = message.at();
        notifier
            .get()
            .queueOnce(
                message(deployment, end, length).at(begun == null ? end.at() : begun).to(channel),
                deployment.id() + "|end",
                begun != null);
        if (end.good() && !unknown.isEmpty()) {
          tellBeside(deployment, "The command ended well; " + unknown, end.at());
        }
      } else if (message.differs(end.good())) {
        tellBeside(
            deployment,
            "The deployment "
                + (end.good() ? "succeeded" : "failed: " + end.why())
                + ", after its first operation had "
                + (end.good() ? "failed" : "succeeded"),
            end.at());
      }
      deliver(channel);
    } catch (Failure e) {
      console.warn("Slack was not told: " + e.what());
    }
  }

  /**
   * Say that the command has ended and CloudFormation has not: the monitor tells the end.
   *
   * @param exit the command's exit code
   * @param cancelled whether it was told to end
   * @param meanwhile what is known of CloudFormation, for the middle of a sentence
   * @param watched whether a monitor runs
   */
  void announceGoingOn(
      RunningDeployment deployment,
      int exit,
      boolean cancelled,
      String meanwhile,
      boolean watched,
      Instant now) {
    String text =
        (cancelled ? "The run was cancelled while " : "The command exited with " + exit + " while ")
            + meanwhile
            + (watched
                ? "; the monitor stays, keeps the lock, and tells the end"
                : "; nobody watches it, and how the stack's operation ends is not known."
                    + " 'deployctl monitor start "
                    + deployment.id()
                    + "' watches it");
    console.warn(text);
    outputs(deployment, cancelled ? "cancelled" : "going_on", exit);
    github.annotate("warning", deployment.id(), text);
    github.summary("**" + deployment.id() + "**: " + text);
    String channel = deployment.options().channel();
    try {
      tellBeside(deployment, text, now);
      deliver(channel);
    } catch (Failure e) {
      console.warn("Slack was not told: " + e.what());
    }
  }

  /**
   * Tell the job that runs it that nothing was deployed.
   *
   * @param id the deployment's id, or null when it has none yet
   */
  void tellRefused(@Nullable String id, Target target, int exit, String why) {
    github.annotate("error", "Nothing was deployed", why);
    outputs(id, target, null, "refused", exit);
    github.summary("### Nothing was deployed\n\n" + Console.plain(why));
  }

  /** Tell the job that runs it, where one does. */
  private void tellJob(RunningDeployment deployment, RunEnd end, Duration length) {
    String result =
        end.good() ? "succeeded" : end.cancelled() && !end.lost() ? "cancelled" : "failed";
    outputs(deployment, result, end.exit());
    String text =
        end.good()
            ? "succeeded in " + Durations.humane(length)
            : "did not succeed: " + end.why() + ", after " + Durations.humane(length);
    if (!end.good()) {
      github.annotate(
          end.cancelled() ? "warning" : "error",
          "Deployment to " + deployment.target().environment(),
          deployment.id() + " " + text);
    }
    github.summary(
        "### Deployment to "
            + deployment.target()
            + " "
            + result
            + "\n\n`"
            + deployment.id()
            + "` "
            + Console.plain(text)
            + (end.unknown().isEmpty() ? "" : "\n\n" + Console.plain(end.unknown())));
  }

  private void outputs(RunningDeployment deployment, String result, int exit) {
    outputs(deployment.id(), deployment.target(), deployment.entry().fencingToken(), result, exit);
  }

  private void outputs(
      @Nullable String id, Target target, @Nullable Long token, String result, int exit) {
    Map<String, @Nullable String> outputs = new LinkedHashMap<>();
    outputs.put("correlation_id", id);
    outputs.put("environment", target.environment());
    outputs.put("stack_name", target.stackName());
    outputs.put("fencing_token", token == null ? null : token.toString());
    outputs.put("result", result);
    outputs.put("exit_code", Integer.toString(exit));
    github.outputs(outputs);
  }

  private void tellBeside(RunningDeployment deployment, String text, Instant at) {
    notifier
        .get()
        .queue(
            new MonitoringAlert(deployment.id(), deployment.target().stackName(), text)
                .at(at)
                .to(deployment.options().channel()));
  }

  /** Send what waits, and say what could not be sent. */
  private void deliver(@Nullable String channel) {
    Notifier.Undelivered left = notifier.get().deliver(channel, SLACK_TOLERANCE);
    if (left.messages() > 0) {
      console.warn(
          (left.messages() == 1 ? "One message waits" : left.messages() + " messages wait")
              + " for Slack: "
              + left.why()
              + ". 'deployctl retry-queue process' sends what waits");
    }
  }

  private static Notification message(RunningDeployment deployment, RunEnd end, Duration length) {
    String environment = deployment.target().environment();
    if (end.cancelled()) {
      return new DeploymentCancelled(deployment.id(), environment, deployment.target().stackName());
    }
    return end.good()
        ? new DeploymentSucceeded(
            deployment.id(),
            environment,
            String.format(Locale.ROOT, "%.1f", length.toMillis() / 60_000.0),
            deployment.options().url())
        : new DeploymentFailed(
            deployment.id(), environment, end.why(), deployment.target().stackName());
  }
}
