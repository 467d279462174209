package deployctl.retryqueue;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.retryqueue.QueueProcessor.DrainReport;
import deployctl.slack.SlackFailure;
import deployctl.slack.SlackProblem;
import deployctl.support.Failure;
import deployctl.support.json.JsonObject;
import deployctl.support.process.Shutdown;
import deployctl.support.time.Backoff;
import deployctl.support.time.Sleeper;
import deployctl.support.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code retry-queue process}: send what is due, once or for good. */
public final class ProcessCommand implements Command {
  /** How long a run that is told to end may take for the request that is on its way. */
  private static final Duration LAST_REQUEST = Duration.ofMillis(1_500);

  private static final Duration LONGEST_SLEEP = Duration.ofSeconds(10);
  private static final Backoff OUTAGE =
      new Backoff(Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(1));

  private final Supplier<RetryQueue> queue;
  private final BooleanSupplier on;
  private final Shutdown.Hooks shutdown;
  private final Console console;
  private final Time time;
  private @Nullable String limit;
  private boolean watch;
  private final AtomicBoolean stopping = new AtomicBoolean();

  /** Make the command; {@code on} tells whether anything is to be sent at all. */
  public ProcessCommand(
      Supplier<RetryQueue> queue,
      BooleanSupplier on,
      Shutdown.Hooks shutdown,
      Console console,
      Time time) {
    this.on = on;
    this.queue = queue;
    this.shutdown = shutdown;
    this.console = console;
    this.time = time;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.option(spec, "--limit", "<number>", "Try at most so many messages.", v -> limit = v);
    Args.flag(spec, "--watch", "Go on until told to end.", v -> watch = v);
    Args.examples(
        spec,
        "deployctl retry-queue process",
        "deployctl retry-queue process --limit 50 -o json",
        "",
        "Exit code 1: the token is missing or refused; nothing is lost, nothing was counted.",
        "Exit code 5: Slack is out of reach.");
  }

  @Override
  public ExitCode run() {
    int most = limit();
    if (!on.getAsBoolean()) {
      console.warn("Slack is switched off (slack.enabled): nothing is sent");
      JsonObject none = new JsonObject();
      List.of("sent", "failed", "skipped", "dead_lettered").forEach(name -> none.put(name, 0L));
      console.result(none, () -> "nothing was sent");
      return ExitCode.OK;
    }
    CountDownLatch done = new CountDownLatch(1);
    try (Shutdown.Registration registration = shutdown.onEnd(() -> end(done))) {
      return watch ? watch(most) : finish(once(most));
    } finally {
      done.countDown();
    }
  }

  /** Told to end: begin no other request, and let the one on its way write down how it went. */
  private void end(CountDownLatch done) {
    stopping.set(true);
    try {
      boolean inTime = done.await(LAST_REQUEST.toMillis(), TimeUnit.MILLISECONDS);
      if (!inTime) {
        // What is under way is marked on disk and looked for by the next run.
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private DrainReport once(int most) {
    return queue.get().processor().process(most, () -> !stopping.get());
  }

  private ExitCode finish(DrainReport report) {
    console.result(json(report), () -> text(report));
    SlackFailure end = report.end();
    if (end == null && report.unwritable()) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          "The queue " + queue.get().spool().location() + " cannot be written",
          "Check the space and the permissions (folder 700, files 600)");
    }
    if (end == null) {
      queue.get().spool().checkAllRead();
      return ExitCode.OK;
    }
    boolean token = end.problem() == SlackProblem.STOP;
    throw new Failure(
        token ? Failure.FailureKind.FAILED : Failure.FailureKind.UNKNOWN,
        end.what() + ". Everything that waits is kept",
        token
            ? "Mend the token or its scopes, then run 'deployctl retry-queue process' again"
            : "Run it again when Slack is back; see 'deployctl retry-queue schedule'");
  }

  private ExitCode watch(int most) {
    int outages = 0;
    while (!stopping.get()) {
      DrainReport report = once(most);
      SlackFailure end = report.end();
      if (end != null && end.problem() == SlackProblem.STOP) {
        return finish(report);
      }
      if (report.sent() + report.failed() + report.deadLettered() + report.coalesced() > 0) {
        console.result(json(report), () -> text(report));
      }
      outages = end == null ? 0 : outages + 1;
      if (outages == 1 && end != null) {
        console.warn(end.what() + "; trying on");
      }
      pause(outages == 0 ? untilNext() : OUTAGE.bound(outages));
    }
    return ExitCode.TERMINATED;
  }

  /** Return how long nothing will be due, within bounds: new messages come at any time. */
  private Duration untilNext() {
    QueueStatus status = queue.get().status();
    Instant next = status.nextRetryAt();
    Duration left =
        next == null ? LONGEST_SLEEP : Duration.between(time.now(), next).plusMillis(50);
    return left.compareTo(LONGEST_SLEEP) > 0 ? LONGEST_SLEEP : left;
  }

  private void pause(Duration length) {
    Duration left = length.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : length;
    if (!new Sleeper(time).sleep(left, stopping::get)) {
      stopping.set(true);
    }
  }

  private int limit() {
    if (limit == null) {
      return Integer.MAX_VALUE;
    }
    if (!limit.matches("[1-9]\\d{0,8}")) {
      throw Failure.usage("'" + limit + "' is not a number of messages", "Write it like 50");
    }
    return Integer.parseInt(limit);
  }

  private static JsonObject json(DrainReport report) {
    return new JsonObject()
        .put("sent", report.sent())
        .put("failed", report.failed())
        .put("skipped", report.skipped())
        .put("dead_lettered", report.deadLettered())
        .put("folded", report.coalesced());
  }

  private static String text(DrainReport report) {
    List<String> parts = new ArrayList<>();
    parts.add(report.sent() + " sent");
    add(parts, report.failed(), " failed and waiting");
    add(parts, report.skipped(), " not tried");
    add(parts, report.deadLettered(), " given up (dead letters)");
    add(parts, report.coalesced(), " coalesced into later ones");
    return String.join(", ", parts);
  }

  private static void add(List<String> parts, int count, String text) {
    if (count > 0) {
      parts.add(count + text);
    }
  }
}
