package deployctl.diagnose;

import deployctl.aws.AwsGateways;
import deployctl.cli.Console;
import deployctl.cli.GithubActions;
import deployctl.coordinator.lock.Coordinator;
import deployctl.estimator.history.HistoryFile;
import deployctl.monitor.MonitorContext;
import deployctl.registry.Journal;
import deployctl.registry.Registry;
import deployctl.registry.RegistryRepair;
import deployctl.retryqueue.QueueInspection;
import deployctl.slack.Slack;
import deployctl.state.DocumentStore;
import deployctl.support.config.Settings;
import deployctl.support.env.Env;
import deployctl.support.process.ExternalProgram;
import deployctl.support.time.Time;
import deployctl.target.Targets;
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
    Supplier<AwsGateways> cloud,
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
    Recordings tapes,
    ExternalProgram.ProgramRunner programs,
    Env env,
    Time time) {
  /** Puts a recording between the program and the rest of the world. */
  public interface Recordings {
    /** Keep every answer in a folder. */
    void record(Path folder);

    /** Answer from a folder, at the time of the recording. */
    void replay(Path folder);
  }

  /** Return the name of the region, or null where it is not known. */
  public @Nullable String region() {
    return cloud.get().region().get();
  }
}
