package deployctl.estimator;

import deployctl.aws.cloudformation.Stacks;
import deployctl.cli.Console;
import deployctl.estimator.history.HistoryFile;
import deployctl.registry.Journal;
import deployctl.registry.Registry;
import deployctl.support.time.Time;
import deployctl.target.Targets;
import java.util.function.Supplier;

/**
 * What the estimator's commands work with. What needs the command line's options is a supplier: it
 * is asked after parsing.
 */
public record EstimatorContext(
    Console console,
    Targets targets,
    Supplier<HistoryFile> history,
    Supplier<Stacks> stacks,
    Supplier<Registry> registry,
    Supplier<Journal> journal,
    Time time) {}
