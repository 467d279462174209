package deployctl.support.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/** Puts file errors into words. */
public final class FileErrors {
  private FileErrors() {}

  /**
   * Return why a file operation failed, for instance "No space left on device", without the path.
   */
  public static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "a file is in the way";
    }
    if (e instanceof NotDirectoryException) {
      return "not a folder";
    }
    if (e instanceof FileSystemException fileSystem && fileSystem.getReason() != null) {
      return lower(fileSystem.getReason());
    }
    return lower(e.getMessage());
  }

  private static String lower(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return "input/output error";
    }
    String line = text.lines().findFirst().orElse(text).trim();
    return Character.toLowerCase(line.charAt(0)) + line.substring(1);
  }
}
