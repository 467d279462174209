package deployctl.app;

import deployctl.aws.cloudformation.Stacks;
import deployctl.cli.Console;
import deployctl.cli.GithubActions;
import deployctl.cli.GlobalOptions;
import deployctl.cli.ProgramSettings;
import deployctl.coordinator.AcquireReport;
import deployctl.coordinator.Acquisition;
import deployctl.coordinator.LockRequests;
import deployctl.coordinator.lock.Coordinator;
import deployctl.coordinator.lock.DeploymentFactory;
import deployctl.coordinator.lock.FullRepair;
import deployctl.coordinator.lock.KnownStacks;
import deployctl.coordinator.lock.LockQueue;
import deployctl.coordinator.lock.ThrowawayRunner;
import deployctl.coordinator.view.GateDecisionReport;
import deployctl.coordinator.view.GateDecisionView;
import deployctl.estimator.TypicalDuration;
import deployctl.notify.Notifier;
import deployctl.support.Lazy;
import deployctl.support.config.Setting;
import deployctl.support.config.Settings;
import deployctl.support.process.ExternalProgram;
import deployctl.support.time.Time;
import java.time.Duration;
import java.util.function.Supplier;

/** Who may deploy, and how that is shown. */
final class CoordinatorParts {
  private final Platform platform;
  private final GlobalOptions options;
  private final Settings settings;
  private final StateParts state;
  private final Supplier<Stacks> stacks;
  private final AwsParts aws;
  private final Supplier<Learning> learning;
  private final Console console;
  private final Time time;

  final Lazy<Coordinator> coordinator = Lazy.of(this::makeCoordinator);
  final Lazy<LockQueue> lockQueue = Lazy.of(this::makeQueue);
  final Lazy<GateDecisionView> views = Lazy.of(this::makeView);

  CoordinatorParts(
      Platform platform,
      GlobalOptions options,
      Settings settings,
      StateParts state,
      Supplier<Stacks> stacks,
      AwsParts aws,
      Supplier<Learning> learning,
      Console console,
      Time time) {
    this.platform = platform;
    this.options = options;
    this.settings = settings;
    this.state = state;
    this.stacks = stacks;
    this.aws = aws;
    this.learning = learning;
    this.console = console;
    this.time = time;
  }

  Acquisition acquisition(Supplier<Notifier> notifier) {
    return new Acquisition(console, coordinator, lockQueue, views, runner(), notifier, time);
  }

  GateDecisionReport decisions() {
    return new GateDecisionReport(console, github(), views, stacks, state.leftOvers);
  }

  AcquireReport acquired() {
    return new AcquireReport(console, github(), decisions(), time);
  }

  LockRequests requests() {
    return new LockRequests(
        ExternalProgram.on(platform.env().get("PATH")), time, platform.random());
  }

  /** Return the lease of a lock that nobody renews. */
  Duration defaultLease() {
    return duration(ProgramSettings.LEASE);
  }

  FullRepair fullRepair() {
    return new FullRepair(state.repair, coordinator);
  }

  ThrowawayRunner runner() {
    return new ThrowawayRunner(platform.env(), console);
  }

  private KnownStacks knownStacks() {
    return new KnownStacks(() -> state.history.get().read().entries(), aws::account);
  }

  private GithubActions github() {
    return new GithubActions(platform.env(), console);
  }

  private Coordinator makeCoordinator() {
    return new Coordinator(
        state.registry.get(),
        stacks,
        new DeploymentFactory(platform.env(), aws::region, platform.random()),
        knownStacks(),
        state.journal.get(),
        time,
        console::warn);
  }

  private LockQueue makeQueue() {
    return new LockQueue(
        coordinator.get(), time, platform.random(), duration(ProgramSettings.POLL_INTERVAL));
  }

  private GateDecisionView makeView() {
    return new GateDecisionView(
        new TypicalDuration(
            state.historyDocument.get(), (stack, elapsed) -> learning.get().left(stack, elapsed)),
        aws::region,
        time);
  }

  private Duration duration(Setting setting) {
    return settings.duration(setting, options.given(setting));
  }
}
