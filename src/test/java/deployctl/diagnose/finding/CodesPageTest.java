package deployctl.diagnose.finding;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code docs/codes.md} is made from the code; {@code -Ddeployctl.write=codes} writes it anew. */
class CodesPageTest {
  private static final Path ROOT = Path.of(System.getProperty("deployctl.root", "."));
  private static final Path PAGE = ROOT.resolve("docs/codes.md");

  @SuppressWarnings("unchecked")
  private static Map<String, Long> rules() throws IOException {
    String yaml = Files.readString(ROOT.resolve("src/main/resources/deployctl/rules.yml"));
    List<Map<String, Object>> rules =
        (List<Map<String, Object>>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
    return rules.stream()
        .filter(rule -> rule.get("code") != null)
        .collect(
            Collectors.groupingBy(rule -> String.valueOf(rule.get("code")), Collectors.counting()));
  }

  private static String page() throws IOException {
    Map<String, Long> rules = rules();
    StringBuilder page =
        new StringBuilder(
            """
            # Finding codes

            What `deployctl diagnose` can find, as `findings[].code` says it with `-o json`. Made from the code. *Rules* counts
            the messages of AWS's that lead to the code by themselves, see [diagnose.md](diagnose.md); where there are none, it comes from what
            the resources themselves say. Exit code 4 for all but severity `info`.

            | code | severity | what is wrong | rules |
            |---|---|---|---|
            """);
    for (FindingCode code : FindingCode.values()) {
      page.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(
                  code,
                  code.severity().word(),
                  code.meaning(),
                  rules.getOrDefault(code.name(), 0L) == 0 ? "" : rules.get(code.name())));
    }
    return page.toString();
  }

  @Test
  void thePageListsEveryCode() throws IOException {
    if ("codes".equals(System.getProperty("deployctl.write"))) {
      Files.writeString(PAGE, page());
    }
    assertEquals(
        page(),
        Files.readString(PAGE),
        "docs/codes.md is not what the code says; write it with"
            + " ./mvnw test -Dtest=CodesPageTest -Ddeployctl.write=codes");
  }
}
