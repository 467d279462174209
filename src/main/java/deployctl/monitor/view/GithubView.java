package deployctl.monitor.view;

import deployctl.aws.cloudformation.StackEvent;
import deployctl.cli.Console;
import deployctl.cli.GithubActions;
import deployctl.monitor.checkpoint.MonitorOutcome;
import deployctl.monitor.watch.Alert;
import deployctl.monitor.watch.MonitorListener;
import deployctl.monitor.watch.OperationResult;
import deployctl.monitor.watch.Snapshot;

/**
 * Tells what a monitor sees in the log of a GitHub Actions job: events in collapsible groups,
 * failures as annotations. Format: GitHub's "Workflow commands for GitHub Actions".
 */
public final class GithubView implements MonitorListener {
  private final Console console;
  private final GithubActions github;
  private final PlainView plain;
  private boolean open;
  private String title = "Events";

  public GithubView(Console console, GithubActions github) {
    this.console = console;
    this.github = github;
    this.plain = new PlainView(console);
  }

  @Override
  public void event(StackEvent event) {
    if (!open) {
      open = true;
      console.command("::group::" + title);
    }
    plain.event(event);
  }

  @Override
  public void alert(Alert alert) {
    closeGroup();
    String text = SnapshotText.oneLine(alert.text());
    switch (alert.kind().level()) {
      case INFO -> console.print(text);
      case WARN -> console.command(GithubActions.annotation("warning", "Deployment", text));
      case ERROR -> console.command(GithubActions.annotation("error", "Deployment", text));
    }
  }

  @Override
  public void polled(Snapshot snapshot) {
    String message = snapshot.status() + ": " + SnapshotText.describe(snapshot);
    if (open) {
      closeGroup();
      console.print(message);
    }
    title = "Events after " + snapshot.progress().describe();
  }

  @Override
  public void end(OperationResult report) {
    closeGroup();
    String message = PlainView.describe(report);
    console.print(message);
    if (report.outcome() != MonitorOutcome.SUCCEEDED) {
      console.command(
          GithubActions.annotation(
              "error", report.stackName(), SnapshotText.oneLine(report.summary())));
    }
    github.summary("```\n" + message.replace("```", "'''") + "\n```");
  }

  @Override
  public void close() {
    closeGroup();
  }

  private void closeGroup() {
    if (open) {
      open = false;
      console.command("::endgroup::");
    }
  }
}
