package deployctl.state.file;

import deployctl.state.StateDocument;
import deployctl.state.StateObject;
import deployctl.state.StateUnavailable;
import deployctl.state.StateUnavailable.Reason;
import deployctl.support.file.DurableWrite;
import deployctl.support.file.FileErrors;
import deployctl.support.file.ProcessLock;
import deployctl.support.file.RegularFile;
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
public final class FileDocument implements StateDocument {
  /** How long a writer waits for another. */
  public static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** More than the program writes into any; see {@link StateDocument#FULL}. */
  static final int MOST_MEBIBYTES = 32;

  private static final int MOST_READS = 20;

  private final Path folder;
  private final Path file;
  private final FolderMaker folders;
  private final FolderRules rules;
  private final Duration timeout;
  private final Time time;
  private final RandomGenerator random;
  private final DurableWrite writer;

  /** Make a document of the registry's kind, neither of whose file and folder need exist. */
  public FileDocument(Path folder, String name, Time time, RandomGenerator random) {
    this(folder, name, TIMEOUT, time, random, new DurableWrite());
  }

  /** Make a document of the registry's kind whose timeout and steps of writing are the caller's. */
  public FileDocument(
      Path folder,
      String name,
      Duration timeout,
      Time time,
      RandomGenerator random,
      DurableWrite writer) {
    this(
        folder,
        name,
        new FolderMaker(folder, FolderRules.registry()),
        FolderRules.registry(),
        timeout,
        time,
        random,
        writer);
  }

  FileDocument(
      Path folder,
      String name,
      FolderMaker folders,
      FolderRules rules,
      Duration timeout,
      Time time,
      RandomGenerator random,
      DurableWrite writer) {
    this.folder = folder;
    this.file = folder.resolve(name);
    this.folders = folders;
    this.rules = rules;
    this.timeout = timeout;
    this.time = time;
    this.random = random;
    this.writer = writer;
  }

  @Override
  public Optional<StateObject> read() {
    try {
      for (int i = 0; i < MOST_READS; i++) {
        @Nullable String before = version();
        byte[] content = RegularFile.read(file, MOST_MEBIBYTES);
        BasicFileAttributes after = Files.readAttributes(file, BasicFileAttributes.class);
        if (before != null && versionOf(after).equals(before)) {
          return Optional.of(
              new StateObject(content, before, after.lastModifiedTime().toInstant()));
        }
      }
      // A writer came between each time. What was read is whole all the same; it only cannot be
      // replaced.
      return Optional.of(
          new StateObject(
              RegularFile.read(file, MOST_MEBIBYTES),
              "overtaken",
              Files.getLastModifiedTime(file).toInstant()));
    } catch (NoSuchFileException e) {
      if (isDanglingLink(file) || isDanglingLink(folder)) {
        throw unavailable(Reason.NOT_READABLE, "is a link to something that is not there", e);
      }
      return Optional.empty();
    } catch (RegularFile.TooLarge e) {
      throw new StateUnavailable(
          Reason.CORRUPT,
          file + " cannot be read: " + FileErrors.reason(e),
          "Something else than deployctl wrote into it: 'deployctl coordinator repair' puts it aside and takes the last good generation",
          e);
    } catch (IOException e) {
      throw unavailable(Reason.NOT_READABLE, "cannot be read: " + FileErrors.reason(e), e);
    }
  }

  @Override
  public boolean compareAndSet(@Nullable String expected, byte[] content) {
    try (Turn turn = beginTurn()) {
      if (!Objects.equals(expected, version())) {
        return false;
      }
      Path target = target();
      writerOf(target).replace(target, content, beside(target, ".bak"));
      return true;
    } catch (DurableWrite.UnconfirmedWrite e) {
      throw new StateUnavailable(
          Reason.NOT_WRITABLE,
          file
              + " has the change, and the disk did not confirm that it outlives a power cut: "
              + e.getMessage(),
          "Look at it ('deployctl coordinator list'), and check the disk",
          e);
    } catch (IOException e) {
      throw unavailable(Reason.NOT_WRITABLE, "cannot be written: " + FileErrors.reason(e), e);
    }
  }

  @Override
  public Turn beginTurn() {
    try {
      folders.prepare(file);
      Path lock = lockFile();
      boolean made = !Files.exists(lock);
      ProcessLock.Held held = ProcessLock.acquire(lock, timeout, time, random);
      if (made) {
        folders.made(lock);
      }
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
      throw new StateUnavailable(
          Reason.LOCKED,
          file + " has been locked by " + e.holder() + " for over " + timeout.toSeconds() + " s",
          "If that process hangs or is stopped, end it and try again",
          e);
    }
  }

  @Override
  public Optional<byte[]> lastGeneration() {
    try {
      return Optional.of(RegularFile.read(beside(target(), ".bak"), MOST_MEBIBYTES));
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
        writerOf(target).replace(target, content, null);
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
      return versionOf(Files.readAttributes(file, BasicFileAttributes.class));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  static String versionOf(BasicFileAttributes attributes) {
    return attributes.fileKey()
        + "/"
        + attributes.lastModifiedTime().toInstant()
        + "/"
        + attributes.size();
  }

  /**
   * The file itself: a link keeps pointing where it points, and all who come through links share
   * its lock.
   */
  private Path target() throws IOException {
    return Files.exists(file) ? file.toRealPath() : file;
  }

  /** What a link leads to lies with files that are not this program's: it stays as it is there. */
  private DurableWrite writerOf(Path target) {
    return Files.isSymbolicLink(file) ? writer.withPermissionsOf(target) : writer;
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

  private StateUnavailable unavailable(Reason reason, String what, IOException cause) {
    return new StateUnavailable(reason, file + " " + what, nextStep(reason), cause);
  }

  private String nextStep(Reason reason) {
    if (isDanglingLink(file) || isDanglingLink(folder)) {
      return "Mount what the link points to, or remove the link";
    }
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      return "Choose another folder with " + rules.option() + ", or move the file away";
    }
    if (Files.isDirectory(file)) {
      return "Run 'deployctl coordinator repair': it puts the folder aside";
    }
    return reason == Reason.NOT_WRITABLE
        ? "Check the space and the permissions (" + rules.permissions() + ")"
        : "Check the permissions (" + rules.permissions() + ")";
  }

  private static boolean isDanglingLink(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.exists(path);
  }
}
