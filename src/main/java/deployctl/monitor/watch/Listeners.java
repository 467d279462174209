package deployctl.monitor.watch;

import deployctl.aws.cloudformation.StackEvent;
import java.util.List;

/** Tells several listeners the same, in their order. */
public record Listeners(List<MonitorListener> listeners) implements MonitorListener {
  @Override
  public void event(StackEvent event) {
    listeners.forEach(listener -> listener.event(event));
  }

  @Override
  public void alert(Alert alert) {
    listeners.forEach(listener -> listener.alert(alert));
  }

  @Override
  public void polled(Snapshot snapshot) {
    listeners.forEach(listener -> listener.polled(snapshot));
  }

  @Override
  public void over(List<StackEvent> events) {
    listeners.forEach(listener -> listener.over(events));
  }

  @Override
  public void end(OperationResult report) {
    listeners.forEach(listener -> listener.end(report));
  }
}
