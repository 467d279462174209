package deployctl.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** Which version of the program this is. */
public final class Version {
  private static final String UNKNOWN = "unknown";

  private Version() {}

  /** Return the version, or "unknown". */
  public static String current() {
    Properties properties = new Properties();
    try (InputStream stream = Version.class.getResourceAsStream("/deployctl/version.properties")) {
      if (stream != null) {
        properties.load(stream);
      }
    } catch (IOException e) {
      return UNKNOWN;
    }
    return properties.getProperty("version", UNKNOWN);
  }

  /**
   * Return the commit that the image was built from, or "unknown". It is in a file of the image,
   * not in the jar: the jar's bytes depend on the sources alone.
   */
  public static String commit() {
    String home = System.getProperty("deployctl.home");
    if (home == null) {
      return UNKNOWN;
    }
    try {
      String commit = Files.readString(Path.of(home, "COMMIT")).trim();
      return commit.isEmpty() ? UNKNOWN : commit;
    } catch (IOException e) {
      return UNKNOWN;
    }
  }
}
