package deployctl.support.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/** Reads a file's last lines from its end, so that its size does not matter. */
final class FileEnd {
  private static final int PART = 64 << 10;

  /** So much of a file is looked through for lines that are wanted. */
  private static final long MOST_READ = 32L << 20;

  /** So much of the lines is returned: older ones are left out. */
  private static final long MOST_KEPT = 4L << 20;

  /** A longer line is cut. */
  private static final int LONGEST_LINE = 64 << 10;

  private FileEnd() {}

  /**
   * Return the last lines that end before {@code end}, oldest first. Bytes that are no text are
   * shown as such, and hide no other line.
   *
   * @param most how many
   * @param wanted which lines count
   */
  static List<String> lines(FileChannel file, long end, int most, Predicate<String> wanted)
      throws IOException {
    Deque<String> lines = new ArrayDeque<>();
    long kept = 0;
    long at = end;
    byte[] rest = new byte[0];
    while (at > 0 && end - at < MOST_READ && lines.size() < most && kept < MOST_KEPT) {
      int length = (int) Math.min(PART, at);
      byte[] part = new byte[length + rest.length];
      fill(file, at - length, part, length);
      System.arraycopy(rest, 0, part, length, rest.length);
      at -= length;
      int lineEnd = part.length;
      for (int i = part.length - 1; i >= 0 && lines.size() < most && kept < MOST_KEPT; i--) {
        if (part[i] == '\n') {
          kept += add(lines, part, i + 1, lineEnd, wanted);
          lineEnd = i;
        }
      }
      rest = java.util.Arrays.copyOf(part, Math.min(lineEnd, LONGEST_LINE));
      if (at == 0 && lines.size() < most && kept < MOST_KEPT) {
        add(lines, rest, 0, rest.length, wanted);
      }
    }
    return List.copyOf(lines);
  }

  private static long add(
      Deque<String> lines, byte[] bytes, int from, int to, Predicate<String> wanted) {
    int end = to > from && bytes[to - 1] == '\r' ? to - 1 : to;
    if (end <= from) {
      return 0;
    }
    int length = Math.min(end - from, LONGEST_LINE);
    String line = new String(bytes, from, length, StandardCharsets.UTF_8);
    if (wanted.test(line)) {
      lines.addFirst(line);
      return length;
    }
    return 0;
  }

  static void fill(FileChannel file, long from, byte[] bytes, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
    long at = from;
    while (buffer.hasRemaining()) {
      int got = file.read(buffer, at);
      if (got < 0) {
        throw new IOException("it was cut short while it was read");
      }
      at += got;
    }
  }
}
