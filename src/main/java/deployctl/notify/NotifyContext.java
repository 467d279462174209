package deployctl.notify;

import deployctl.cli.Console;
import deployctl.registry.Journal;
import deployctl.retryqueue.Spool;
import deployctl.support.process.Shutdown;
import deployctl.support.time.Time;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * What the commands of {@code notify} and {@code retry-queue} work with. What needs the command
 * line's options is a supplier: it is asked after parsing.
 */
public record NotifyContext(
    Console console,
    Supplier<Notifier> notifier,
    Supplier<Path> queueFolder,
    Supplier<Journal> journal,
    Shutdown.Hooks shutdown,
    Time time) {

  public Spool folder() {
    return notifier.get().folder();
  }
}
