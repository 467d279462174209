package deployctl.monitor.view;

import deployctl.aws.cloudformation.StackEvent;
import deployctl.cli.Console;
import deployctl.monitor.watch.Alert;
import deployctl.monitor.watch.MonitorListener;
import deployctl.monitor.watch.OperationResult;
import deployctl.monitor.watch.Snapshot;
import deployctl.support.time.Sleeper;
import deployctl.support.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jspecify.annotations.Nullable;

/**
 * Shows what a monitor sees on a terminal, drawn anew every second: only what has changed is
 * written, at the terminal's width of that moment. Taken away at the end; what counts stays as
 * lines.
 */
public final class LiveView implements MonitorListener {
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final int SHOWN_ALERTS = 3;

  private final Console console;
  private final Terminal terminal;
  private final Display display;
  private final LiveScreen screen;
  private final Time time;
  private final Sleeper sleeper;
  private final Thread painter;
  private final Deque<Alert> alerts = new ArrayDeque<>();
  private @Nullable Snapshot snapshot;
  private Size size;
  private int paints;
  private boolean closed;

  private LiveView(Console console, Terminal terminal, boolean colour, Time time) {
    this.console = console;
    this.terminal = terminal;
    this.display = new Display(terminal, false);
    this.screen = new LiveScreen(colour);
    this.time = time;
    this.sleeper = new Sleeper(time);
    this.size = terminal.getSize();
    this.painter = new Thread(this::keepPainting, "live-view");
    painter.setDaemon(true);
    painter.start();
  }

  /** Return a view on this process's terminal, or empty when it cannot be drawn on. */
  public static Optional<LiveView> open(Console console, boolean colour, Time time) {
    try {
      Terminal terminal =
          TerminalBuilder.builder()
              .system(true)
              .provider("exec")
              .systemOutput(TerminalBuilder.SystemOutput.SysOut)
              // The JVM's own handlers must stay: they end the monitor in good order.
              .nativeSignals(false)
              .build();
      if (terminal.getType().startsWith(Terminal.TYPE_DUMB)) {
        terminal.close();
        return Optional.empty();
      }
      return Optional.of(new LiveView(console, terminal, colour, time));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  @Override
  public synchronized void event(StackEvent event) {
    // Shown with the next look.
  }

  @Override
  public synchronized void alert(Alert alert) {
    if (alert.kind() == Alert.AlertKind.AWS_BACK) {
      alerts.removeIf(earlier -> earlier.kind() == Alert.AlertKind.AWS_AWAY);
    } else {
      alerts.addLast(alert);
    }
    if (alerts.size() > SHOWN_ALERTS) {
      alerts.removeFirst();
    }
    paint();
  }

  @Override
  public synchronized void polled(Snapshot seen) {
    snapshot = seen;
    paint();
  }

  @Override
  public void end(OperationResult report) {
    close();
    console.print(PlainView.describe(report));
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    painter.interrupt();
    try {
      display.update(List.of(), 0);
      terminal.flush();
      terminal.close();
    } catch (IOException | IllegalStateException e) {
      // At the end of the process the library closes its terminals by itself, perhaps just before.
      return;
    }
  }

  private void keepPainting() {
    while (sleeper.sleep(EVERY)) {
      synchronized (this) {
        paint();
      }
    }
  }

  private void paint() {
    if (closed) {
      return;
    }
    try {
      draw();
    } catch (IllegalStateException e) {
      // The terminal was closed because the process ends.
      closed = true;
    }
  }

  private void draw() {
    Size now = paints++ % 2 == 0 ? terminal.getSize() : size;
    if (!now.equals(size) || paints == 1) {
      size = now;
      display.clear();
    }
    display.resize(size);
    List<AttributedString> lines =
        screen.lines(
            snapshot,
            List.copyOf(alerts),
            time.now(),
            Math.max(20, size.getColumns()),
            Math.max(6, size.getRows()));
    // The cursor rests below the view: what is printed when the view is cut short stands under it.
    display.update(lines, size.cursorPos(Math.max(0, lines.size() - 1), size.getColumns() - 1));
    terminal.flush();
  }
}
