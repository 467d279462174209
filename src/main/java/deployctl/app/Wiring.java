package deployctl.app;

import deployctl.aws.AwsGateways;
import deployctl.aws.cloudformation.CloudFormationStacks;
import deployctl.aws.cloudformation.Stacks;
import deployctl.cli.Console;
import deployctl.cli.GithubActions;
import deployctl.cli.GlobalOptions;
import deployctl.cli.ProgramSettings;
import deployctl.diagnose.DiagnosisEngine;
import deployctl.diagnose.DiagnosisReport;
import deployctl.monitor.MonitorProcesses;
import deployctl.monitor.MonitorRunner;
import deployctl.monitor.MonitorSources;
import deployctl.monitor.WatchRequests;
import deployctl.monitor.view.MonitorViews;
import deployctl.notify.Notifier;
import deployctl.notify.message.MessageRenderer;
import deployctl.notify.message.RegistryDetails;
import deployctl.reset.ResetActions;
import deployctl.reset.ResetActions.ResetState;
import deployctl.reset.ResetCommand;
import deployctl.reset.ResetPlanner;
import deployctl.retryqueue.QueueInspection;
import deployctl.retryqueue.RetryQueue;
import deployctl.run.DeploymentRuns;
import deployctl.run.RunCompletion;
import deployctl.slack.Slack;
import deployctl.slack.SlackWebApi;
import deployctl.support.Lazy;
import deployctl.support.config.ConfigFile;
import deployctl.support.config.Settings;
import deployctl.support.process.ExternalProgram;
import deployctl.support.process.ExternalProgram.ProgramRunner;
import deployctl.support.process.Host;
import deployctl.support.tape.TapePlayer;
import deployctl.support.text.Shell;
import deployctl.support.time.ShiftedTime;
import deployctl.target.Targets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Connects the parts. Everything is made at its first use, after the command line was parsed. */
final class Wiring {
  private static final String USUAL_CONFIG = "deployctl.yml";

  /** One of many that are asked side by side: a slow one must not hold up the others. */
  private static final Duration CALL = Duration.ofSeconds(6);

  private static final Duration DEADLINE = Duration.ofSeconds(18);

  private static final List<String> OWN_OPTIONS =
      List.of(
          "--registry-dir",
          "--queue-dir",
          "--region",
          "--profile",
          "--endpoint-url",
          "--stack",
          "--environment",
          "--config");
  private static final List<String> AWS_OPTIONS = List.of("--profile", "--endpoint-url");

  final Platform platform;
  final Console console;
  final Settings settings;
  final ShiftedTime time;
  final StateParts state;
  final CoordinatorParts coordinating;
  final Lazy<Stacks> stacks = Lazy.of(this::makeStacks);
  final Lazy<AwsGateways> gateways = Lazy.of(this::makeGateways);
  final Lazy<Slack> slack = Lazy.of(this::makeSlack);
  final Lazy<RetryQueue> retryQueue = Lazy.of(this::makeQueue);
  final Lazy<Notifier> notifier = Lazy.of(this::makeNotifier);
  final Lazy<Learning> learning = Lazy.of(this::makeLearning);
  final Lazy<DiagnosisEngine> diagnosis = Lazy.of(() -> DiagnoseCatalog.engine(this));
  private final GlobalOptions options;
  private final AwsParts aws;
  private final Lazy<SlackParts> slackParts;

  Wiring(Platform platform, GlobalOptions options, Console console) {
    this.platform = platform;
    this.time = new ShiftedTime(platform.time());
    this.options = options;
    this.console = console;
    Lazy<ConfigFile> file = Lazy.of(this::configFile);
    this.settings = new Settings(platform.env(), file);
    this.state = new StateParts(platform, options, settings, console, time);
    this.aws = new AwsParts(platform.env(), options, settings, console);
    this.slackParts = Lazy.of(() -> new SlackParts(platform.env(), settings, console, aws, time));
    this.coordinating =
        new CoordinatorParts(
            platform, options, settings, state, stacks, aws, learning, console, time);
  }

  GithubActions github() {
    return new GithubActions(platform.env(), console);
  }

  Targets targets() {
    return new Targets(options, settings);
  }

  ProgramRunner programs() {
    return ExternalProgram.on(platform.env().get("PATH"));
  }

  /** Return where the queue is, for a schedule. */
  String queueLocation() {
    return options.path(settings, ProgramSettings.QUEUE_DIR).toString();
  }

  /**
   * Return a part of AWS, made at its first use. Generic on purpose: a lambda that returns a
   * gateway would bring that class, and the SDK behind it, into commands that never ask AWS.
   */
  private <T> Lazy<T> part(Function<AwsGateways, Supplier<T>> part) {
    return Lazy.of(() -> part.apply(gateways.get()).get());
  }

