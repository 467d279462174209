package deployctl.support.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whose a file is. Its owner can change it, and whatever a link or folder of his leads to. */
public final class FileOwner {
  private FileOwner() {}

  /**
   * Return who owns a file or folder when that is neither this user nor root; a link's own owner,
   * not that of what it leads to.
   *
   * @return the name, or the number where it has none; empty as well where owners cannot be told
   */
  public static Optional<String> stranger(Path path) {
    Integer user = uid(Path.of("/proc/self"));
    Integer owner = uid(path, LinkOption.NOFOLLOW_LINKS);
    if (user == null || owner == null || owner == 0 || user.equals(owner)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName());
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.of(String.valueOf(owner));
    }
  }

  /**
   * Return who owns a folder, or what a link in its place leads to, when that is neither this user
   * nor root.
   */
  public static Optional<String> strangerOfFolder(Path folder) {
    try {
      return stranger(folder).or(() -> stranger(real(folder)));
    } catch (UncheckedIOException e) {
      return Optional.empty();
    }
  }

  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable Integer uid(Path path, LinkOption... how) {
    try {
      return Files.getAttribute(path, "unix:uid", how) instanceof Integer id ? id : null;
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return null;
    }
  }
}
