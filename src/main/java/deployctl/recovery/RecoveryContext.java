package deployctl.recovery;

import deployctl.monitor.MonitorContext;
import java.util.function.Supplier;

/**
 * What recovering works with.
 *
 * @param interactChannel where a person is asked for
 */
public record RecoveryContext(MonitorContext monitor, Supplier<String> interactChannel) {
  /** The recovery's log, beside the monitor's. */
  public static final String LOG = "monitor-recovery.log";
}
