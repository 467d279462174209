package deployctl.monitor.watch;

import deployctl.aws.cloudformation.StackEvent;
import deployctl.monitor.checkpoint.WatchRequest;
import java.util.List;

/** Learns from operations that are over. */
@FunctionalInterface
public interface OperationRecorder {
  /** Remember an operation by its events; never fails. */
  void record(WatchRequest request, List<StackEvent> events);
}
