package deployctl.support.file;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * A log of this machine, a line at a time. Each line is one write to a file that is opened for it,
 * so that lines of several processes do not mix and a log that was rotated away begins anew.
 */
public final class LineLog {
  private final Path file;
  private boolean whole;

  /** Make a log; neither the file nor its folder need exist. */
  public LineLog(LocalFile file) {
    this.file = file.path();
  }

  /** Add a line. What a full disk or a kill has cut short before does not spoil it. */
  public void append(String line) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      FolderAccess.makeFolder(folder);
    }
    String start = whole || endsWithLine() ? "" : "\n";
    whole = false;
    ByteBuffer bytes = ByteBuffer.wrap((start + line + "\n").getBytes(StandardCharsets.UTF_8));
    try (FileChannel channel = RegularFile.openOwn(file, StandardOpenOption.APPEND)) {
      // One call writes it all, unless the disk is full.
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
    whole = true;
  }

  /**
   * Hand over every line, oldest first, bytes as they are (ISO 8859-1); none where it cannot be
   * read.
   */
  public void lines(Consumer<String> reader) {
    if (!Files.isRegularFile(file)) {
      return;
    }
    try (BufferedReader open =
        new BufferedReader(
            Channels.newReader(RegularFile.open(file), StandardCharsets.ISO_8859_1))) {
      for (String line = open.readLine(); line != null; line = open.readLine()) {
        reader.accept(line);
      }
    } catch (IOException e) {
      return;
    }
  }

  private boolean endsWithLine() throws IOException {
    if (!Files.exists(file)) {
      return true;
    }
    try (FileChannel end = RegularFile.open(file)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      return end.size() == 0 || end.read(last, end.size() - 1) == 1 && last.get(0) == '\n';
    }
  }
}
