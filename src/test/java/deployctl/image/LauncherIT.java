package deployctl.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.support.json.JsonObject;
import deployctl.testing.CliRun;
import deployctl.testing.ScriptedAws;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in its odd situations. */
class LauncherIT {
  @TempDir static Path shared;
  private static InstalledImage image;
  private static ScriptedAws aws;
  @TempDir Path folder;

  @BeforeAll
  static void install() throws Exception {
    image = InstalledImage.unpack(shared.resolve("a path with spaces"));
    aws = ScriptedAws.stacks(Map.of("CourtCaseManagementStack", "UPDATE_COMPLETE"));
  }

  @AfterAll
  static void stop() {
    aws.close();
  }

  private Map<String, String> env() {
    return InstalledImage.env(folder.resolve("registry"), aws.url());
  }

  private CliRun run(Path launcher, String... args) throws Exception {
    return InstalledImage.run(
        env(), folder, Stream.concat(Stream.of(launcher.toString()), Stream.of(args)).toList());
  }

  @Test
  void runsInAPathWithSpacesFromAnyFolder() throws Exception {
    CliRun run = image.run(env(), folder, "coordinator", "can-deploy", "-o", "json");
    assertEquals(0, run.exit(), run.toString());
    assertEquals(true, run.json().get("can_deploy"));
    assertEquals("", run.err());
  }

  @Test
  void runsThroughLinksAbsoluteAndRelative() throws Exception {
    Path absolute = Files.createSymbolicLink(folder.resolve("absolute"), image.launcher());
    Path chain = Files.createSymbolicLink(folder.resolve("chain"), Path.of("absolute"));
    assertEquals(1, run(absolute, "coordinator", "get-active").exit());
    assertEquals(1, run(chain, "coordinator", "get-active").exit());
    Map<String, String> env = env();
    env.put("PATH", folder + ":/usr/bin:/bin");
    CliRun found =
        InstalledImage.run(env, shared, List.of("sh", "-c", "chain coordinator list -o json"));
    assertEquals("[]\n", found.out(), found.toString());
    CliRun here =
        InstalledImage.run(
            env(), image.launcher().getParent(), List.of("sh", "-c", "./deployctl version"));
    assertEquals(0, here.exit(), here.toString());
  }

  @Test
  void needsNoJavaAndNoHome() throws Exception {
    Map<String, String> env = env();
    env.put("PATH", "/nonexistent");
    env.remove("HOME");
    CliRun run = image.run(env, folder, "coordinator", "can-deploy");
    assertEquals(0, run.exit(), run.toString());
  }

  @Test
  void startsWithoutOrWithADamagedArchiveAndSaysNothingOfIt() throws Exception {
    InstalledImage other = InstalledImage.unpack(folder.resolve("other"));
    try (Stream<Path> files = Files.list(other.home().resolve("lib"))) {
      for (Path archive : files.filter(f -> f.toString().matches(".*\\.(aot|jsa)")).toList()) {
        Files.write(archive, new byte[] {1, 2, 3}, StandardOpenOption.TRUNCATE_EXISTING);
      }
    }
    CliRun damaged = other.run(env(), folder, "coordinator", "can-deploy", "-o", "json");
    assertEquals(0, damaged.exit(), damaged.toString());
    assertEquals(true, damaged.json().get("can_deploy"));
    assertEquals("", damaged.err());
    try (Stream<Path> files = Files.list(other.home().resolve("lib"))) {
      for (Path archive : files.filter(f -> f.toString().matches(".*\\.(aot|jsa)")).toList()) {
        Files.delete(archive);
      }
    }
    // That there is no registry would be said.
    assertEquals(0, other.run(env(), folder, "coordinator", "init").exit());
    CliRun missing = other.run(env(), folder, "coordinator", "get-active", "-o", "json");
    assertEquals("{}\n", missing.out(), missing.toString());
    assertEquals("", missing.err());
  }

  @Test
  void usesItsArchives() throws Exception {
    Map<String, String> env = env();
    env.put("DEPLOYCTL_JAVA_OPTS", "-Xlog:class+load:file=" + folder.resolve("loaded"));
    image.run(env, folder, "coordinator", "get-active");
    List<String> own =
        Files.readAllLines(folder.resolve("loaded")).stream()
            .filter(line -> line.contains(" deployctl."))
            .toList();
    assertTrue(own.size() > 10, own.toString());
    List<String> missing = own.stream().filter(l -> !l.contains("shared objects file")).toList();
    // The list of classes is renewed with releases: a new class comes from the jar until then.
    assertTrue(missing.size() * 20 < own.size(), () -> String.join("\n", missing));
  }

