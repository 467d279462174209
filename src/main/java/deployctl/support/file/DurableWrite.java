package deployctl.support.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a file so that a kill or a power cut at any moment leaves the old content or the new
 * one.
 *
 * <p>The order is the promise: write a new file beside it, fsync it, keep the old one as a backup,
 * rename over it, fsync the folder. A failed fsync is final for that file, since the kernel may
 * have dropped the pages and a second fsync would report success (the PostgreSQL fsync findings of
 * 2018). Callers that share a file hold a {@link ProcessLock}; readers need none.
 */
public final class DurableWrite {
  /** The moments between which a kill is told apart, in order. */
  public enum WriteStep {
    /** The new file exists and is empty. */
    CREATED,
    /** The new file holds everything, perhaps in memory only. */
    WRITTEN,
    /** The new file is on disk. */
    SYNCED,
    /** The old file has its backup, when one was asked for. */
    BACKED_UP,
    /** The new file carries the name. */
    RENAMED,
    /** The name is on disk: the write may be reported. */
    DURABLE
  }

  /** Is told of each step; a test stops the process or fails there. */
  @FunctionalInterface
  public interface Probe {
    /** Come past a step. */
    void passed(WriteStep step) throws IOException;
  }

  private static final String TEMPORARY_END = ".tmp";

  private static final String PUBLIC = "rw-r--r--";
  private static final String PRIVATE = "rw-------";

  /** What {@link FolderAccess} says of the file. */
  private static final String BY_FOLDER = "";

  private final Probe probe;
  private final String permissions;
  private final @Nullable Path temporaries;

  /** Make a writer of files that all may read (644), which nobody watches. */
  public DurableWrite() {
    this(step -> {});
  }

  /** Make a writer of files that all may read (644), which tells {@code probe} of each step. */
  public DurableWrite(Probe probe) {
    this(probe, PUBLIC, null);
  }

  private DurableWrite(Probe probe, String permissions, @Nullable Path temporaries) {
    this.probe = probe;
    this.permissions = permissions;
    this.temporaries = temporaries;
  }

  /**
   * Make a writer of files that only the owner may read (600), for a folder that many processes
   * write to at once without a common lock.
   *
   * @param temporaries a folder of the same file system for what is not finished; what a killed
   *     writer leaves there is for the caller to remove
   */
  public static DurableWrite privately(Path temporaries, Probe probe) {
    return new DurableWrite(probe, PRIVATE, temporaries);
  }

  /** Make a writer of files that only the owner may read (600), which nobody watches. */
  public static DurableWrite privately() {
    return new DurableWrite(step -> {}, PRIVATE, null);
  }

  /**
   * Return this writer of files that are their owner's alone (600), and the group's where the
   * folder is; see {@link FolderAccess}.
   */
  public DurableWrite asTheFolderSays() {
    return new DurableWrite(probe, BY_FOLDER, temporaries);
  }

  /**
   * Return this writer with the permissions that a file has; this one where they cannot be told.
   */
  public DurableWrite withPermissionsOf(Path file) {
    try {
      return new DurableWrite(
          probe, PosixFilePermissions.toString(Files.getPosixFilePermissions(file)), temporaries);
    } catch (IOException | UnsupportedOperationException e) {
      return this;
    }
  }

  /**
   * The new content is in its place, and the disk has not confirmed that it outlives a power cut.
   */
  public static final class UnconfirmedWrite extends IOException {
    private static final long serialVersionUID = 1;

    UnconfirmedWrite(IOException cause) {
      super(FileErrors.reason(cause), cause);
    }
  }

  /**
   * Replace {@code target} by {@code content}.
   *
   * @param backup where the replaced content is kept, or null for nowhere; ignored when there is no
   *     old file
   * @throws UnconfirmedWrite when the new content is in place, and that is all that is known
   * @throws IOException when the disk is full, denied or broken; the old content is then still in
   *     place
   */
  public void replace(Path target, byte[] content, @Nullable Path backup) throws IOException {
    Path folder = folderOf(target);
    if (temporaries == null) {
      removeLitter(folder, target);
    }
    Path temporary = temporaryFor(target, Long.toHexString(ThreadLocalRandom.current().nextLong()));
    if (temporaries != null) {
      temporary = temporaries.resolve(temporary.getFileName());
    }
    boolean renamed = false;
    try {
      writeSynced(temporary, content);
      if (backup != null && Files.exists(target)) {
        keep(target, backup);
      }
      probe.passed(WriteStep.BACKED_UP);
      // Opened before the rename: what can fail is to fail while the old content is still in place.
      try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
        Files.move(
            temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        renamed = true;
        probe.passed(WriteStep.RENAMED);
        names.force(true);
      }
    } catch (IOException e) {
      discard(temporary, e);
      throw renamed ? new UnconfirmedWrite(e) : e;
    } catch (RuntimeException e) {
      discard(temporary, e);
      throw e;
    }
    probe.passed(WriteStep.DURABLE);
  }

