package deployctl.support.file;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Who may read and write what is made in a folder: as its owner has set the folder, whatever the
 * umask allows. A folder that a group may write to is that group's to work in, and what is made in
 * it is, too.
 */
public final class FolderAccess {
  private static final String OWNER = "rw-------";
  private static final String READ_BY_GROUP = "rw-r-----";
  private static final String WRITTEN_BY_GROUP = "rw-rw----";
  private static final String FOLDER = "rwxr-xr-x";
  private static final int FOLDER_OF_GROUP = 0775;
  private static final int MODE_BITS = 07777;

  private FolderAccess() {}

  /**
   * Make a folder and those above it that are missing: all may look, none but the owner may write
   * (755, or less where the umask says so), and the group where it may write in the folder above.
   */
  public static void makeFolder(Path folder) throws IOException {
    Path wanted = folder.toAbsolutePath();
    if (Files.isDirectory(wanted)) {
      return;
    }
    Path above = wanted.getParent();
    if (above == null || !isPosix(wanted)) {
      Files.createDirectories(wanted);
      return;
    }
    makeFolder(above);
    try {
      Files.createDirectory(wanted, permissions(FOLDER));
      if (has(above, PosixFilePermission.GROUP_WRITE)) {
        // With the bit that makes what is in it the group's, which the folder above has handed on.
        int mode = Files.getAttribute(wanted, "unix:mode") instanceof Integer m ? m : 0;
        Files.setAttribute(wanted, "unix:mode", mode & MODE_BITS | FOLDER_OF_GROUP);
      }
    } catch (FileAlreadyExistsException e) {
      // Another process was first, or something else is in the way.
      if (!Files.isDirectory(wanted)) {
        throw e;
      }
    }
  }

  /**
   * Return the permissions of a file that is more than its owner's only where the folder says so.
   */
  static String ofFile(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !isPosix(file)) {
      return OWNER;
    }
    if (has(folder, PosixFilePermission.GROUP_WRITE)) {
      return WRITTEN_BY_GROUP;
    }
    boolean groups =
        has(folder, PosixFilePermission.GROUP_READ)
            && !has(folder, PosixFilePermission.OTHERS_READ)
            && !has(folder, PosixFilePermission.OTHERS_EXECUTE);
    return groups ? READ_BY_GROUP : OWNER;
  }

  /** Return what makes a new file so; the umask may take the group's part off. */
  static FileAttribute<?>[] ofNewFile(Path file) {
    return isPosix(file)
        ? new FileAttribute<?>[] {permissions(ofFile(file))}
        : new FileAttribute<?>[0];
  }

  /** Give a file that was just made the group's part that the umask took off. */
  static void despiteUmask(Path file) throws IOException {
    String wanted = ofFile(file);
    if (isPosix(file) && !wanted.equals(OWNER)) {
      try {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(wanted));
      } catch (FileSystemException e) {
        // Another user made it at the same moment, with the same in mind.
        return;
      }
    }
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static FileAttribute<Set<PosixFilePermission>> permissions(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }

  private static boolean has(Path folder, PosixFilePermission right) {
    try {
      return Files.getPosixFilePermissions(folder).contains(right);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