  WatchRequests watchRequests() {
    return new WatchRequests(targets(), settings, state.registry, console);
  }

  MonitorProcesses monitorProcesses() {
    return new MonitorProcesses(
        state.monitors,
        () -> OwnProgram.of(platform, options),
        platform.processes().detached(),
        time);
  }

  MonitorRunner monitorRunner() {
    return new MonitorRunner(
        new MonitorSources(
            stacks,
            part(AwsGateways::services),
            part(AwsGateways::logs),
            coordinating.coordinator,
            () -> learning.get()::remaining,
            () -> learning.get()::record),
        new MonitorViews(console, github(), platform.env(), time),
        state.monitors,
        notifier,
        console,
        Host.name(platform.env()),
        platform.shutdown(),
        time,
        platform.random());
  }

  DiagnosisReport diagnosisReport() {
    return new DiagnosisReport(diagnosis, console, time);
  }

  DeploymentRuns deploymentRuns() {
    return new DeploymentRuns(
        watchRequests(),
        monitorProcesses(),
        new RunCompletion(
            stacks, () -> learning.get()::record, state.history, notifier, github(), console),
        platform.processes().children().get(),
        coordinating.coordinator,
        notifier,
        console,
        time);
  }

  QueueInspection queueInspection() {
    return new QueueInspection(retryQueue.get());
  }

  ResetCommand resetting() {
    ResetState kept =
        new ResetState(
            state.registryStore,
            state.queueStore,
            this::queueInspection,
            state.repair,
            state.monitors);
    return new ResetCommand(
        kept,
        new ResetPlanner(kept, stacks, state.quietRegistry, console),
        new ResetActions(
            kept,
            monitorProcesses(),
            gateways,
            () -> learning.get()::remaining,
            diagnosisReport(),
            programs(),
            settings,
            console,
            time),
        targets(),
        stacks,
        state.journal,
        this::ownOptions,
        console,
        time);
  }

  /** Return what puts a recording between the program and all other systems. */
  Tapes tapes() {
    return new Tapes(aws, time);
  }

  /** Play a recording of a stack's operation, as it went on, at {@code speed} times its pace. */
  void play(Path folder, Instant from, int speed) {
    time.moveTo(from, speed);
    aws.tape(new OperationPlayer(new TapePlayer(folder), time));
  }

  /** Return the global options that were given, each with a space before it. */
  String ownOptions() {
    return optionArgv(OWN_OPTIONS);
  }

  /** Return those among them that the AWS CLI takes, likewise. */
  String awsOptions() {
    return optionArgv(AWS_OPTIONS);
  }

  private String optionArgv(List<String> names) {
    StringBuilder text = new StringBuilder();
    List<String> given = options.argv();
    for (int i = 0; i + 1 < given.size(); i++) {
      if (names.contains(given.get(i))) {
        text.append(' ').append(given.get(i)).append(' ').append(Shell.quote(given.get(i + 1)));
      }
    }
    return text.toString();
  }

  private Stacks makeStacks() {
    return new CloudFormationStacks(aws.settings("CLOUDFORMATION"));
  }

  private AwsGateways makeGateways() {
    return new AwsGateways(service -> aws.settings(service, CALL, DEADLINE), stacks, aws::region);
  }

  private Slack makeSlack() {
    // Before the first logger of a library is made: it would write where the result goes.
    AwsParts.logging(console);
    return new SlackWebApi(() -> slackParts.get().settings());
  }

  private RetryQueue makeQueue() {
    return new RetryQueue(
        state.queueStore.get(),
        slack.get(),
        // What is odd in the registry is not what a message is about.
        new MessageRenderer(
            new RegistryDetails(
                state.quietRegistry.get(),
                platform.env(),
                aws::region,
                stack -> learning.get().usualMinutes(stack))),
        settings.get(ProgramSettings.SLACK_CHANNEL, null),
        time,
        platform.random(),
        console::warn);
  }

  private Notifier makeNotifier() {
    return new Notifier(
        retryQueue.get(),
        slack.get(),
        time,
        platform.random(),
        console::warn,
        settings.isOn(ProgramSettings.SLACK_ENABLED));
  }

  private Learning makeLearning() {
    return new Learning(state.history.get(), state.registry, console::warn);
  }

  private ConfigFile configFile() {
    String named = options.given(ProgramSettings.CONFIG);
    if (named == null) {
      named = settings.fromEnvironment(ProgramSettings.CONFIG);
    }
    if (named == null && !Files.exists(Path.of(USUAL_CONFIG))) {
      return ConfigFile.empty();
    }
    return ConfigFile.read(Path.of(named == null ? USUAL_CONFIG : named), ProgramSettings.inFile());
  }
}