  /**
   * Write a file that is not there yet.
   *
   * @return false when there is one, which stays as it is
   * @throws IOException when the disk is full, denied or broken; there is then no file of that name
   */
  public boolean create(Path target, byte[] content) throws IOException {
    Path folder = folderOf(target);
    Path temporary = temporaryFor(target, Long.toHexString(ThreadLocalRandom.current().nextLong()));
    if (temporaries != null) {
      temporary = temporaries.resolve(temporary.getFileName());
    }
    boolean named = false;
    try {
      writeSynced(temporary, content);
      probe.passed(WriteStep.BACKED_UP);
      try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
        named = name(temporary, target);
        if (named) {
          probe.passed(WriteStep.RENAMED);
          names.force(true);
        }
      }
    } catch (IOException | RuntimeException e) {
      if (named) {
        // What is reported as not written must not turn up later.
        discard(target, e);
      }
      discard(temporary, e);
      throw e;
    }
    removeQuietly(temporary);
    if (named) {
      probe.passed(WriteStep.DURABLE);
    }
    return named;
  }

  /**
   * Give a finished file its name, unless that is taken: a link is refused then, a rename is not.
   */
  private static boolean name(Path temporary, Path target) throws IOException {
    try {
      Files.createLink(target, temporary);
      return true;
    } catch (FileAlreadyExistsException e) {
      // On a network file system the answer may be to a request that was sent twice and done once.
      return Files.isSameFile(target, temporary);
    } catch (UnsupportedOperationException | FileSystemException e) {
      // No links here: between this look and the rename another could take the name.
      if (Files.exists(target)) {
        return false;
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      return true;
    }
  }

  /** Put a folder's entries on disk, so that a rename or a new file in it outlives a power cut. */
  public static void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private void writeSynced(Path temporary, byte[] content) throws IOException {
    boolean posix = temporary.getFileSystem().supportedFileAttributeViews().contains("posix");
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
            // What is narrower than usual is so from its first byte on.
            posix && !permissions.equals(PUBLIC)
                ? new FileAttribute<?>[] {
                  PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE))
                }
                : new FileAttribute<?>[0])) {
      probe.passed(WriteStep.CREATED);
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      probe.passed(WriteStep.WRITTEN);
      if (posix) {
        String wanted =
            permissions.equals(BY_FOLDER) ? FolderAccess.ofFile(temporary) : permissions;
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString(wanted));
      }
      channel.force(true);
      probe.passed(WriteStep.SYNCED);
    }
  }

  /**
   * Give a file a second name, or copy it where that is not possible; durable when it returns.
   *
   * @param name a name that is free
   */
  public static void keepAs(Path file, Path name) throws IOException {
    secondName(file, name);
    syncFolder(folderOf(name));
  }

  private static void secondName(Path file, Path name) throws IOException {
    try {
      // A link costs nothing, and is safe because no one writes into a file that has a name here.
      Files.createLink(name, file);
    } catch (UnsupportedOperationException | FileSystemException e) {
      new DurableWrite().writeSynced(name, Files.readAllBytes(file));
    }
  }

  private static void keep(Path target, Path backup) throws IOException {
    Path temporary = temporaryFor(backup, "keep");
    Files.deleteIfExists(temporary);
    secondName(target, temporary);
    Files.move(
        temporary, backup, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    // rename(2) leaves the source when both names are links to one file.
    Files.deleteIfExists(temporary);
  }

  /** Remove what writers that were killed left behind; the lock makes sure that none is at work. */
  private static void removeLitter(Path folder, Path target) throws IOException {
    String start = "." + target.getFileName() + ".";
    try (DirectoryStream<Path> litter =
        Files.newDirectoryStream(
            folder,
            path -> {
              String name = path.getFileName().toString();
              return name.startsWith(start) && name.endsWith(TEMPORARY_END);
            })) {
      for (Path path : litter) {
        Files.deleteIfExists(path);
      }
    }
  }

  private static Path temporaryFor(Path target, String unique) {
    return target.resolveSibling("." + target.getFileName() + "." + unique + TEMPORARY_END);
  }

  private static Path folderOf(Path target) {
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IllegalArgumentException("no file: " + target);
    }
    return folder;
  }

  /** It is written and durable; what is left of the way there is litter, and is no failure. */
  private static void removeQuietly(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      return;
    }
  }

  private static void discard(Path temporary, Exception reason) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }
}
