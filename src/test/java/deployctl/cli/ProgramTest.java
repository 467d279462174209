package deployctl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.testing.CliRun;
import deployctl.testing.InProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What all commands have in common, and that the documentation says the same. */
class ProgramTest {
  private static final Path ROOT = Path.of(System.getProperty("deployctl.root", "."));
  @TempDir Path folder;

  private CliRun run(String... args) {
    return new InProcess(folder).run(args);
  }

  private static String page(String name) {
    try {
      return Files.readString(ROOT.resolve("docs").resolve(name));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyCommandHasHelpWithExamples() {
    List<String> names = commandNames();
    assertTrue(names.size() >= 12, names.toString());
    for (String name : names) {
      CliRun help = run("coordinator", name, "--help");
      assertEquals(0, help.exit());
      assertTrue(help.out().startsWith("Usage: deployctl coordinator " + name), help.out());
      assertTrue(help.out().contains("Examples:"), help.out());
      assertTrue(help.out().contains("Global options"), help.out());
      assertEquals(help.out(), run("help", "coordinator", name).out());
    }
  }

  private List<String> commandNames() {
    String help = run("coordinator", "--help").out();
    return Pattern.compile("^  ([a-z-]+)(?:, [a-z_]+)? {2,}", Pattern.MULTILINE)
        .matcher(help.substring(help.indexOf("Commands:")))
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  @Test
  void exitCodesAreTheSameInTheHelpTheDocumentationAndTheCode() {
    String help = run("--help").out();
    String page = page("exit-codes.md");
    for (ExitCode code : ExitCode.values()) {
      assertTrue(
          Pattern.compile(
                  "^ +" + code.code() + "  " + Pattern.quote(code.meaning()) + "$",
                  Pattern.MULTILINE)
              .matcher(help)
              .find(),
          help);
      assertTrue(
          page.contains("| " + code.code() + " | " + code.meaning() + " |"), code.toString());
    }
    long rows = page.lines().filter(line -> line.matches("\\| \\d+ \\|.*")).count();
    assertEquals(ExitCode.values().length, rows);
  }

  @Test
  void everySettingIsDocumentedAndNothingElse() {
    String page = page("configuration.md");
    TreeSet<String> documented = new TreeSet<>();
    Pattern.compile("^\\| `([a-z_.]+)` \\| ([^|]*) \\| ([^|]*) \\|", Pattern.MULTILINE)
        .matcher(page)
        .results()
        .forEach(
            match -> documented.add(match.group(1) + " " + match.group(2) + " " + match.group(3)));
    TreeSet<String> known = new TreeSet<>();
    ProgramSettings.inFile()
        .forEach(s -> known.add(s.key() + " " + code(s.variable()) + " " + code(s.fallback())));
    assertEquals(known, documented);
  }

  private static String code(String text) {
    return text == null ? "-" : "`" + text + "`";
  }

  @Test
  void theExampleConfigurationIsValid() {
    CliRun run =
        run(
            "coordinator",
            "list",
            "--config",
            ROOT.resolve("src/main/dist/deployctl.example.yml").toString());
    assertEquals(0, run.exit(), run.toString());
  }

  @Test
  void theExampleRegistryIsValid() {
    CliRun run =
        run(
            "coordinator",
            "list",
            "--all",
            "--registry-dir",
            ROOT.resolve(".deployment-registry.example").toString());
    assertEquals(0, run.exit(), run.toString());
    assertEquals("", run.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "coordinator"})
  void aCommandIsMissing(String words) {
    CliRun run =
        run(Arrays.stream(words.split(" ", -1)).filter(w -> !w.isEmpty()).toArray(String[]::new));
    assertEquals(64, run.exit());
    assertEquals("", run.out());
    assertTrue(run.err().startsWith("Usage: deployctl"), run.err());
    assertTrue(run.lastError().contains("needs a command"), run.err());
  }

  @Test
  void anUnknownCommandIsAnsweredWithTheLikelyOne() {
    CliRun run = run("coordinater", "list");
    assertEquals(64, run.exit());
    assertTrue(run.err().contains("did you mean 'coordinator'"), run.err());
    assertEquals(1, run.err().lines().count());
  }

  @Test
  void globalOptionsStandAnywhere() {
    String dir = folder.resolve("elsewhere").toString();
    assertEquals(0, run("--registry-dir", dir, "coordinator", "init").exit());
    for (String[] args :
        List.of(
            new String[] {"-o", "json", "coordinator", "list", "--registry-dir", dir},
            new String[] {"coordinator", "-o", "json", "--registry-dir=" + dir, "list"},
            new String[] {"coordinator", "list", "--output=json", "--registry-dir", dir})) {
      assertEquals("[]\n", run(args).out(), String.join(" ", args));
    }
  }

  @Test
  void theUsualSpellingsOfHelpAndVersionWork() {
    assertEquals(run("version").out(), run("--version").out());
    assertEquals(run("coordinator", "--help").out(), run("coordinator", "help").out());
    assertEquals(run("--help").out(), run("help").out());
  }

  @Test
  void aSuggestionIsMadeOnlyWhenItIsLikely() {
    assertTrue(run("coordinator", "releese", "x").err().contains("did you mean 'release'"));
    assertFalse(run("coordinator", "frobnicate").err().contains("did you mean"));
    assertFalse(run("coordinator", "place").err().contains("did you mean"));
    assertEquals(64, run("coordinator", "").exit());
  }

  @Test
  void anOptionWithAnEmptyValueIsAMistake() {
    CliRun run = run("coordinator", "init", "--registry-dir", "");
    assertEquals(64, run.exit(), run.toString());
    assertTrue(run.err().contains("empty"), run.toString());
  }

  @Test
  void versionTellsWhatRuns() {
    CliRun run = run("version", "-o", "json");
    assertEquals(0, run.exit());
    assertTrue(run.json().has("version") && run.json().has("commit"));
    assertEquals(System.getProperty("java.version"), run.json().string("java"));
  }

  @Test
  void completionKnowsEveryCommand() {
    for (String shell : List.of("bash", "zsh", "fish")) {
      CliRun run = run("completion", shell);
      assertEquals(0, run.exit());
      for (String name : commandNames()) {
        assertTrue(run.out().contains(name), shell + " lacks " + name);
      }
    }
    assertEquals(64, run("completion", "tcsh").exit());
  }

  @Test
  void stackTracesAreForThoseWhoAskForThem() {
    CliRun plain = run("coordinator", "release", "none");
    assertEquals(1, plain.exit());
    assertEquals(1, plain.err().lines().count(), plain.toString());
    CliRun verbose = run("coordinator", "release", "none", "-v");
    assertTrue(verbose.err().contains("\tat deployctl."), verbose.toString());
    assertFalse(plain.err().contains("deployctl.support.Failure"), plain.toString());
  }
}
