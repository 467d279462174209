package deployctl.monitor;

import deployctl.aws.EcsServices;
import deployctl.aws.Logs;
import deployctl.aws.cloudformation.StackEvent;
import deployctl.aws.cloudformation.Stacks;
import deployctl.cli.Console;
import deployctl.cli.GithubActions;
import deployctl.coordinator.lock.Coordinator;
import deployctl.monitor.checkpoint.MonitorStore;
import deployctl.monitor.watch.Monitor;
import deployctl.monitor.watch.WatchRequest;
import deployctl.notify.Notifier;
import deployctl.registry.Registry;
import deployctl.support.config.Settings;
import deployctl.support.env.Env;
import deployctl.support.process.Shutdown;
import deployctl.support.time.Time;
import deployctl.target.Targets;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What watching works with. What needs the command line's options is a supplier: it is asked after
 * parsing.
 *
 * @param program words that start this program again with the same global options
 * @param remainder what is known of the time that is left
 * @param recorder learns from operations that are over
 */
public record MonitorContext(
    Console console,
    GithubActions github,
    Targets targets,
    Settings settings,
    Supplier<Registry> registry,
    Supplier<Coordinator> coordinator,
    Supplier<Stacks> stacks,
    Supplier<EcsServices> services,
    Supplier<Logs> logs,
    Supplier<Notifier> notifier,
    Supplier<MonitorStore> store,
    Supplier<List<String>> program,
    Supplier<Monitor.Remainder> remainder,
    Supplier<OperationRecorder> recorder,
    Env env,
    Shutdown.Hooks shutdown,
    Time time,
    RandomGenerator random) {
  /** Learns from operations that are over. */
  @FunctionalInterface
  public interface OperationRecorder {
    /** Remember an operation by its events; never fails. */
    void record(WatchRequest watched, List<StackEvent> events);
  }
}
