package deployctl.support.file;

import deployctl.support.Failure;
import deployctl.support.text.Masking;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A file of this machine: one that a person names, or a log. What other machines must see is not
 * kept in such files.
 */
public record LocalFile(Path path) {
  /** What a person writes by hand, or a template, is far smaller. */
  private static final int MOST_MEBIBYTES = 16;

  /**
   * Return the file of a name, which need not exist.
   *
   * @throws Failure of kind USAGE when it cannot name a file
   */
  public static LocalFile of(String name) {
    try {
      return new LocalFile(Path.of(name));
    } catch (InvalidPathException e) {
      throw Failure.usage("'" + Masking.line(name) + "' cannot name a file", "Give another name");
    }
  }

  /** Return the file with its whole path. */
  public LocalFile absolute() {
    return new LocalFile(path.toAbsolutePath());
  }

  /** Return its whole path, without detours. */
  public String absoluteName() {
    return path.toAbsolutePath().normalize().toString();
  }

  /** Return a file of another name in the same folder. */
  public LocalFile sibling(String name) {
    return new LocalFile(path.toAbsolutePath().resolveSibling(name));
  }

  /** Return a file in the folder that this names. */
  public LocalFile inside(String name) {
    return new LocalFile(path.resolve(name));
  }

  /** Tell whether there is something of that name. */
  public boolean exists() {
    return Files.exists(path);
  }

  /** Return when it was last written, or empty when there is none or that cannot be told. */
  public Optional<Instant> changedAt() {
    try {
      return Optional.of(Files.getLastModifiedTime(path).toInstant());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Read all of it as UTF-8; see {@link RegularFile}. */
  public String read() throws IOException {
    return new String(RegularFile.read(path, MOST_MEBIBYTES), StandardCharsets.UTF_8);
  }

  /**
   * Write all of it as UTF-8, in place of what may be there; a new one is its owner's alone to
   * read.
   */
  public void write(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    try (FileChannel channel = RegularFile.openOwn(path, StandardOpenOption.TRUNCATE_EXISTING)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  /** Write all of it, making its folder when that is missing. */
  public void writeInFolder(String text) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null) {
      FolderAccess.makeFolder(folder);
    }
    write(text);
  }

  /**
   * Return its last lines, oldest first; none when it is not there or cannot be read. Bytes that
   * are no text are shown as such, and hide no other line.
   */
  public List<String> tail(int most) {
    if (most <= 0) {
      return List.of();
    }
    try (FileChannel open = RegularFile.open(path)) {
      return FileEnd.lines(open, open.size(), most, line -> true);
    } catch (IOException e) {
      return List.of();
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
