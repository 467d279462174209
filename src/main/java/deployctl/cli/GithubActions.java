package deployctl.cli;

import deployctl.support.env.Env;
import deployctl.support.file.FileErrors;
import deployctl.support.file.RegularFile;
import deployctl.support.text.Cleaning;
import deployctl.support.text.Masking;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells the GitHub Actions job what a command found, where the job asks for it.
 *
 * <p>Files and formats: GitHub's "Workflow commands for GitHub Actions". A failure here is a
 * warning, never the command's.
 */
public final class GithubActions {
  private final Env env;
  private final Console console;

  /** Make a reporter that reads the job's variables from {@code env}. */
  public GithubActions(Env env, Console console) {
    this.env = env;
    this.console = console;
  }

  /**
   * Set step outputs through {@code GITHUB_OUTPUT}; null values are left out, line ends become
   * spaces.
   */
  public void outputs(Map<String, @Nullable String> values) {
    StringBuilder lines = new StringBuilder();
    values.forEach(
        (name, value) -> {
          if (value != null) {
            lines
                .append(name)
                .append('=')
                .append(Console.plain(value).replace('\n', ' '))
                .append('\n');
          }
        });
    append("GITHUB_OUTPUT", lines.toString());
  }

  /**
   * Return the page of a workflow run.
   *
   * @param run the run's id, or null for none
   * @return the address, or null without a run or outside a repository's job
   */
  public static @Nullable String runUrl(Env env, @Nullable String run) {
    String repository = env.get("GITHUB_REPOSITORY");
    if (run == null || repository == null) {
      return null;
    }
    return env.get("GITHUB_SERVER_URL", "https://github.com")
        + "/"
        + repository
        + "/actions/runs/"
        + run;
  }

  /** Return the line that makes a job show an annotation. */
  public static String annotation(String level, String title, String text) {
    return "::" + level + " title=" + property(harmless(title)) + "::" + data(harmless(text));
  }

  /** Masked as it came: cleaned or escaped, a secret might not be known for one any more. */
  private static String harmless(String text) {
    return Cleaning.text(Masking.secrets(text));
  }

  /**
   * Show an annotation in the job, where this is one; on stderr, for stdout is the command's.
   *
   * @param level {@code notice}, {@code warning} or {@code error}
   */
  public void annotate(String level, String title, String text) {
    if ("true".equals(env.get("GITHUB_ACTIONS"))) {
      console.talkCommand(annotation(level, title, text));
    }
  }

  private static String data(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }

  /** Add Markdown to the job's page through {@code GITHUB_STEP_SUMMARY}. */
  public void summary(String markdown) {
    append("GITHUB_STEP_SUMMARY", markdown + "\n");
  }

  private void append(String variable, String text) {
    String file = env.get(variable);
    if (file == null) {
      return;
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(harmless(text).getBytes(StandardCharsets.UTF_8));
      try (FileChannel channel = RegularFile.openOwn(Path.of(file), StandardOpenOption.APPEND)) {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
    } catch (IOException | java.nio.file.InvalidPathException e) {
      String reason = e instanceof IOException io ? FileErrors.reason(io) : "not a path";
      console.warn("Cannot write " + variable + " (" + file + "): " + reason);
    }
  }
}
