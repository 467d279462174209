package deployctl.monitor.watch;

import deployctl.aws.cloudformation.StackEvent;
import java.util.List;

/** Is told what a monitor sees. */
public interface MonitorListener extends AutoCloseable {
  /** Hear an event of the operation; each comes once. */
  default void event(StackEvent event) {}

  /** Hear something that is worth saying; each comes once. */
  default void alert(Alert alert) {}

  /** Hear how it stands; comes after each poll that AWS answered. */
  default void polled(Snapshot snapshot) {}

  /** Hear the end. */
  default void end(OperationResult report) {}

  /** Hear all events of the operation that is over, those told by earlier monitors included. */
  default void over(List<StackEvent> events) {}

  /** Stop showing anything. */
  @Override
  default void close() {}
}
