package deployctl.monitor.view;

import deployctl.aws.cloudformation.StackEvent;
import deployctl.monitor.checkpoint.MonitorOutcome;
import deployctl.monitor.watch.Alert;
import deployctl.monitor.watch.MonitorListener;
import deployctl.monitor.watch.OperationResult;
import deployctl.monitor.watch.Snapshot;
import deployctl.operation.OperationFailure;

/** Writes what a monitor sees into its log. */
public final class LogView implements MonitorListener {
  private final MonitorLog log;
  private String lastProgress = "";

  public LogView(MonitorLog log) {
    this.log = log;
  }

  @Override
  public void event(StackEvent event) {
    log.append(log.lines().event(event));
  }

  @Override
  public void alert(Alert alert) {
    log.write(alert.kind().level(), SnapshotText.oneLine(alert.text()));
  }

  @Override
  public void polled(Snapshot snapshot) {
    String progress = snapshot.status() + ", " + snapshot.progress().describe();
    if (!progress.equals(lastProgress)) {
      lastProgress = progress;
      log.write(Alert.AlertLevel.INFO, snapshot.status() + ": " + SnapshotText.describe(snapshot));
    }
  }

  @Override
  public void end(OperationResult report) {
    boolean good = report.outcome() == MonitorOutcome.SUCCEEDED;
    log.write(
        good ? Alert.AlertLevel.INFO : Alert.AlertLevel.ERROR,
        SnapshotText.oneLine(report.summary()));
    OperationFailure rollback = report.rollbackCause();
    if (rollback != null) {
      log.write(
          Alert.AlertLevel.ERROR,
          "The rollback failed, too: " + SnapshotText.oneLine(rollback.line()));
    }
  }
}
