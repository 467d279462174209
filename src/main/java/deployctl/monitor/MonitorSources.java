package deployctl.monitor;

import deployctl.aws.EcsServices;
import deployctl.aws.Logs;
import deployctl.aws.cloudformation.Stacks;
import deployctl.coordinator.lock.Coordinator;
import deployctl.monitor.watch.Monitor;
import deployctl.monitor.watch.OperationRecorder;
import java.util.function.Supplier;

/**
 * What a monitor asks, and who learns from what it saw; each made at its first use.
 *
 * @param remainder what is known of the time that is left
 * @param recorder learns from operations that are over
 */
public record MonitorSources(
    Supplier<Stacks> stacks,
    Supplier<EcsServices> services,
    Supplier<Logs> logs,
    Supplier<Coordinator> coordinator,
    Supplier<Monitor.Remainder> remainder,
    Supplier<OperationRecorder> recorder) {}
