package deployctl.state.file;

import deployctl.state.Claim;
import deployctl.state.StateCheck;
import deployctl.state.StateDocument;
import deployctl.state.StateLog;
import deployctl.state.StateObject;
import deployctl.state.StateStore;
import deployctl.state.StateUnavailable;
import deployctl.state.StateUnavailable.Reason;
import deployctl.support.file.DurableWrite;
import deployctl.support.file.FileErrors;
import deployctl.support.file.ProcessLock;
import deployctl.support.file.RegularFile;
import deployctl.support.time.Time;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * State as files in a folder: on a machine's own disk, or on a network file system with POSIX locks
 * and atomic rename. See {@link DurableWrite} and {@link ProcessLock} for what that rests on.
 */
public final class FileStateStore implements StateStore {
  private static final Duration LITTER_AGE = Duration.ofMinutes(10);
  private static final String LITTER_END = ".tmp";

  private final Path folder;
  private final FolderRules rules;
  private final Time time;
  private final RandomGenerator random;
  private final FolderMaker folders;
  private final DurableWrite writer;

  /** Make a store of a folder, which need not exist. */
  public FileStateStore(Path folder, FolderRules rules, Time time, RandomGenerator random) {
    this(folder, rules, time, random, step -> {});
  }

  /** Make a store that tells {@code probe} of each step of a write. */
  public FileStateStore(
      Path folder, FolderRules rules, Time time, RandomGenerator random, DurableWrite.Probe probe) {
    this.folder = folder;
    this.rules = rules;
    this.time = time;
    this.random = random;
    this.folders = new FolderMaker(folder, rules);
    this.writer =
        rules.ownersAlone()
            ? DurableWrite.privately(folders.temporaries(), probe)
            : new DurableWrite(probe);
  }

  @Override
  public StateDocument document(String name) {
    Path file = path(name);
    Path parent = file.getParent();
    return new FileDocument(
        parent == null ? folder : parent,
        String.valueOf(file.getFileName()),
        folders,
        rules,
        FileDocument.TIMEOUT,
        time,
        random,
        writerOf(name));
  }

  @Override
  public StateLog log(String name) {
    return new FileLog(path(name));
  }

