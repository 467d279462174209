package deployctl.monitor;

import deployctl.aws.StackEvent;
import deployctl.operation.OperationFailure;

/** Writes what a monitor sees into its log. */
final class LogListener implements MonitorListener {
  private final MonitorLog log;
  private String lastProgress = "";

  LogListener(MonitorLog log) {
    this.log = log;
  }

  @Override
  public void event(StackEvent event) {
    log.event(event);
  }

  @Override
  public void notice(Notice notice) {
    log.write(notice.kind().level(), SnapshotWords.oneLine(notice.text()));
  }

  @Override
  public void look(Snapshot snapshot) {
    String progress = snapshot.status() + ", " + snapshot.progress().words();
    if (!progress.equals(lastProgress)) {
      lastProgress = progress;
      log.write(Notice.Level.INFO, snapshot.status() + ": " + SnapshotWords.look(snapshot));
    }
  }

  @Override
  public void end(EndReport report) {
    boolean good = report.outcome() == Outcome.SUCCEEDED;
    log.write(
        good ? Notice.Level.INFO : Notice.Level.ERROR, SnapshotWords.oneLine(report.summary()));
    OperationFailure rollback = report.rollbackCause();
    if (rollback != null) {
      log.write(
          Notice.Level.ERROR,
          "The rollback failed, too: " + SnapshotWords.oneLine(rollback.line()));
    }
  }
}
