package deployctl.state.file;

import deployctl.registry.RegistryUnavailable;
import deployctl.registry.RegistryUnavailable.Reason;
import deployctl.state.DocumentStore;
import deployctl.support.file.DurableWrite;
import deployctl.support.file.FileErrors;
import deployctl.support.file.ProcessLock;
import deployctl.support.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A document in a folder of a local file system: {@code <name>}, its last generation {@code
 * <name>.bak}, and a lock file {@code .<name>.lock}.
 *
 * <p>Writers take the lock, readers do not; see {@link DurableWrite} and {@link ProcessLock} for
 * what that rests on.
 */
public final class FileDocumentStore implements DocumentStore {
  /** How long a writer waits for another. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int MOST_READS = 20;

  private final Path folder;
  private final Path file;
  private final Duration patience;
  private final Time time;
  private final RandomGenerator random;
  private final DurableWrite writer;

  /** Make a store of the document {@code name} in {@code folder}, neither of which need exist. */
  public FileDocumentStore(Path folder, String name, Time time, RandomGenerator random) {
    this(folder, name, PATIENCE, time, random, new DurableWrite());
  }

  public FileDocumentStore(
      Path folder,
      String name,
      Duration patience,
      Time time,
      RandomGenerator random,
      DurableWrite writer) {
    this.folder = folder;
    this.file = folder.resolve(name);
    this.patience = patience;
    this.time = time;
    this.random = random;
    this.writer = writer;
  }

  @Override
  public Optional<Document> read() {
    try {
      for (int i = 0; i < MOST_READS; i++) {
        @Nullable String before = version();
        byte[] content = Files.readAllBytes(file);
        @Nullable String after = version();
        if (before != null && before.equals(after)) {
          return Optional.of(new Document(content, before));
        }
      }
      // A writer came between each time. What was read is whole all the same; it only cannot be
      // replaced.
      return Optional.of(new Document(Files.readAllBytes(file), "overtaken"));
    } catch (NoSuchFileException e) {
      if (isDanglingLink(file) || isDanglingLink(folder)) {
        throw unavailable(Reason.NOT_READABLE, "is a link to something that is not there", e);
      }
      return Optional.empty();
    } catch (IOException e) {
      throw unavailable(
          Reason.NOT_READABLE,
          "cannot be read: " + (Files.isDirectory(file) ? "it is a folder" : FileErrors.reason(e)),
          e);
    }
  }

  @Override
  public boolean compareAndSet(@Nullable String expected, byte[] content) {
    try (Turn turn = beginTurn()) {
      if (!Objects.equals(expected, version())) {
        return false;
      }
      Path target = target();
      writer.replace(target, content, beside(target, ".bak"));
      return true;
    } catch (IOException e) {
      throw unavailable(Reason.NOT_WRITABLE, "cannot be written: " + FileErrors.reason(e), e);
    }
  }

  @Override
  public Turn beginTurn() {
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder);
      }
      ProcessLock.Held held = ProcessLock.acquire(lockFile(), patience, time, random);
      return () -> {
        try {
          held.close();
        } catch (IOException e) {
          throw unavailable(Reason.LOCKED, "could not be unlocked: " + FileErrors.reason(e), e);
        }
      };
    } catch (IOException e) {
      throw unavailable(Reason.NOT_WRITABLE, "cannot be locked: " + FileErrors.reason(e), e);
    } catch (ProcessLock.Timeout e) {
      throw new RegistryUnavailable(
          Reason.LOCKED,
          file + " has been locked by " + e.holder() + " for over " + patience.toSeconds() + " s",
          "If that process hangs or is stopped, end it and try again",
          e);
    }
  }

  @Override
  public Optional<byte[]> lastGeneration() {
    try {
      return Optional.of(Files.readAllBytes(beside(target(), ".bak")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public String replaceDamaged(byte[] content, String mark) {
    try (Turn turn = beginTurn()) {
      Path target = target();
      Path aside = free(beside(target, ".corrupt-" + mark));
      if (Files.isRegularFile(target)) {
        // The damaged file stays where it is until the new one takes its name: a kill in between
        // loses neither.
        DurableWrite.keepAs(target, aside);
        writer.replace(target, content, null);
      } else {
        Files.move(target, aside);
        writer.replace(target, content, null);
      }
      return aside.toString();
    } catch (IOException e) {
      throw unavailable(Reason.NOT_WRITABLE, "cannot be replaced: " + FileErrors.reason(e), e);
    }
  }

  @Override
  public String location() {
    return file.toString();
  }

  /**
   * Return what tells this write from all others: each makes a new file. Null when there is none.
   */
  private @Nullable String version() throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.fileKey()
          + "/"
          + attributes.lastModifiedTime().toInstant()
          + "/"
          + attributes.size();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /**
   * The file itself: a link keeps pointing where it points, and all who come through links share
   * its lock.
   */
  private Path target() throws IOException {
    return Files.exists(file) ? file.toRealPath() : file;
  }

  private Path lockFile() throws IOException {
    Path target = target();
    return target.resolveSibling("." + target.getFileName() + ".lock");
  }

  private static Path beside(Path target, String end) {
    return target.resolveSibling(target.getFileName() + end);
  }

  private static Path free(Path wanted) {
    Path path = wanted;
    for (int i = 2; Files.exists(path, LinkOption.NOFOLLOW_LINKS); i++) {
      path = wanted.resolveSibling(wanted.getFileName() + "-" + i);
    }
    return path;
  }

  private RegistryUnavailable unavailable(Reason reason, String what, IOException cause) {
    return new RegistryUnavailable(reason, file + " " + what, nextStep(reason), cause);
  }

  private String nextStep(Reason reason) {
    if (isDanglingLink(file) || isDanglingLink(folder)) {
      return "Mount what the link points to, or remove the link";
    }
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      return "Choose another folder with --registry-dir, or move the file away";
    }
    if (Files.isDirectory(file)) {
      return "Run 'deployctl coordinator repair': it puts the folder aside";
    }
    return reason == Reason.NOT_WRITABLE
        ? "Check the space and the permissions (folder 755, file 644)"
        : "Check the permissions (folder 755, file 644)";
  }

  private static boolean isDanglingLink(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.exists(path);
  }
}
