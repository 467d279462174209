package deployctl.app;

import deployctl.aws.AwsGateways;
import deployctl.aws.cloudformation.CloudFormationStacks;
import deployctl.aws.cloudformation.Stacks;
import deployctl.cli.Console;
import deployctl.cli.GithubActions;
import deployctl.cli.GlobalOptions;
import deployctl.cli.ProgramSettings;
import deployctl.coordinator.CoordinatorContext;
import deployctl.coordinator.lock.Coordinator;
import deployctl.coordinator.lock.DeploymentFactory;
import deployctl.diagnose.DiagnoseContext;
import deployctl.estimator.EstimatorContext;
import deployctl.estimator.TypicalDuration;
import deployctl.estimator.history.HistoryFile;
import deployctl.monitor.MonitorContext;
import deployctl.monitor.checkpoint.MonitorStore;
import deployctl.notify.Notifier;
import deployctl.notify.NotifyContext;
import deployctl.notify.message.RegistryDetails;
import deployctl.recovery.RecoveryContext;
import deployctl.registry.Journal;
import deployctl.registry.Registry;
import deployctl.registry.RegistryRepair;
import deployctl.registry.file.FileJournal;
import deployctl.reset.ResetContext;
import deployctl.retryqueue.QueueInspection;
import deployctl.run.RunContext;
import deployctl.slack.SlackWebApi;
import deployctl.state.DocumentStore;
import deployctl.state.file.FileDocumentStore;
import deployctl.support.Lazy;
import deployctl.support.config.ConfigFile;
import deployctl.support.config.Setting;
import deployctl.support.config.Settings;
import deployctl.support.env.Env;
import deployctl.support.process.ExternalProgram;
import deployctl.support.process.Host;
import deployctl.support.tape.Tape;
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
  private static final String HISTORY = "deployment-history.json";

  private final Platform platform;
  private final GlobalOptions options;
  private final Console console;
  private final Settings settings;
  private final Lazy<DocumentStore> store = Lazy.of(() -> store("deployments.json"));
  private final Lazy<Registry> registry;
  private final Lazy<Journal> journal = Lazy.of(this::makeJournal);
  private final Lazy<Stacks> stacks = Lazy.of(this::makeStacks);
  private final Lazy<Coordinator> coordinator = Lazy.of(this::makeCoordinator);
  private final Lazy<Notifier> notifier = Lazy.of(this::makeNotifier);
  private final Lazy<HistoryFile> history = Lazy.of(this::makeHistory);
  private final Lazy<Learning> learning = Lazy.of(this::makeLearning);
  private final AwsParts aws;
  private final ShiftedTime time;
  private final Lazy<SlackParts> slackParts;
  private final Lazy<AwsGateways> cloud;

  Wiring(Platform platform, GlobalOptions options, Console console) {
    this.platform = platform;
    this.time = new ShiftedTime(platform.time());
    this.options = options;
    this.console = console;
    Lazy<ConfigFile> file = Lazy.of(this::configFile);
    this.settings = new Settings(platform.env(), file);
    this.registry = Lazy.of(() -> new Registry(store.get(), console::warn));
    this.aws = new AwsParts(platform.env(), options, settings, console);
    this.cloud = Lazy.of(() -> new CloudParts(aws, stacks).cloud());
    this.slackParts = Lazy.of(() -> new SlackParts(platform.env(), settings, console, aws, time));
  }

  CoordinatorContext coordinator() {
    return new CoordinatorContext(
        console,
        new GithubActions(platform.env(), console),
        new Targets(options, settings),
        coordinator,
        Lazy.of(() -> new RegistryRepair(store.get(), registry.get(), journal.get(), time)),
        Lazy.of(() -> new TypicalDuration(store(HISTORY), learning.get()::left)),
        () -> {
          String region = aws.region();
          return region == null ? "" : region;
        },
        () -> duration(ProgramSettings.LEASE),
        () -> duration(ProgramSettings.POLL_INTERVAL),
        platform.shutdown(),
        time,
        platform.random());
  }

  NotifyContext notifications() {
    return new NotifyContext(
        console,
        notifier,
        () -> options.path(settings, ProgramSettings.QUEUE_DIR),
        journal,
        platform.shutdown(),
        time);
  }

  /**
   * Return a part of AWS, made at its first use. Generic on purpose: a lambda that returns a
   * gateway would bring that class, and the SDK behind it, into commands that never ask AWS.
   */
  private <T> Lazy<T> part(Function<AwsGateways, Supplier<T>> part) {
    return Lazy.of(() -> part.apply(cloud.get()).get());
  }

  MonitorContext monitoring() {
    return new MonitorContext(
        console,
        new GithubActions(platform.env(), console),
        new Targets(options, settings),
        settings,
        registry,
        coordinator,
        stacks,
        part(AwsGateways::services),
        part(AwsGateways::logs),
        notifier,
        Lazy.of(this::makeMonitorStore),
        () -> ProgramWords.of(platform, options),
        () -> learning.get()::remaining,
        () -> learning.get()::record,
        platform.env(),
        platform.shutdown(),
        time,
        platform.random());
  }

  EstimatorContext estimating() {
    return new EstimatorContext(
        console, new Targets(options, settings), history, stacks, registry, journal, time);
  }

  private HistoryFile makeHistory() {
    return new HistoryFile(store(HISTORY), time, console::warn);
  }

  private Learning makeLearning() {
    return new Learning(history.get(), registry, console::warn);
  }

  RecoveryContext recovering() {
    return new RecoveryContext(
        monitoring(), () -> settings.get(ProgramSettings.SLACK_INTERACT_CHANNEL, null));
  }

  private MonitorStore makeMonitorStore() {
    Path folder = registryFolder().resolve("monitors");
    return new MonitorStore(
        folder,
        name -> new FileDocumentStore(folder, name, time, platform.random()),
        time,
        platform.random(),
        console::warn);
  }

  private Notifier makeNotifier() {
    // Before the first logger of a library is made: it would write where the result goes.
    AwsParts.logging(console);
    // What is odd in the registry is not what a message is about.
    Registry quiet = new Registry(store.get(), warning -> {});
    return new Notifier(
        options.path(settings, ProgramSettings.QUEUE_DIR),
        new SlackWebApi(() -> slackParts.get().settings()),
        new RegistryDetails(
            quiet, platform.env(), aws::region, stack -> learning.get().usualMinutes(stack)),
        settings.get(ProgramSettings.SLACK_CHANNEL, null),
        time,
        platform.random(),
        console::warn);
  }

  /** Put a tape between the program and all other systems. */
  void tape(Tape tape) {
    aws.tape(tape);
  }

  /** Play a recording of a stack's operation, as it went on, at {@code speed} times its pace. */
  void play(Path folder, Instant from, int speed) {
    time.moveTo(from, speed);
    aws.tape(new OperationPlayer(new TapePlayer(folder), time));
  }

  DiagnoseContext diagnosing() {
    Lazy<SlackWebApi> slack =
        Lazy.of(
            () -> {
              AwsParts.logging(console);
              return new SlackWebApi(() -> slackParts.get().settings());
            });
    return new DiagnoseContext(
        console,
        new GithubActions(platform.env(), console),
        new Targets(options, settings),
        settings,
        cloud,
        () -> optionWords(OWN_OPTIONS),
        () -> optionWords(AWS_OPTIONS),
        Lazy.of(() -> new Registry(store.get(), warning -> {})),
        store,
        Lazy.of(() -> new RegistryRepair(store.get(), registry.get(), journal.get(), time)),
        coordinator,
        history,
        Lazy.of(() -> store(HISTORY)),
        Lazy.of(() -> new QueueInspection(notifier.get(), time)),
        slack::get,
        () -> settings.get(ProgramSettings.SLACK_CHANNEL, null),
        monitoring(),
        this::registryFolder,
        () -> registryFolder().resolve(FileJournal.NAME),
        journal,
        new Tapes(aws, time),
        ExternalProgram.on(platform.env().get("PATH")),
        platform.env(),
        time);
  }

  ResetContext resetting() {
    DiagnoseContext diagnosing = diagnosing();
    return new ResetContext(
        console,
        new Targets(options, settings),
        settings,
        diagnosing,
        monitoring(),
        this::registryFolder,
        diagnosing.repair(),
        diagnosing.queue(),
        journal,
        () -> optionWords(OWN_OPTIONS),
        diagnosing.programs(),
        time,
        platform.random());
  }

  RunContext running() {
    return new RunContext(
        console,
        coordinator(),
        monitoring(),
        diagnosing(),
        history,
        platform.env(),
        platform.shutdown(),
        time);
  }

  /** Return the global options that were given, for a command that is to be pasted. */
  private String optionWords(List<String> names) {
    StringBuilder words = new StringBuilder();
    List<String> given = options.words();
    for (int i = 0; i + 1 < given.size(); i++) {
      if (names.contains(given.get(i))) {
        words.append(' ').append(given.get(i)).append(' ').append(Shell.quote(given.get(i + 1)));
      }
    }
    return words.toString();
  }

  private Stacks makeStacks() {
    return new CloudFormationStacks(aws.settings("CLOUDFORMATION"));
  }

  private Coordinator makeCoordinator() {
    return new Coordinator(
        registry.get(),
        stacks,
        new DeploymentFactory(platform.env(), aws.region(), platform.random()),
        journal.get(),
        time,
        console::warn);
  }

  private DocumentStore store(String name) {
    return new FileDocumentStore(registryFolder(), name, time, platform.random());
  }

  private Journal makeJournal() {
    Env env = platform.env();
    return new FileJournal(registryFolder(), Host.actor(env), Host.name(env), time, console::warn);
  }

  private Path registryFolder() {
    return options.path(settings, ProgramSettings.REGISTRY_DIR);
  }

  private Duration duration(Setting setting) {
    return settings.duration(setting, options.given(setting));
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
