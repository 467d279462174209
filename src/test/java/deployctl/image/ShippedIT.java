package deployctl.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.support.json.Json;
import deployctl.support.json.JsonObject;
import deployctl.testing.CliRun;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the archive holds: nothing stray, the same each time, with what is owed to others. */
class ShippedIT {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)]+)\\)");

  @TempDir static Path shared;
  private static InstalledImage image;
  private static Path home;
  private static List<JsonObject> components;

  @BeforeAll
  static void unpack() throws Exception {
    image = InstalledImage.unpack(shared);
    home = image.home();
    components =
        Json.parseObject(Files.readAllBytes(home.resolve("share/sbom.json")))
            .list("components")
            .stream()
            .map(JsonObject.class::cast)
            .toList();
  }

  private static String id(JsonObject component) {
    return component.string("group") + ":" + component.string("name");
  }

  @Test
  void everyComponentHasItsLicenceAndTheText() throws Exception {
    Path share = home.resolve("share");
    List<String> rows =
        Files.readAllLines(share.resolve("THIRD-PARTY.md")).stream()
            .filter(line -> line.startsWith("| ") && !line.startsWith("| Component"))
            .toList();
    assertEquals(components.size(), rows.size());
    assertTrue(rows.size() > 40, rows.size() + " components");
    Set<String> linked = new TreeSet<>();
    for (JsonObject component : components) {
      String begin = "| " + id(component) + " | " + component.string("version") + " | ";
      String row = rows.stream().filter(r -> r.startsWith(begin)).findFirst().orElse("");
      assertFalse(row.isEmpty(), begin);
      List<String> texts = LINK.matcher(row).results().map(m -> m.group(1)).toList();
      assertFalse(texts.isEmpty(), row);
      for (String text : texts) {
        assertTrue(Files.size(share.resolve(text)) > 300, text);
        linked.add(text.substring("licenses/".length()));
      }
    }
    try (Stream<Path> texts = Files.list(share.resolve("licenses"))) {
      assertEquals(
          linked,
          texts
              .map(p -> p.getFileName().toString())
              .collect(Collectors.toCollection(TreeSet::new)));
    }
    assertTrue(Files.exists(home.resolve("runtime/legal/java.base/LICENSE")));
  }

  @Test
  void nothingShippedHasAKnownAdvisory() throws Exception {
    Advisories advisories = Advisories.read();
    List<String> open =
        components.stream()
            .flatMap(c -> advisories.of(id(c), c.string("version")).stream())
            .toList();
    assertEquals(List.of(), open, "as of " + advisories.date());
  }

  @Test
  void everyFileIsWantedReadableAndOfOneTime() throws Exception {
    FileTime time = Files.getLastModifiedTime(home.resolve("lib/deployctl.jar"));
    try (Stream<Path> all = Files.walk(home)) {
      for (Path path : all.toList()) {
        String name = home.relativize(path).toString();
        if (Files.isSymbolicLink(path)) {
          assertTrue(Files.exists(path), name + " leads nowhere");
          continue;
        }
        assertEquals(time, Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS), name);
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        assertTrue(
            Files.isDirectory(path)
                ? mode.equals("rwxr-xr-x")
                : mode.matches("r[w-]xr-xr-x|r[w-]-r--r--"),
            name + " " + mode);
        assertFalse(name.matches(".*(~|\\.(bak|orig|rej|tmp|swp|class|log))|(.*/)?\\.[^/]*"), name);
      }
    }
    try (Stream<Path> top = Files.list(home)) {
      assertEquals(
          Set.of(
              "CHANGELOG.md",
              "COMMIT",
              "CONTRIBUTING.md",
              "LICENSE",
              "README.md",
              "SECURITY.md",
              "bin",
              "docs",
              "lib",
              "runtime",
              "share"),
          top.map(p -> p.getFileName().toString()).collect(Collectors.toSet()));
    }
  }

  @Test
  void theJarsEntriesAreInOrderAndOfOneTime() throws Exception {
    try (ZipFile jar = new ZipFile(home.resolve("lib/deployctl.jar").toFile())) {
      List<? extends ZipEntry> entries = jar.stream().toList();
      assertEquals(1, entries.stream().map(ZipEntry::getTimeLocal).distinct().count());
      List<String> names = entries.stream().map(ZipEntry::getName).toList();
      assertEquals(names.stream().sorted().toList(), names);
    }
  }

  /** Where this fails, libraries or many classes have changed: renew the list with rehearse.sh. */
  @ParameterizedTest
  @CsvSource({
    "coordinator get-active, 1",
    "coordinator can-deploy production, 5",
    "notify custom hello, 0"
  })
  void theArchiveHasWhatACommandLoads(String command, int code, @TempDir Path folder)
      throws Exception {
    Path log = folder.resolve("loaded");
    Map<String, String> env =
        new LinkedHashMap<>(InstalledImage.env(folder.resolve("registry"), "http://127.0.0.1:1"));
    env.put("SLACK_BOT_TOKEN", "xoxb-test");
    env.put("SLACK_API_URL", "http://127.0.0.1:1/");
    env.put("DEPLOYCTL_JAVA_OPTS", "-Xlog:class+load:file=" + log);
    CliRun run = image.run(env, folder, command.split(" ", -1));
    assertEquals(code, run.exit(), run.toString());
    List<String> loaded = Files.readAllLines(log);
    List<String> missing = loaded.stream().filter(l -> !l.contains("shared objects")).toList();
    assertTrue(loaded.size() > 1000, loaded.size() + " classes");
    assertTrue(missing.size() * 33 < loaded.size(), () -> String.join("\n", missing));
  }

  /** An interval of versions as Maven writes it, the upper end not in it. */
  @Test
  void versionsAreComparedByTheirNumbers() {
    assertEquals(
        List.of("X-1"), new Advisories("", List.of("a:b X-1 [0,1.5.38)")).of("a:b", "1.5.9"));
    assertEquals(List.of(), new Advisories("", List.of("a:b X-1 [0,1.5.38)")).of("a:b", "1.5.38"));
    assertEquals(
        List.of("X-1"),
        new Advisories("", List.of("a:b X-1 [1.0,1.2) [2.0.0,2.1)")).of("a:b", "2.0.17"));
    assertEquals(
        List.of(), new Advisories("", List.of("a:b X-1 [1.0,1.2) [2.0.0,2.1)")).of("a:b", "1.2"));
    assertEquals(List.of(), new Advisories("", List.of("a:b X-1 [0,9)")).of("a:c", "1"));
  }

  /** The advisories that the repository knows of. */
  private record Advisories(String date, List<String> lines) {
    private static final Pattern INTERVAL = Pattern.compile("\\[([0-9.]+),([0-9.]+)\\)");

    static Advisories read() throws Exception {
      List<String> lines =
          Files.readAllLines(
              Path.of(System.getProperty("deployctl.root", "."), "src/build/advisories.txt"));
      String date = lines.stream().filter(l -> l.startsWith("as of ")).findFirst().orElseThrow();
      return new Advisories(
          date.substring("as of ".length()), lines.stream().filter(l -> l.contains("[")).toList());
    }

    List<String> of(String id, String version) {
      return lines.stream()
          .filter(line -> line.startsWith(id + " "))
          .filter(line -> INTERVAL.matcher(line).results().anyMatch(i -> holds(i, version)))
          .map(line -> line.split(" ", -1)[1])
          .toList();
    }

    private static boolean holds(MatchResult interval, String version) {
      return compare(interval.group(1), version) <= 0 && compare(version, interval.group(2)) < 0;
    }

    private static int compare(String one, String two) {
      int[] a = numbers(one);
      int[] b = numbers(two);
      for (int i = 0; i < Math.max(a.length, b.length); i++) {
        int order = Integer.compare(i < a.length ? a[i] : 0, i < b.length ? b[i] : 0);
        if (order != 0) {
          return order;
        }
      }
      return 0;
    }

    private static int[] numbers(String version) {
      return Stream.of(version.split("[.-]"))
          .filter(part -> part.matches("\\d+"))
          .mapToInt(Integer::parseInt)
          .toArray();
    }
  }
}
