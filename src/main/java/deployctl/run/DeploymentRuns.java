package deployctl.run;

import deployctl.cli.Console;
import deployctl.coordinator.lock.Coordinator;
import deployctl.monitor.MonitorProcesses;
import deployctl.monitor.WatchRequests;
import deployctl.notify.Notifier;
import deployctl.registry.Deployment;
import deployctl.support.process.Child;
import deployctl.support.time.Time;
import deployctl.target.Target;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes a run of each deployment that got the lock. */
public final class DeploymentRuns {
  private final WatchRequests requests;
  private final MonitorProcesses processes;
  private final RunCompletion completion;
  private final Child.ChildStarter children;
  private final Supplier<Coordinator> coordinator;
  private final Supplier<Notifier> notifier;
  private final Console console;
  private final Time time;

  /** Make it. */
  public DeploymentRuns(
      WatchRequests requests,
      MonitorProcesses processes,
      RunCompletion completion,
      Child.ChildStarter children,
      Supplier<Coordinator> coordinator,
      Supplier<Notifier> notifier,
      Console console,
      Time time) {
    this.requests = requests;
    this.processes = processes;
    this.completion = completion;
    this.children = children;
    this.coordinator = coordinator;
    this.notifier = notifier;
    this.console = console;
    this.time = time;
  }

  /**
   * Tell the job that runs this that nothing was deployed.
   *
   * @param id the deployment's id, or null when it has none yet
   */
  void refused(@Nullable String id, Target target, int exit, String why) {
    completion.tellRefused(id, target, exit, why);
  }

  /** Return the run of a deployment that got the lock just now. */
  DeploymentRun of(Target target, Deployment entry, RunOptions options) {
    RunningDeployment deployment = new RunningDeployment(target, entry, options, time.now());
    return new DeploymentRun(
        deployment,
        new RunMonitor(deployment, requests, processes, console, time),
        completion,
        children,
        coordinator,
        notifier,
        console,
        time);
  }

  /** Tell what a shell would exit with for a command that cannot be run; 0 when it can. */
  int check(String command) {
    return children.check(command);
  }
}
