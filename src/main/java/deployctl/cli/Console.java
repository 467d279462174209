package deployctl.cli;

import deployctl.support.Failure;
import deployctl.support.json.Json;
import deployctl.support.json.JsonMasking;
import deployctl.support.json.JsonObject;
import deployctl.support.text.Cleaning;
import deployctl.support.text.Masking;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/**
 * The operator's side of the program: results go to stdout, talk goes to stderr.
 *
 * <p>With JSON output, stdout carries one document and nothing else. It is the one way out to a
 * terminal or a job's log: secrets are masked here whoever forgot to, and so is what a terminal or
 * a workflow's runner would take for a command ({@link Cleaning}).
 */
public final class Console {
  /** What was asked for on the command line about talking. */
  private boolean json;

  private boolean quiet;
  private boolean verbose;
  private boolean colour;
  private boolean closed;
  private @Nullable IOException broken;

  private final InputStream in;
  private final OutputStream out;
  private final OutputStream err;
  private final Terminal terminal;
  private String pending = "";

  /** Make a console over streams of bytes; text is read and written as UTF-8. */
  public Console(InputStream in, OutputStream out, OutputStream err, Terminal terminal) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.colour = terminal.colour();
  }

  /** Take over what the command line says. */
  void configure(boolean json, boolean quiet, boolean verbose, boolean noColour) {
    this.json = json;
    this.quiet = quiet;
    this.verbose = verbose;
    this.colour = terminal.colour() && !noColour;
  }

  /** Return what the streams are connected to. */
  public Terminal terminal() {
    return terminal;
  }

  /** Tell whether colour is welcome on a terminal. */
  public boolean colourful() {
    return colour;
  }

  /** Tell whether stdout carries JSON. */
  public boolean json() {
    return json;
  }

  /** Tell whether libraries' logs and stack traces are wanted. */
  public boolean verbose() {
    return verbose;
  }

  /**
   * Write the result of a command: the document with JSON output, else the text.
   *
   * @param document a JSON value, see {@link JsonObject}
   * @param text lines for people; asked for only when wanted
   */
  public void result(Object document, Supplier<String> text) {
    if (json) {
      Object masked = JsonMasking.value(document);
      write(terminal.output() ? Json.pretty(masked) : Json.write(masked));
    } else {
      String lines = text.get();
      if (!lines.isEmpty()) {
        print(lines);
      }
    }
  }

  /** Write one of many JSON documents to stdout, on a line of its own. */
  public void line(JsonObject document) {
    write(Json.write(JsonMasking.object(document)));
  }

  /** Write lines to stdout, whatever the output format, without what must not get out. */
  public void print(String lines) {
    write(outgoing(lines));
  }

  /** Write a command for the runner of a workflow to stdout; see {@link GithubActions}. */
  public void command(String command) {
    write(Masking.secrets(command));
  }

  /** Write words of this program's own to stdout, in which nothing comes from elsewhere. */
  public void printOwn(String lines) {
    write(lines);
  }

  private static String outgoing(String lines) {
    return Cleaning.shown(Masking.secrets(lines));
  }

  private void write(String lines) {
    endStatus();
    if (closed) {
      return;
    }
    try {
      out.write((lines + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      closed = true;
      // A reader that has seen enough (| head) is no failure; a full disk behind > file is one.
      String reason = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
      broken = reason.contains("broken pipe") || reason.contains("stream closed") ? null : e;
    }
  }

  /** Say something that an operator may like to know; silent with {@code --quiet}. */
  public void note(String line) {
    if (!quiet) {
      talk(line);
    }
  }

  /** Say something that an operator must know although the command goes on. */
  public void warn(String line) {
    talk(paint("yellow", "warning:", terminal.error()) + " " + plain(line));
  }

  /** Say why a command ends: what failed, why, what to do next, in one line. */
  public void error(Failure failure) {
    String end = failure.what().endsWith("?") || failure.what().endsWith(".") ? " " : ". ";
    String next = failure.nextStep().isEmpty() ? "" : end + plain(failure.nextStep());
    talk(paint("bold,red", "deployctl:", terminal.error()) + " " + plain(failure.what()) + next);
    if (verbose) {
      java.io.StringWriter trace = new java.io.StringWriter();
      failure.printStackTrace(new java.io.PrintWriter(trace));
      talk(trace.toString().stripTrailing());
    }
  }

  /** Write lines to stderr, without what must not get out. */
  public void talk(String lines) {
    endStatus();
    raw(outgoing(lines) + "\n");
  }

  /** Write a command for the runner of a workflow to stderr; see {@link GithubActions}. */
  public void talkCommand(String command) {
    endStatus();
    raw(Masking.secrets(command) + "\n");
  }

  /** Write words of this program's own to stderr, in which nothing comes from elsewhere. */
  public void talkOwn(String lines) {
    endStatus();
    raw(lines + "\n");
  }

  /**
   * Show a line that replaces the one shown before, where stderr is a terminal; elsewhere nothing.
   *
   * @return whether it could be shown
   */
  public boolean status(String line) {
    if (!terminal.error() || quiet) {
      return false;
    }
    String text = Masking.secrets(plain(line));
    if (text.length() >= terminal.columns()) {
      text = text.substring(0, terminal.columns() - 2) + "…";
    }
    raw("\r" + text + " ".repeat(Math.max(0, pending.length() - text.length())));
    pending = text;
    return true;
  }

  /**
   * Ask before something is done that cannot be taken back.
   *
   * @param question what is about to happen, as a question
   * @param yes whether the command line says yes already
   * @return whether to go on
   * @throws Failure of kind USAGE when nobody is there to be asked
   */
  public boolean confirm(String question, boolean yes) {
    if (yes) {
      return true;
    }
    if (!terminal.input() || !terminal.error()) {
      throw Failure.usage(question + " Nobody can be asked here", "Add --yes to go on");
    }
    endStatus();
    raw(Masking.secrets(plain(question)) + " [y/N] ");
    String answer = readLine().trim().toLowerCase(Locale.ROOT);
    return answer.equals("y") || answer.equals("yes");
  }

  /**
   * Ask for something that nobody may see: it is not shown while it is typed, and never written
   * anywhere.
   *
   * @throws Failure of kind USAGE when nobody is there to be asked, or nothing is typed
   */
  public String secret(String question) {
    if (!terminal.input() || !terminal.error()) {
      throw Failure.usage(question + "nobody can be asked here", "Run it at a terminal");
    }
    endStatus();
    raw(plain(question));
    String typed;
    try (HiddenInput input = HiddenInput.begin()) {
      typed = readLine();
      if (input.hidden()) {
        raw("\n");
      }
    }
    String text = typed.endsWith("\r") ? typed.substring(0, typed.length() - 1) : typed;
    if (text.isEmpty()) {
      throw Failure.usage("Nothing was typed", "Nothing was changed");
    }
    return text;
  }

  private String readLine() {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
        line.write(b);
      }
    } catch (IOException e) {
      return "";
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  /** Return {@code text} in a colour where stdout is a terminal that takes it. */
  public String paint(String style, String text) {
    return paint(style, text, terminal.output());
  }

  /**
   * Tell whether a result could not be written, and the command's caller therefore knows nothing of
   * it.
   */
  public boolean failed() {
    return closed;
  }

  /** Return why stdout could not be written, or null when all went well or nobody read it. */
  @Nullable IOException broken() {
    return broken;
  }

  /** Return a text that is text alone; see {@link Cleaning#text}. */
  public static String plain(String text) {
    return Cleaning.text(text);
  }

  /**
   * Return columns of equal width with two spaces between; the last column is not padded. Each cell
   * is one line.
   */
  public static String table(List<List<String>> cells) {
    List<List<String>> rows =
        cells.stream().map(row -> row.stream().map(Console::oneLine).toList()).toList();
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] width = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        width[i] = Math.max(width[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(row.get(i)).append(" ".repeat(width[i] - row.get(i).length() + 2));
      }
      text.append(text.isEmpty() ? "" : "\n").append(line.toString().stripTrailing());
    }
    return plain(text.toString());
  }

  private static String oneLine(String cell) {
    return cell.indexOf('\n') < 0 ? cell : Masking.line(cell);
  }

  private String paint(String style, String text, boolean onTerminal) {
    return colour && onTerminal ? Ansi.ON.string("@|" + style + " " + text + "|@") : text;
  }

  /** Remove the line that {@link #status} shows. */
  public void clearStatus() {
    if (!pending.isEmpty()) {
      raw("\r" + " ".repeat(pending.length()) + "\r");
      pending = "";
    }
  }

  /** Leave the line that {@link #status} shows, so that what follows stands below it. */
  public void endStatus() {
    if (!pending.isEmpty()) {
      pending = "";
      raw("\n");
    }
  }

  private void raw(String text) {
    try {
      err.write(text.getBytes(StandardCharsets.UTF_8));
      err.flush();
    } catch (IOException e) {
      // Nobody is left to be told.
      return;
    }
  }
}
