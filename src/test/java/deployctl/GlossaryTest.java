package deployctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The glossary speaks of what there is, in the alphabet's order. */
class GlossaryTest {
  private static final Path ROOT = Path.of(System.getProperty("deployctl.root", "."));
  private static final Pattern TYPE = Pattern.compile("`([A-Z][a-z]\\w+)");
  private static final Pattern DECLARED =
      Pattern.compile("\\b(?:class|record|interface|enum) ([A-Z]\\w+)");

  private static List<String[]> rows() throws IOException {
    List<String[]> rows = new ArrayList<>();
    for (String line : Files.readAllLines(ROOT.resolve("docs/glossary.md"))) {
      if (line.startsWith("| ") && !line.startsWith("| word")) {
        rows.add(line.substring(2).split(" \\| ?", -1));
      }
    }
    return rows;
  }

  private static Set<String> declared() throws IOException {
    Set<String> declared = new TreeSet<>();
    try (Stream<Path> files = Files.walk(ROOT.resolve("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        Matcher matcher = DECLARED.matcher(Files.readString(file));
        while (matcher.find()) {
          declared.add(matcher.group(1));
        }
      }
    }
    return declared;
  }

  @Test
  void everyNameInItIsInTheCode() throws IOException {
    Set<String> named = new TreeSet<>();
    for (String[] row : rows()) {
      Matcher matcher = TYPE.matcher(row[2]);
      while (matcher.find()) {
        named.add(matcher.group(1));
      }
    }
    assertTrue(named.size() > 30, named.toString());
    named.removeAll(declared());
    assertEquals(Set.of(), named);
  }

  @Test
  void itIsInOrder() throws IOException {
    List<String> words = rows().stream().map(row -> row[0]).toList();
    assertEquals(words.stream().sorted().toList(), words);
  }
}