  @Override
  public Optional<StateObject> read(String name) {
    Path file = path(name);
    try {
      // What lies deeper is the program's own, and never a link: one leads out of the folder.
      BasicFileAttributes attributes =
          name.indexOf('/') < 0
              ? Files.readAttributes(file, BasicFileAttributes.class)
              : Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!attributes.isRegularFile()) {
        // Reading a pipe would wait for ever.
        throw new StateUnavailable(
            Reason.CORRUPT,
            rules.title() + file + (attributes.isDirectory() ? " is a folder" : " is no file"),
            "Move it away");
      }
      return Optional.of(
          new StateObject(
              RegularFile.read(file, FileDocument.MOST_MEBIBYTES),
              FileDocument.versionOf(attributes),
              attributes.lastModifiedTime().toInstant()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unavailable(file, Reason.NOT_READABLE, "cannot be read", e);
    }
  }

  @Override
  public boolean exists(String name) {
    return Files.exists(path(name));
  }

  @Override
  public boolean create(String name, byte[] content) {
    Path file = path(name);
    prepare(file);
    try {
      return writerOf(name).create(file, content);
    } catch (IOException e) {
      throw unavailable(file, Reason.NOT_WRITABLE, "cannot be written", e);
    }
  }

  @Override
  public void put(String name, byte[] content) {
    Path file = path(name);
    prepare(file);
    try {
      writerOf(name).replace(file, content, null);
    } catch (IOException e) {
      throw unavailable(file, Reason.NOT_WRITABLE, "cannot be written", e);
    }
  }

  @Override
  public boolean remove(String name) {
    Path file = path(name);
    try {
      return Files.deleteIfExists(file);
    } catch (IOException e) {
      throw unavailable(file, Reason.NOT_WRITABLE, "cannot be removed", e);
    }
  }

  @Override
  public boolean move(String from, String to) {
    Path file = path(from);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      // Another process was faster, and may have taken the name as well.
      return false;
    }
    prepare(path(to));
    try {
      if (Files.exists(path(to), LinkOption.NOFOLLOW_LINKS)) {
        throw new FileAlreadyExistsException(path(to).toString());
      }
      Files.move(file, path(to), StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw unavailable(file, Reason.NOT_WRITABLE, "cannot be moved", e);
    }
  }

  @Override
  public List<String> list(String prefix) {
    int slash = prefix.lastIndexOf('/') + 1;
    Path within = slash == 0 ? folder : path(prefix.substring(0, slash - 1));
    String start = prefix.substring(slash);
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(within)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        boolean hidden = name.startsWith(".") && !start.startsWith(".");
        if (name.startsWith(start) && !hidden && !name.endsWith(LITTER_END)) {
          names.add(prefix.substring(0, slash) + name);
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (NotDirectoryException e) {
      throw unavailable(within, Reason.NOT_READABLE, "cannot be read", e);
    } catch (IOException e) {
      throw unavailable(within, Reason.NOT_READABLE, "cannot be read", e);
    } catch (DirectoryIteratorException e) {
      throw unavailable(within, Reason.NOT_READABLE, "cannot be read", new IOException(e));
    }
    return names;
  }

  @Override
  public Optional<Claim> claim(String name, Duration timeout) {
    Path lock = path(name);
    prepare(lock);
    try {
      boolean made = !Files.exists(lock);
      ProcessLock.Held held = ProcessLock.acquire(lock, timeout, time, random);
      if (made) {
        folders.made(lock);
      }
      return Optional.of(
          () -> {
            try {
              held.close();
            } catch (IOException e) {
              throw unavailable(lock, Reason.LOCKED, "cannot be unlocked", e);
            }
          });
    } catch (ProcessLock.Timeout e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unavailable(lock, Reason.NOT_WRITABLE, "cannot be locked", e);
    }
  }

  @Override
  public String claimant(String name) {
    return ProcessLock.holder(path(name));
  }

  @Override
  public boolean exists() {
    return Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public boolean writable() {
    return Files.isWritable(folder);
  }

  @Override
  public void tidy() {
    if (!rules.ownersAlone() || !Files.isDirectory(folders.temporaries())) {
      // Elsewhere the next writer of a document tidies, under its lock.
      return;
    }
    tidy(folders.temporaries(), "*", LITTER_AGE);
  }

  @Override
  public void tidy(String below) {
    tidy(path(below), ".*", Duration.ZERO);
  }

  private void tidy(Path within, String start, Duration age) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(within, start + LITTER_END)) {
      for (Path file : files) {
        Instant changed = Files.getLastModifiedTime(file).toInstant();
        if (age.isZero() || changed.isBefore(time.now().minus(age))) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // Litter harms nobody; the next run tries again.
      return;
    }
  }

  @Override
  public List<StateCheck> inspect(String name) {
    return new FileInspection(folder, path(name), document(name)).checks();
  }

  @Override
  public StateCheck inspectTurn(String name) {
    return new FileInspection(folder, path(name), document(name)).turn();
  }

  @Override
  public StateCheck.StateFault fault(String name, Reason reason) {
    return new FileInspection(folder, path(name), document(name)).fault(reason);
  }

  @Override
  public String location(String name) {
    return name.isEmpty() ? folder.toString() : path(name).toString();
  }

  private Path path(String name) {
    Path root = folder.toAbsolutePath().normalize();
    if (!root.resolve(name).normalize().startsWith(root) || name.startsWith("/")) {
      throw new IllegalArgumentException("'" + name + "' is not below " + folder);
    }
    return folder.resolve(name);
  }

  /** What is private stays so where others may look at the rest. */
  private DurableWrite writerOf(String name) {
    if (rules.ownersAlone()) {
      return writer;
    }
    return rules.ownersAlone(name)
        ? DurableWrite.privately()
        : rules.owners(name) ? writer.asTheFolderSays() : writer;
  }

  /** Make the folders that a file needs. */
  private void prepare(Path file) {
    try {
      folders.prepare(file);
    } catch (IOException e) {
      throw unavailable(
          Objects.requireNonNullElse(file.getParent(), folder),
          Reason.NOT_WRITABLE,
          "cannot be made",
          e);
    }
  }

  private StateUnavailable unavailable(Path path, Reason reason, String what, IOException cause) {
    Path there = path;
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    boolean file = there != null && !there.equals(path) && !Files.isDirectory(there);
    return new StateUnavailable(
        reason,
        rules.title() + path + " " + what + ": " + FileErrors.reason(cause),
        file || there != null && there.equals(folder) && !Files.isDirectory(folder)
            ? "Choose another folder with " + rules.option() + ", or move the file away"
            : "Check the space and the permissions (" + rules.permissions() + ")",
        cause);
  }
}
