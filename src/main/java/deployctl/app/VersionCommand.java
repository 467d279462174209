package deployctl.app;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.support.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import picocli.CommandLine.Model.CommandSpec;

/** {@code version}: what is running. */
final class VersionCommand implements Command {
  private static final String UNKNOWN = "unknown";

  private final Console console;

  VersionCommand(Console console) {
    this.console = console;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.examples(spec, "deployctl version", "deployctl version -o json | jq -r .version");
  }

  @Override
  public ExitCode run() {
    String version = version();
    String commit = commit();
    String java = System.getProperty("java.version", UNKNOWN);
    console.result(
        new JsonObject().put("version", version).put("commit", commit).put("java", java),
        () -> "deployctl " + version + " (commit " + commit + ", Java " + java + ")");
    return ExitCode.OK;
  }

  private static String version() {
    Properties properties = new Properties();
    try (InputStream stream =
        VersionCommand.class.getResourceAsStream("/deployctl/version.properties")) {
      if (stream != null) {
        properties.load(stream);
      }
    } catch (IOException e) {
      return UNKNOWN;
    }
    return properties.getProperty("version", UNKNOWN);
  }

  /**
   * The commit is in a file of the image, not in the jar: the jar's bytes depend on the sources
   * alone.
   */
  private static String commit() {
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
