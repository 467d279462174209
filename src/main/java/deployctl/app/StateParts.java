package deployctl.app;

import deployctl.cli.Console;
import deployctl.cli.GlobalOptions;
import deployctl.cli.ProgramSettings;
import deployctl.estimator.history.HistoryFile;
import deployctl.monitor.checkpoint.MonitorStore;
import deployctl.registry.Deployments;
import deployctl.registry.Journal;
import deployctl.registry.KnownLeftOvers;
import deployctl.registry.Registry;
import deployctl.registry.RegistryRepair;
import deployctl.registry.StateJournal;
import deployctl.state.StateDocument;
import deployctl.state.StateLog;
import deployctl.state.StateStore;
import deployctl.state.file.FileStateStore;
import deployctl.state.file.FolderRules;
import deployctl.support.Lazy;
import deployctl.support.config.Settings;
import deployctl.support.file.MachineFolder;
import deployctl.support.process.Host;
import deployctl.support.time.Time;

/** What is kept, and where: the only place that knows which store it lies in. */
final class StateParts {
  private static final String HISTORY = "deployment-history.json";
  private static final String MONITORS = "monitors";

  private final Platform platform;
  private final GlobalOptions options;
  private final Settings settings;
  private final Console console;
  private final Time time;

  final Lazy<StateStore> registryStore = Lazy.of(this::makeRegistryStore);
  final Lazy<StateStore> queueStore = Lazy.of(this::makeQueueStore);
  final Lazy<KnownLeftOvers> leftOvers = Lazy.of(this::makeLeftOvers);
  final Lazy<Registry> registry = Lazy.of(() -> registry(true));

  /** A registry that warns of nothing. */
  final Lazy<Registry> quietRegistry = Lazy.of(() -> registry(false));

  final Lazy<StateLog> journalLog = Lazy.of(() -> registryStore().log(StateJournal.NAME));
  final Lazy<Journal> journal = Lazy.of(this::makeJournal);
  final Lazy<Deployments> deployments = Lazy.of(this::makeDeployments);
  final Lazy<RegistryRepair> repair = Lazy.of(this::makeRepair);
  final Lazy<StateDocument> historyDocument = Lazy.of(() -> registryStore().document(HISTORY));
  final Lazy<HistoryFile> history = Lazy.of(this::makeHistory);
  final Lazy<MonitorStore> monitors = Lazy.of(this::makeMonitors);

  StateParts(
      Platform platform, GlobalOptions options, Settings settings, Console console, Time time) {
    this.platform = platform;
    this.options = options;
    this.settings = settings;
    this.console = console;
    this.time = time;
  }

  private KnownLeftOvers makeLeftOvers() {
    return new KnownLeftOvers(registryStore(), time);
  }

  private StateStore registryStore() {
    return registryStore.get();
  }

  private StateStore makeRegistryStore() {
    return new FileStateStore(
        options.path(settings, ProgramSettings.REGISTRY_DIR),
        FolderRules.registry(),
        time,
        platform.random());
  }

  private StateStore makeQueueStore() {
    return new FileStateStore(
        options.path(settings, ProgramSettings.QUEUE_DIR),
        FolderRules.queue(),
        time,
        platform.random());
  }

  private Registry registry(boolean loud) {
    return new Registry(
        registryStore().document(Registry.NAME), loud ? console::warn : warning -> {});
  }

  private Journal makeJournal() {
    return new StateJournal(
        journalLog.get(),
        Host.actor(platform.env()),
        Host.name(platform.env()),
        time,
        console::warn);
  }

  private Deployments makeDeployments() {
    return new Deployments(registry.get(), journal.get(), time);
  }

  private RegistryRepair makeRepair() {
    return new RegistryRepair(
        registryStore().document(Registry.NAME), registry.get(), journal.get(), time);
  }

  private HistoryFile makeHistory() {
    return new HistoryFile(historyDocument.get(), time, console::warn);
  }

  private MonitorStore makeMonitors() {
    return new MonitorStore(
        registryStore(),
        new MachineFolder(options.path(settings, ProgramSettings.REGISTRY_DIR).resolve(MONITORS)),
        time,
        console::warn);
  }
}