  @Test
  void localCommandsAndHelpLoadNeitherAwsNorLogging() throws Exception {
    for (String words :
        List.of("coordinator get-active", "coordinator can-deploy --help", "--help")) {
      Map<String, String> env = env();
      Path loaded = folder.resolve("loaded");
      env.put("DEPLOYCTL_JAVA_OPTS", "-Xlog:class+load:file=" + loaded);
      image.run(env, folder, words.split(" ", -1));
      String classes = Files.readString(loaded);
      assertFalse(classes.contains(" software.amazon."), words);
      assertFalse(classes.contains(" ch.qos."), words);
    }
  }

  /** What keeps the runtime from starting is no "no", and leaves nothing behind. */
  @Test
  void withoutAFolderOrRoomItSaysSoAndThatNothingIsKnown() throws Exception {
    Path gone = folder.resolve("gone");
    Files.createDirectories(gone);
    String program = image.launcher().toString();
    String inGone =
        "cd '"
            + gone
            + "' && rmdir '"
            + gone
            + "' && exec '"
            + program
            + "' coordinator get-active";
    String inLittle =
        "cd '" + folder + "' && ulimit -v 1000000 && exec '" + program + "' coordinator get-active";
    for (String script : List.of(inGone, inLittle)) {
      Process process = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(5, process.waitFor(), said);
      assertTrue(said.contains("deployctl: The "), said);
      assertFalse(said.contains("hs_err"), said);
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertTrue(left.noneMatch(path -> path.toString().contains("hs_err")));
    }
  }

  @Test
  void tellsItsVersionAndCommit() throws Exception {
    JsonObject version = image.run(env(), folder, "version", "-o", "json").json();
    assertEquals(System.getProperty("deployctl.version"), version.string("version"));
    assertFalse(String.valueOf(version.string("commit")).isEmpty());
  }

  @Test
  void aReaderThatLeavesIsNoFailureAndAFullDiskIs() throws Exception {
    String launcher = "'" + image.launcher() + "'";
    CliRun closed =
        InstalledImage.run(
            env(),
            folder,
            List.of("bash", "-c", launcher + " --help | head -n 1; exit ${PIPESTATUS[0]}"));
    assertEquals(0, closed.exit(), closed.toString());
    assertEquals("", closed.err());
    CliRun full =
        InstalledImage.run(env(), folder, List.of("bash", "-c", launcher + " --help > /dev/full"));
    assertEquals(1, full.exit(), full.toString());
    assertEquals(1, full.err().lines().count(), full.toString());
  }

  @Test
  void aRegistryThatCannotBeWrittenStaysAsItIs() throws Exception {
    image.run(env(), folder, "coordinator", "register", "a", "1", "production");
    Path file = folder.resolve("registry/deployments.json");
    String before = Files.readString(file);
    // A limit on file sizes: the write is cut short as on a full disk.
    String big = "x".repeat(100);
    StringBuilder entries = new StringBuilder(before.substring(0, before.lastIndexOf("\n],")));
    for (int i = 0; i < 100; i++) {
      entries.append(
          ",\n{\"correlation_id\":\"e"
              + i
              + "\",\"environment\":\"e\",\"status\":\"FAILED\",\"x\":\""
              + big
              + "\"}");
    }
    Files.writeString(file, entries + "\n]}");
    String content = Files.readString(file);
    CliRun run =
        InstalledImage.run(
            env(),
            folder,
            List.of(
                "bash",
                "-c",
                "ulimit -f 8; exec '" + image.launcher() + "' coordinator release a"));
    assertEquals(1, run.exit(), run.toString());
    assertTrue(run.lastError().contains(file.toString()), run.toString());
    assertEquals(content, Files.readString(file));
    assertEquals(0, image.run(env(), folder, "coordinator", "release", "a").exit());
  }

  @Test
  void completionScriptsAreValidShell() throws Exception {
    Path script = image.home().resolve("share/completions/deployctl.bash");
    CliRun check = InstalledImage.run(env(), folder, List.of("bash", "-n", script.toString()));
    assertEquals(0, check.exit(), check.toString());
    assertTrue(Files.readString(script).contains("can-deploy"));
  }

  @Test
  void theImageIsSmallEnough() throws Exception {
    long bytes;
    try (Stream<Path> files = Files.walk(image.home())) {
      bytes = files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum();
    }
    assertTrue(bytes < 180_000_000, bytes + " bytes");
    assertTrue(Files.size(Path.of(System.getProperty("deployctl.image.archive"))) < 90_000_000);
  }
}
