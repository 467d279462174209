package deployctl.monitor;

import deployctl.aws.StackEvent;
import deployctl.cli.Console;
import deployctl.cli.GithubActions;

/**
 * Tells what a monitor sees in the log of a GitHub Actions job: events in groups that fold,
 * failures as annotations. Format: GitHub's "Workflow commands for GitHub Actions".
 */
final class GithubView implements MonitorListener {
  private final Console console;
  private final GithubActions github;
  private final PlainView plain;
  private boolean open;
  private String title = "Events";

  GithubView(Console console, GithubActions github) {
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
  public void notice(Notice notice) {
    closeGroup();
    String text = SnapshotWords.oneLine(notice.text());
    switch (notice.kind().level()) {
      case INFO -> console.print(text);
      case WARN -> console.print(GithubActions.annotation("warning", "Deployment", text));
      case ERROR -> console.print(GithubActions.annotation("error", "Deployment", text));
    }
  }

  @Override
  public void look(Snapshot snapshot) {
    String words = snapshot.status() + ": " + SnapshotWords.look(snapshot);
    if (open) {
      closeGroup();
      console.print(words);
    }
    title = "Events after " + snapshot.progress().words();
  }

  @Override
  public void end(EndReport report) {
    closeGroup();
    String words = PlainView.words(report);
    console.print(words);
    if (report.outcome() != Outcome.SUCCEEDED) {
      console.print(
          GithubActions.annotation(
              "error", report.stackName(), SnapshotWords.oneLine(report.summary())));
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
