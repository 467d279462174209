package deployctl.run;

import deployctl.cli.Console;
import deployctl.coordinator.CoordinatorContext;
import deployctl.diagnose.DiagnoseContext;
import deployctl.estimator.history.HistoryFile;
import deployctl.monitor.MonitorContext;
import deployctl.support.env.Env;
import deployctl.support.process.Shutdown;
import deployctl.support.time.Time;
import java.util.function.Supplier;

/** What a whole deployment works with: the parts of all that happens around it. */
public record RunContext(
    Console console,
    CoordinatorContext coordinating,
    MonitorContext monitoring,
    DiagnoseContext diagnosing,
    Supplier<HistoryFile> history,
    Env env,
    Shutdown.Hooks shutdown,
    Time time) {}
