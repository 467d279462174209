package deployctl.state.file;

import deployctl.support.file.FileOwner;
import deployctl.support.file.FolderAccess;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** Makes the folders that a file of a store needs, each with the permissions of the rules. */
final class FolderMaker {
  private static final String OWNERS_FOLDER = "rwx------";
  private static final String OWNERS_FILE = "rw-------";

  private final Path folder;
  private final FolderRules rules;

  /** Make one for a store's folder, which need not exist. */
  FolderMaker(Path folder, FolderRules rules) {
    this.folder = folder;
    this.rules = rules;
  }

  /** Return where what is not finished is written. */
  Path temporaries() {
    return folder.resolve(".state").resolve("tmp");
  }

  /**
   * Make the folders of a file.
   *
   * @throws IOException also when what is the owner's alone would lie in another's folder: what he
   *     may not read he could move away, and put his own in its place
   */
  void prepare(Path file) throws IOException {
    String name =
        folder
            .toAbsolutePath()
            .normalize()
            .relativize(file.toAbsolutePath().normalize())
            .toString();
    if (rules.ownersAlone(name)) {
      Optional<String> stranger = FileOwner.strangerOfFolder(folder);
      if (stranger.isPresent()) {
        throw new FileSystemException(
            folder.toString(),
            null,
            "the folder is user "
                + stranger.get()
                + "'s; run it as that one, or have it handed over");
      }
    }
    if (rules.ownersAlone()) {
      make(temporaries());
      ownersAlone(folder, OWNERS_FOLDER);
    }
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      make(parent);
    }
  }

  /** Give a file that was just made the permissions of the rules. */
  void made(Path file) {
    if (rules.ownersAlone()) {
      ownersAlone(file, OWNERS_FILE);
    }
  }

  private void make(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return;
    }
    // The folders above are the user's: they get the usual permissions.
    Path above = folder.toAbsolutePath().getParent();
    if (above != null) {
      FolderAccess.makeFolder(above);
    }
    Path root = folder.toAbsolutePath().normalize();
    if (!rules.ownersAlone()) {
      FolderAccess.makeFolder(root);
    }
    String name = root.relativize(path.toAbsolutePath().normalize()) + "/";
    if (rules.ownersAlone(name)
        && path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(
          path,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNERS_FOLDER)));
    } else {
      FolderAccess.makeFolder(path);
    }
  }

  /** Give a file or folder permissions for the owner alone, where they can be given. */
  private static void ownersAlone(Path path, String permissions) {
    try {
      Set<PosixFilePermission> wanted = PosixFilePermissions.fromString(permissions);
      if (!Files.getPosixFilePermissions(path).equals(wanted)) {
        Files.setPosixFilePermissions(path, wanted);
      }
    } catch (IOException | UnsupportedOperationException e) {
      // Another owner's folder: what is in it is the owner's alone all the same.
      return;
    }
  }
}
