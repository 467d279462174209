package deployctl.support.file;

import deployctl.support.Failure;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A file of this machine: one that a person names, or a log. What other machines must see is not
 * kept in such files.
 */
public record LocalFile(Path path) {
  /** How much of a file's end is looked through. */
  private static final long MOST_READ = 32L << 20;

  /**
   * Return the file of a name, which need not exist.
   *
   * @throws Failure of kind USAGE when it cannot name a file
   */
  public static LocalFile of(String name) {
    try {
      return new LocalFile(Path.of(name));
    } catch (InvalidPathException e) {
      throw Failure.usage(
          "'" + name.replaceAll("\\p{Cntrl}", "?") + "' cannot name a file", "Give another name");
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

  /** Read all of it as UTF-8. */
  public String read() throws IOException {
    return Files.readString(path);
  }

  /** Write all of it as UTF-8, in place of what may be there. */
  public void write(String text) throws IOException {
    Files.writeString(path, text, StandardCharsets.UTF_8);
  }

  /** Write all of it, making its folder when that is missing. */
  public void writeInFolder(String text) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    write(text);
  }

  /**
   * Return its last lines, oldest first; none when it is not there or cannot be read. Bytes that
   * are no text are shown as such, and hide no other line.
   */
  public List<String> tail(int most) {
    try (RandomAccessFile open = new RandomAccessFile(path.toFile(), "r")) {
      long end = open.length();
      long begin = Math.max(0, end - MOST_READ);
      open.seek(begin);
      byte[] bytes = new byte[(int) (end - begin)];
      open.readFully(bytes);
      String text = new String(bytes, StandardCharsets.UTF_8);
      List<String> lines = text.substring(begin == 0 ? 0 : text.indexOf('\n') + 1).lines().toList();
      return lines.subList(Math.max(0, lines.size() - most), lines.size());
    } catch (IOException e) {
      return List.of();
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
