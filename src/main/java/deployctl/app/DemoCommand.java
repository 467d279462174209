package deployctl.app;

import deployctl.cli.Args;
import deployctl.cli.Command;
import deployctl.cli.Console;
import deployctl.cli.ExitCode;
import deployctl.support.Failure;
import deployctl.support.env.Env;
import deployctl.support.file.FileErrors;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code demo}: three scenes from recordings that come with the program. */
final class DemoCommand implements Command {
  private static final String RESOURCES = "/deployctl/demo/";
  private static final Instant DEPLOYMENT_BEGINS = Instant.parse("2026-01-31T12:00:02Z");
  private static final int USUAL_SPEED = 90;

  private final Console console;
  private final Platform platform;
  private @Nullable String speed;

  DemoCommand(Console console, Platform platform) {
    this.console = console;
    this.platform = platform;
  }

  @Override
  public void declare(CommandSpec spec) {
    Args.option(
        spec,
        "--speed",
        "<factor>",
        "How fast the deployment is played. Default: " + USUAL_SPEED + ".",
        v -> speed = v);
    Args.examples(
        spec, "deployctl demo", "", "It needs no network and no account, and leaves nothing.");
  }

  @Override
  public ExitCode run() {
    int factor = factor();
    if (console.json()) {
      throw Failure.usage("The demo is for people to look at", "Leave -o json out");
    }
    Path folder = folder();
    try {
      unpack(folder);
      scene("1. A deployment waits, and nothing happens");
      play(folder, "diagnose", "stuck-queue", "--replay", recording(folder, "queue"));
      scene("The remediation is safe, so the tool can carry it out");
      play(
          folder,
          "diagnose",
          "stuck-queue",
          "--fix",
          "--yes",
          "--replay",
          recording(folder, "queue"));
      scene("2. Tasks do not start: what is the cause?");
      play(folder, "diagnose", "ecs", "--replay", recording(folder, "ecs"));
      scene("3. A deployment of 18 minutes, " + factor + " times as fast");
      new Application(
              sandbox(folder),
              wiring ->
                  wiring.play(Path.of(recording(folder, "deployment")), DEPLOYMENT_BEGINS, factor))
          .run("monitor", "run", "20260131-120000-0000demo", "CourtCaseManagementStack");
      scene("That was all. Next: deployctl coordinator can-deploy, deployctl diagnose all");
      return ExitCode.OK;
    } catch (IOException e) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          "The demo cannot be unpacked into " + folder + ": " + FileErrors.reason(e),
          "Free some space, or set TMPDIR",
          e);
    } finally {
      remove(folder);
    }
  }

  private int factor() {
    if (speed == null) {
      return USUAL_SPEED;
    }
    if (!speed.matches("[1-9]\\d{0,4}")) {
      throw Failure.usage("'" + speed + "' is not a speed", "Write it like 90");
    }
    return Integer.parseInt(speed);
  }

  private Path folder() {
    try {
      return Files.createTempDirectory(
          Path.of(platform.env().get("TMPDIR", System.getProperty("java.io.tmpdir"))),
          "deployctl-demo");
    } catch (IOException e) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          "The demo has no place for its files: " + FileErrors.reason(e),
          "Set TMPDIR to a folder that can be written",
          e);
    }
  }

  private static String recording(Path folder, String name) {
    return folder.resolve(name).toString();
  }

  private void scene(String title) {
    console.print("\n" + console.paint("bold", "== " + title));
  }

  private void play(Path folder, String... argv) {
    StringBuilder shown = new StringBuilder("$ deployctl");
    for (String word : argv) {
      if (word.equals("--replay")) {
        break;
      }
      shown.append(' ').append(word);
    }
    console.print(shown + "\n");
    new Application(sandbox(folder)).run(argv);
  }

  /** The same terminal, and nothing else of this machine's settings. */
  private Platform sandbox(Path folder) {
    Map<String, String> variables = new HashMap<>();
    variables.put("REGISTRY_DIR", folder.resolve("registry").toString());
    variables.put("SLACK_RETRY_QUEUE_DIR", folder.resolve("queue").toString());
    variables.put("DEPLOYCTL_CONFIG", folder.resolve("deployctl.yml").toString());
    variables.put("AWS_REGION", "us-east-1");
    variables.put("USER", "you");
    variables.put("CHECK_INTERVAL", "20");
    for (String kept : List.of("TERM", "NO_COLOR", "COLUMNS")) {
      String value = platform.env().get(kept);
      if (value != null) {
        variables.put(kept, value);
      }
    }
    return new Platform(
        platform.processes(),
        InputStream.nullInputStream(),
        platform.out(),
        platform.err(),
        platform.terminal(),
        Env.of(variables),
        platform.time(),
        platform.random(),
        platform.shutdown());
  }

  private static void unpack(Path folder) throws IOException {
    String list;
    try (InputStream in = DemoCommand.class.getResourceAsStream(RESOURCES + "files.txt")) {
      if (in == null) {
        throw new IOException("the recordings are missing");
      }
      list = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    for (String name : list.lines().filter(line -> !line.isBlank()).toList()) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      try (InputStream in = DemoCommand.class.getResourceAsStream(RESOURCES + name)) {
        if (in == null) {
          throw new IOException(name + " is missing");
        }
        Files.write(file, in.readAllBytes());
      }
    }
    Files.writeString(
        folder.resolve("deployctl.yml"),
        "monitor:\n  log_file: " + folder.resolve("monitor.log") + "\n");
  }

  private static void remove(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      // It lies in the folder for temporary files, which is cleared by others.
      return;
    }
  }
}
