package deployctl.diagnose;

import deployctl.cli.Console;
import deployctl.cli.GithubActions;
import deployctl.coordinator.Coordinator;
import deployctl.coordinator.Targets;
import deployctl.estimator.HistoryFile;
import deployctl.monitor.MonitorContext;
import deployctl.notify.QueueInspection;
import deployctl.registry.DocumentStore;
import deployctl.registry.Journal;
import deployctl.registry.Registry;
import deployctl.registry.RegistryRepair;
import deployctl.slack.Slack;
import deployctl.support.config.Settings;
import deployctl.support.env.Env;
import deployctl.support.process.Command;
import deployctl.support.time.Time;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a diagnosis works with. What needs the command line's options is a supplier: it is asked
 * after parsing.
 *
 * @param ownOptions the global options that were given, each with a space before it
 * @param awsOptions those among them that the AWS CLI takes, likewise
 * @param quietRegistry a registry that warns of nothing
 * @param tapes puts a recording between the program and the rest of the world
 * @param journalFile the journal, for reading
 */
public record DiagnoseContext(
    Console console,
    GithubActions github,
    Targets targets,
    Settings settings,
    Supplier<Cloud> cloud,
    Supplier<String> ownOptions,
    Supplier<String> awsOptions,
    Supplier<Registry> quietRegistry,
    Supplier<DocumentStore> registryStore,
    Supplier<RegistryRepair> repair,
    Supplier<Coordinator> coordinator,
    Supplier<HistoryFile> history,
    Supplier<DocumentStore> historyStore,
    Supplier<QueueInspection> queue,
    Supplier<Slack> slack,
    Supplier<String> slackChannel,
    MonitorContext monitoring,
    Supplier<Path> registryFolder,
    Supplier<Path> journalFile,
    Supplier<Journal> journal,
    Tapes tapes,
    Command.Runner programs,
    Env env,
    Time time) {
  /** Puts a recording between the program and the rest of the world. */
  public interface Tapes {
    /** Keep every answer in a folder. */
    void record(Path folder);

    /** Answer from a folder, at the time of the recording. */
    void replay(Path folder);
  }

  /** Return the name of the region, or null where it is not known. */
  @Nullable String region() {
    return cloud.get().region().get();
  }
}
