package deployctl.reset;

import deployctl.support.Failure;
import deployctl.support.file.FileErrors;
import deployctl.support.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Copies of what a reset makes anew: {@code backups/<id>} with {@code registry} and {@code queue}.
 */
final class ResetBackups {
  private static final String REGISTRY = "registry";
  private static final String QUEUE = "queue";

  private final Path registryFolder;
  private final Path queueFolder;
  private final Path folder;

  ResetBackups(Path registryFolder, Path queueFolder) {
    this.registryFolder = registryFolder;
    this.queueFolder = queueFolder;
    this.folder = registryFolder.resolve("backups");
  }

  /** A copy that was made. */
  record Backup(String id, int registryFiles, int messages) {
    JsonObject toJson() {
      return new JsonObject()
          .put("id", id)
          .put("registry_files", (long) registryFiles)
          .put("messages", (long) messages);
    }
  }

  /** Return where a copy is. */
  Path of(String id) {
    return folder.resolve(id);
  }

  /**
   * Copy the registry and what monitors know; what was copied before under the id stays as it is.
   *
   * @return how many files there are in the copy
   */
  int registry(String id) {
    try {
      Path target = Files.createDirectories(of(id).resolve(REGISTRY));
      for (String name : List.of("deployments.json", "deployments.json.bak", "monitors")) {
        copy(registryFolder.resolve(name), target.resolve(name));
      }
      return count(target);
    } catch (IOException | UncheckedIOException e) {
      throw cannot(id, e);
    }
  }

  /** Copy messages and dead letters into the backup; returns how many the backup holds. */
  int queue(String id, List<Path> files) {
    try {
      Path target = Files.createDirectories(of(id).resolve(QUEUE));
      for (Path file : files) {
        copy(file, target.resolve(file.getFileName()));
      }
      return count(target);
    } catch (IOException | UncheckedIOException e) {
      throw cannot(id, e);
    }
  }

  /** Return all copies, the latest first. */
  List<Backup> all() {
    List<Backup> all = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return all;
    }
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
      for (Path one : found) {
        all.add(
            new Backup(
                String.valueOf(one.getFileName()),
                count(one.resolve(REGISTRY)),
                count(one.resolve(QUEUE))));
      }
    } catch (IOException | UncheckedIOException e) {
      throw cannot("", e);
    }
    all.sort(Comparator.comparing(Backup::id).reversed());
    return all;
  }

  /** Put the registry of a copy back; the caller holds the registry's turn. */
  void restoreRegistry(String id) {
    try {
      for (String name : List.of("deployments.json", "deployments.json.bak")) {
        Path kept = of(id).resolve(REGISTRY).resolve(name);
        if (Files.exists(kept)) {
          Path temporary = registryFolder.resolve("." + name + ".restore");
          Files.copy(kept, temporary, StandardCopyOption.REPLACE_EXISTING);
          Files.move(
              temporary,
              registryFolder.resolve(name),
              StandardCopyOption.ATOMIC_MOVE,
              StandardCopyOption.REPLACE_EXISTING);
        }
      }
    } catch (IOException e) {
      throw cannot(id, e);
    }
  }

  /** Put the messages of a copy back; those that are there stay. Returns how many came back. */
  int restoreQueue(String id) {
    Path kept = of(id).resolve(QUEUE);
    if (!Files.isDirectory(kept)) {
      return 0;
    }
    int restored = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(kept)) {
      Files.createDirectories(queueFolder);
      for (Path file : files) {
        Path back = queueFolder.resolve(String.valueOf(file.getFileName()));
        if (!Files.exists(back)) {
          Files.copy(file, back, StandardCopyOption.COPY_ATTRIBUTES);
          restored++;
        }
      }
    } catch (IOException e) {
      throw cannot(id, e);
    }
    return restored;
  }

  private static void copy(Path from, Path to) throws IOException {
    if (!Files.exists(from, LinkOption.NOFOLLOW_LINKS)
        || Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(from)) {
      // First under another name: a copy that a kill cut short must not pass for a whole one.
      Path part = to.resolveSibling("." + to.getFileName() + ".part");
      try {
        Files.copy(
            from, part, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
      } catch (NoSuchFileException e) {
        // A message that was sent meanwhile needs no copy.
        return;
      }
      return;
    }
    Files.createDirectories(to);
    try (DirectoryStream<Path> inner = Files.newDirectoryStream(from)) {
      for (Path one : inner) {
        copy(one, to.resolve(one.getFileName()));
      }
    }
  }

  private static int count(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return 0;
    }
    try (Stream<Path> all = Files.walk(path)) {
      return (int) all.filter(Files::isRegularFile).count();
    }
  }

  private Failure cannot(String id, Exception e) {
    Throwable inner = e.getCause();
    IOException cause =
        inner instanceof IOException io
            ? io
            : e instanceof IOException own ? own : new IOException(e);
    return new Failure(
        Failure.FailureKind.FAILED,
        "The backup " + folder.resolve(id) + " cannot be used: " + FileErrors.reason(cause),
        "Check the space and the permissions",
        e);
  }
}
