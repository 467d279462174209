package deployctl.recovery;

import deployctl.cli.Console;
import deployctl.monitor.checkpoint.WatchRequest;
import deployctl.monitor.view.MonitorLog;
import deployctl.monitor.watch.Alert.AlertLevel;
import deployctl.notify.Notifier;
import deployctl.notify.message.Notification.MonitoringAlert;
import deployctl.support.Failure;
import deployctl.support.time.Time;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a recovery says, to its log, its terminal and Slack. */
final class RecoveryReport {
  private final WatchRequest request;
  private final MonitorLog log;
  private final Console console;
  private final Supplier<Notifier> notifier;
  private final Supplier<String> interactChannel;
  private final Time time;

  /**
   * Make a report on one deployment's monitor.
   *
   * @param interactChannel where a person is asked for
   */
  RecoveryReport(
      WatchRequest request,
      MonitorLog log,
      Console console,
      Supplier<Notifier> notifier,
      Supplier<String> interactChannel,
      Time time) {
    this.request = request;
    this.log = log;
    this.console = console;
    this.notifier = notifier;
    this.interactChannel = interactChannel;
    this.time = time;
  }

  void info(String text) {
    log.write(AlertLevel.INFO, text);
  }

  void warn(String text) {
    log.write(AlertLevel.WARN, text);
  }

  void error(String text) {
    log.write(AlertLevel.ERROR, text);
  }

  /** Tell the deployment's channel. */
  void tell(String text) {
    send(request.channel(), text);
  }

  /** Tell the channel where a person is asked for. */
  void askPeople(String text) {
    send(interactChannel.get(), text);
  }

  private void send(@Nullable String channel, String text) {
    console.warn(text);
    try {
      notifier
          .get()
          .queue(
              new MonitoringAlert(request.correlationId(), request.stack(), text)
                  .at(time.now())
                  .to(channel));
      notifier.get().flush(channel);
    } catch (Failure e) {
      console.warn(e.what());
    }
  }
}
