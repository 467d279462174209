package deployctl.support.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/** The end of a log, and what is added to it. */
public final class LogTail {
  private static final int MOST_AT_ONCE = 1 << 20;

  /** A longer line is cut. */
  private static final int LONGEST_LINE = 64 << 10;

  private final Path file;
  private final ByteArrayOutputStream rest = new ByteArrayOutputStream();
  private long at;

  /** Make it at the beginning of a file, which need not exist. */
  public LogTail(LocalFile file) {
    this.file = file.path();
  }

  /**
   * Return the last lines, oldest first, and go on behind them.
   *
   * @param wanted which lines count
   */
  public List<String> last(int most, Predicate<String> wanted) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    try (FileChannel open = RegularFile.open(file)) {
      long end = open.size();
      List<String> lines = most <= 0 ? List.of() : FileEnd.lines(open, end, most, wanted);
      at = end;
      return lines;
    }
  }

  /** Return the whole lines that were added since the last look. */
  public List<String> added() throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    Deque<String> lines = new ArrayDeque<>();
    try (FileChannel open = RegularFile.open(file)) {
      if (open.size() < at) {
        // Rotated away, and begun anew.
        at = 0;
        rest.reset();
      }
      byte[] bytes = new byte[(int) Math.min(MOST_AT_ONCE, open.size() - at)];
      FileEnd.fill(open, at, bytes, bytes.length);
      for (byte b : bytes) {
        if (b != '\n') {
          if (rest.size() < LONGEST_LINE) {
            rest.write(b);
          }
          continue;
        }
        lines.add(rest.toString(StandardCharsets.UTF_8));
        rest.reset();
      }
      at += bytes.length;
    }
    return List.copyOf(lines);
  }
}
