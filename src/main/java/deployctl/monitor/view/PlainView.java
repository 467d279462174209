package deployctl.monitor.view;

import deployctl.aws.cloudformation.StackEvent;
import deployctl.cli.Console;
import deployctl.monitor.watch.Alert;
import deployctl.monitor.watch.MonitorListener;
import deployctl.monitor.watch.OperationResult;
import deployctl.monitor.watch.Snapshot;
import deployctl.operation.OperationFailure;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells what a monitor sees line by line, for logs and pipes. */
public final class PlainView implements MonitorListener {
  /** How often the state is said although little changes. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(60);

  private final Console console;
  private @Nullable Snapshot told;

  public PlainView(Console console) {
    this.console = console;
  }

  @Override
  public void event(StackEvent event) {
    console.print(SnapshotText.clock(event.timestamp()) + " " + SnapshotText.event(event));
  }

  @Override
  public void alert(Alert alert) {
    String text = SnapshotText.oneLine(alert.text());
    if (alert.kind().level() == Alert.AlertLevel.INFO) {
      console.note(text);
    } else {
      console.warn(text);
    }
  }

  @Override
  public void polled(Snapshot snapshot) {
    Snapshot last = told;
    if (last == null
        || !last.status().equals(snapshot.status())
        || Duration.between(last.at(), snapshot.at()).compareTo(LOOK_EVERY) >= 0) {
      told = snapshot;
      console.note(snapshot.status() + ": " + SnapshotText.describe(snapshot));
    }
  }

  @Override
  public void end(OperationResult report) {
    console.print(describe(report));
  }

  /** Return the end for a terminal: what happened, the cause, what followed under it. */
  public static String describe(OperationResult report) {
    StringBuilder text = new StringBuilder();
    if (report.cause() == null) {
      text.append(SnapshotText.oneLine(report.summary()));
    } else {
      String summary = report.summary();
      int cut = summary.indexOf(": " + report.cause().line());
      text.append(SnapshotText.oneLine(cut < 0 ? summary : summary.substring(0, cut)));
      text.append("\n  cause: ").append(SnapshotText.oneLine(report.cause().line()));
    }
    if (report.rollbackCause() != null) {
      text.append("\n  the rollback failed, too: ")
          .append(SnapshotText.oneLine(report.rollbackCause().line()));
    }
    if (!report.followed().isEmpty()) {
      text.append("\n  followed from it: ");
      text.append(
          String.join(
              ", ",
              report.followed().stream()
                  .map(OperationFailure::logicalId)
                  .distinct()
                  .limit(8)
                  .toList()));
      long all = report.followed().stream().map(OperationFailure::logicalId).distinct().count();
      text.append(all > 8 ? String.format(Locale.ROOT, " and %d more", all - 8) : "");
    }
    return text.toString();
  }
}
