package deployctl.reset;

import deployctl.cli.Console;
import deployctl.diagnose.DiagnoseContext;
import deployctl.monitor.MonitorContext;
import deployctl.registry.Journal;
import deployctl.registry.RegistryRepair;
import deployctl.retryqueue.QueueInspection;
import deployctl.support.config.Settings;
import deployctl.support.process.ExternalProgram;
import deployctl.support.time.Time;
import deployctl.target.Targets;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What a reset works with. What needs the command line's options is a supplier: it is asked after
 * parsing.
 *
 * @param ownOptions the global options that were given, each with a space before it
 */
public record ResetContext(
    Console console,
    Targets targets,
    Settings settings,
    DiagnoseContext diagnosing,
    MonitorContext monitoring,
    Supplier<Path> registryFolder,
    Supplier<RegistryRepair> repair,
    Supplier<QueueInspection> queue,
    Supplier<Journal> journal,
    Supplier<String> ownOptions,
    ExternalProgram.ProgramRunner programs,
    Time time,
    RandomGenerator random) {}
