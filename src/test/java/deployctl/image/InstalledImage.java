package deployctl.image;

import deployctl.testing.CliRun;
import deployctl.testing.ScriptedAws;
import deployctl.testing.ScriptedSlack;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The image as a user has it: unpacked from its archive, run as a process. */
final class InstalledImage {
  private final Path home;

  private InstalledImage(Path home) {
    this.home = home;
  }

  /** Unpack the archive that the build made into a folder. */
  static InstalledImage unpack(Path into) throws Exception {
    String archive = System.getProperty("deployctl.image.archive");
    Files.createDirectories(into);
    Process tar =
        new ProcessBuilder("tar", "-xzf", archive, "-C", into.toString()).inheritIO().start();
    if (tar.waitFor() != 0) {
      throw new AssertionError("cannot unpack " + archive);
    }
    return new InstalledImage(into.resolve("deployctl"));
  }

  Path home() {
    return home;
  }

  Path launcher() {
    return home.resolve("bin/deployctl");
  }

  /** Return variables that a command needs for a registry folder and a local AWS. */
  static Map<String, String> env(Path registry, String awsUrl) {
    Map<String, String> env = new LinkedHashMap<>();
    env.put("PATH", "/usr/bin:/bin");
    env.put("REGISTRY_DIR", registry.toString());
    env.put("AWS_ACCESS_KEY_ID", "test");
    env.put("AWS_SECRET_ACCESS_KEY", "test");
    env.put("AWS_REGION", "us-east-1");
    env.put("AWS_ENDPOINT_URL", awsUrl);
    return env;
  }

  /**
   * Return variables for a folder that holds registry, queue and logs, with monitors that look
   * every second.
   */
  static Map<String, String> env(Path folder, ScriptedAws aws, ScriptedSlack slack) {
    Map<String, String> env = env(folder.resolve("registry"), aws.url());
    env.put("SLACK_RETRY_QUEUE_DIR", folder.resolve("queue").toString());
    env.put("SLACK_API_URL", slack.url());
    env.put("SLACK_BOT_TOKEN", "xoxb-test");
    env.put("CHECK_INTERVAL", "1");
    env.put("DEPLOYCTL_RECOVERY_INTERVAL", "1");
    env.put("HOME", folder.toString());
    return env;
  }

  /** End every process that was started with a folder in its arguments. */
  static void endAll(Path folder) {
    ProcessHandle.allProcesses()
        .filter(p -> p.info().commandLine().orElse("").contains(folder.toString()))
        .forEach(ProcessHandle::destroyForcibly);
  }

  Process start(Map<String, String> env, Path folder, String... args) throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher().toString()));
    command.addAll(List.of(args));
    return start(env, folder, command);
  }

  static Process start(Map<String, String> env, Path folder, List<String> command)
      throws IOException {
    // Whoever started the tests may have been given an ignored SIGINT, as under nohup; a shell's
    // child
    // inherits that, and could not be interrupted.
    List<String> signalled = new ArrayList<>(List.of("/usr/bin/env", "--default-signal=INT,QUIT"));
    signalled.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(signalled).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(env);
    builder.redirectOutput(Files.createTempFile("out", "").toFile());
    builder.redirectError(Files.createTempFile("err", "").toFile());
    Process process = builder.start();
    process.getOutputStream().close();
    OUTPUTS.put(
        process,
        List.of(builder.redirectOutput().file().toPath(), builder.redirectError().file().toPath()));
    return process;
  }

  private static final Map<Process, List<Path>> OUTPUTS =
      new java.util.concurrent.ConcurrentHashMap<>();

  CliRun run(Map<String, String> env, Path folder, String... args) throws Exception {
    return finish(start(env, folder, args));
  }

  static CliRun run(Map<String, String> env, Path folder, List<String> command) throws Exception {
    return finish(start(env, folder, command));
  }

  /** Wait for the end of a process and return what it gave. */
  static CliRun finish(Process process) throws Exception {
    if (!process.waitFor(180, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("did not end: " + process.info());
    }
    List<Path> files = OUTPUTS.remove(process);
    return new CliRun(process.exitValue(), takeText(files.get(0)), takeText(files.get(1)));
  }

  /** Return what a process has written to stdout so far. */
  static String outputSoFar(Process process) throws IOException {
    return Files.readString(OUTPUTS.get(process).get(0));
  }

  private static String takeText(Path file) throws IOException {
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    Files.delete(file);
    return text;
  }

  static void signal(Process process, String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }
}
