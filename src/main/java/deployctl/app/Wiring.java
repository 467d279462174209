package deployctl.app;

import deployctl.aws.AwsKeys;
import deployctl.aws.AwsSettings;
import deployctl.aws.CloudFormationStacks;
import deployctl.aws.Stacks;
import deployctl.cli.Console;
import deployctl.cli.GithubActions;
import deployctl.cli.GlobalOptions;
import deployctl.cli.ProgramSettings;
import deployctl.coordinator.Coordinator;
import deployctl.coordinator.CoordinatorContext;
import deployctl.coordinator.Entries;
import deployctl.coordinator.Targets;
import deployctl.coordinator.TypicalDuration;
import deployctl.registry.DocumentStore;
import deployctl.registry.Journal;
import deployctl.registry.Registry;
import deployctl.registry.RegistryRepair;
import deployctl.registry.file.FileDocumentStore;
import deployctl.registry.file.FileJournal;
import deployctl.support.Failure;
import deployctl.support.Lazy;
import deployctl.support.config.ConfigFile;
import deployctl.support.config.Setting;
import deployctl.support.config.Settings;
import deployctl.support.env.Env;
import deployctl.support.logging.Logging;
import deployctl.support.process.Host;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Connects the parts. Everything is made at its first use, after the command line was parsed. */
final class Wiring {
  private static final String USUAL_CONFIG = "deployctl.yml";

  private final Platform platform;
  private final GlobalOptions options;
  private final Console console;
  private final Settings settings;
  private final Lazy<DocumentStore> store = Lazy.of(() -> store("deployments.json"));
  private final Lazy<Registry> registry;
  private final Lazy<Journal> journal = Lazy.of(this::makeJournal);
  private final Lazy<Stacks> stacks = Lazy.of(() -> new CloudFormationStacks(awsSettings()));
  private final Lazy<Coordinator> coordinator = Lazy.of(this::makeCoordinator);

  Wiring(Platform platform, GlobalOptions options, Console console) {
    this.platform = platform;
    this.options = options;
    this.console = console;
    Lazy<ConfigFile> file = Lazy.of(this::configFile);
    this.settings = new Settings(platform.env(), file);
    this.registry = Lazy.of(() -> new Registry(store.get(), console::warn));
  }

  CoordinatorContext coordinator() {
    return new CoordinatorContext(
        console,
        new GithubActions(platform.env(), console),
        new Targets(options, settings),
        coordinator,
        Lazy.of(
            () -> new RegistryRepair(store.get(), registry.get(), journal.get(), platform.time())),
        Lazy.of(() -> new TypicalDuration(store("deployment-history.json"))),
        () -> {
          String region = region();
          return region == null ? "" : region;
        },
        () -> duration(ProgramSettings.LEASE),
        () -> duration(ProgramSettings.POLL_INTERVAL),
        platform.shutdown(),
        platform.time(),
        platform.random());
  }

  private Coordinator makeCoordinator() {
    return new Coordinator(
        registry.get(),
        stacks,
        new Entries(platform.env(), region(), platform.random()),
        journal.get(),
        platform.time(),
        console::warn);
  }

  private DocumentStore store(String name) {
    return new FileDocumentStore(registryFolder(), name, platform.time(), platform.random());
  }

  private Journal makeJournal() {
    Env env = platform.env();
    return new FileJournal(
        registryFolder(), Host.actor(env), Host.name(env), platform.time(), console::warn);
  }

  private Path registryFolder() {
    return options.path(settings, ProgramSettings.REGISTRY_DIR);
  }

  private AwsSettings awsSettings() {
    if (console.verbose()) {
      Logging.toStderr();
    } else {
      Logging.off();
    }
    String profile = options.find(settings, ProgramSettings.PROFILE);
    AwsKeys keys = keys();
    // As in the SDK's chain, keys in the environment win over a profile that is only named there.
    boolean keysWin = keys != null && options.given(ProgramSettings.PROFILE) == null;
    return new AwsSettings(
        region(),
        keysWin ? null : profile,
        endpoint(),
        keys,
        duration(ProgramSettings.AWS_CALL_TIMEOUT),
        duration(ProgramSettings.AWS_DEADLINE));
  }

  private @Nullable AwsKeys keys() {
    Env env = platform.env();
    String id = env.get("AWS_ACCESS_KEY_ID");
    String secret = env.get("AWS_SECRET_ACCESS_KEY");
    return id == null || secret == null
        ? null
        : new AwsKeys(id, secret, env.get("AWS_SESSION_TOKEN"));
  }

  /**
   * Return the region that is set, or null to leave it to the SDK; the AWS CLI's own variable
   * counts too.
   */
  private @Nullable String region() {
    String option = options.given(ProgramSettings.REGION);
    if (option == null && settings.fromEnvironment(ProgramSettings.REGION) == null) {
      option = platform.env().get("AWS_DEFAULT_REGION");
    }
    return settings.find(ProgramSettings.REGION, option);
  }

  private @Nullable URI endpoint() {
    String option = options.given(ProgramSettings.ENDPOINT_URL);
    if (option == null) {
      // The SDK's own chain: an address for one service is more telling than one for all.
      option = platform.env().get("AWS_ENDPOINT_URL_CLOUDFORMATION");
    }
    String address = settings.find(ProgramSettings.ENDPOINT_URL, option);
    if (address == null) {
      return null;
    }
    try {
      URI uri = new URI(address);
      if (uri.getScheme() != null
          && uri.getScheme().startsWith("http")
          && uri.getHost() != null
          && uri.getPort() <= 65_535) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw Failure.usage(
          "'" + address + "' is not an address for AWS", "Write it like http://localhost:5000");
    }
    throw Failure.usage(
        "'" + address + "' is not an address for AWS", "Write it like http://localhost:5000");
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
