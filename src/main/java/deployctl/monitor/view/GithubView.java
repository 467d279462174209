package deployctl.monitor.view;

import deployctl.aws.cloudformation.StackEvent;
import deployctl.cli.Console;
import deployctl.cli.GithubActions;
import deployctl.monitor.watch.Alert;
import deployctl.monitor.watch.MonitorListener;
import deployctl.monitor.watch.MonitorOutcome;
import deployctl.monitor.watch.OperationResult;
import deployctl.monitor.watch.Snapshot;

/**
 * Tells what a monitor sees in the log of a GitHub Actions job: events in groups that fold,
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
      console.print("::group::" + title);
    }
    plain.event(event);
  }

  @Override
  public void notice(Alert notice) {
    closeGroup();
    String text = SnapshotText.oneLine(notice.text());
    switch (notice.kind().level()) {
      case INFO -> console.print(text);
      case WARN -> console.print(GithubActions.annotation("warning", "Deployment", text));
      case ERROR -> console.print(GithubActions.annotation("error", "Deployment", text));
    }
  }

  @Override
  public void look(Snapshot snapshot) {
    String words = snapshot.status() + ": " + SnapshotText.look(snapshot);
    if (open) {
      closeGroup();
      console.print(words);
    }
    title = "Events after " + snapshot.progress().words();
  }

  @Override
  public void end(OperationResult report) {
    closeGroup();
    String words = PlainView.words(report);
    console.print(words);
    if (report.outcome() != MonitorOutcome.SUCCEEDED) {
      console.print(
          GithubActions.annotation(
              "error", report.stackName(), SnapshotText.oneLine(report.summary())));
    }
    github.summary("```\n" + words.replace("```", "'''") + "\n```");
  }

  @Override
  public void close() {
    closeGroup();
  }

  private void closeGroup() {
    if (open) {
      open = false;
      console.print("::endgroup::");
    }
  }
}
