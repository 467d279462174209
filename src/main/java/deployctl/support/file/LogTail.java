package deployctl.support.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/** The end of a log, and what is added to it. */
public final class LogTail {
  /** What is shown is at the end: so much of a log is looked through, and read at once. */
  private static final long MOST_READ = 32L << 20;

  private static final int MOST_AT_ONCE = 1 << 20;

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
    long end = Files.size(file);
    Deque<String> lines = new ArrayDeque<>();
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
      long begin = Math.max(0, end - MOST_READ);
      open.seek(begin);
      byte[] bytes = new byte[(int) (end - begin)];
      open.readFully(bytes);
      // Bytes that are no text are shown as such, and hide no other line.
      String text = new String(bytes, StandardCharsets.UTF_8);
      text.substring(begin == 0 ? 0 : text.indexOf('\n') + 1)
          .lines()
          .filter(wanted)
          .forEach(
              line -> {
                lines.addLast(line);
                if (lines.size() > most) {
                  lines.removeFirst();
                }
              });
    }
    at = end;
    return List.copyOf(lines);
  }

  /** Return the whole lines that were added since the last look. */
  public List<String> added() throws IOException {
    long size = Files.exists(file) ? Files.size(file) : 0;
    if (size < at) {
      // Rotated away, and begun anew.
      at = 0;
    }
    Deque<String> lines = new ArrayDeque<>();
    if (size == at) {
      return List.of();
    }
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
      open.seek(at);
      byte[] bytes = new byte[(int) Math.min(MOST_AT_ONCE, open.length() - at)];
      open.readFully(bytes);
      for (byte b : bytes) {
        if (b != '\n') {
          rest.write(b);
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
