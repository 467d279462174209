package deployctl.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.support.json.Json;
import deployctl.support.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page on permissions says what the code can ask, no more and no less. */
class PermissionsTest {
  private static final Path ROOT = Path.of(System.getProperty("deployctl.root", "."));
  private static final Pattern ACTION = Pattern.compile("`([a-z]+:[A-Z][A-Za-z]+)`");
  private static final Pattern SERVICE = Pattern.compile("super\\(\\s*\"([a-z]+)\"");
  private static final Pattern OPERATION = Pattern.compile("call\\(\\s*\"([A-Z][A-Za-z]+)\"");

  /** What no command uses: a gateway may offer it. */
  private static final Set<String> UNUSED =
      Set.of("cloudformation:CancelUpdateStack", "cloudformation:ContinueUpdateRollback");

  private static Set<String> called() throws IOException {
    Set<String> actions = new TreeSet<>();
    try (Stream<Path> files = Files.walk(ROOT.resolve("src/main/java/deployctl/aws"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        String text = Files.readString(file);
        Matcher service = SERVICE.matcher(text);
        String name =
            file.endsWith("CloudFormationStacks.java")
                ? "cloudformation"
                : service.find() ? service.group(1) : null;
        if (name != null) {
          OPERATION.matcher(text).results().forEach(m -> actions.add(name + ":" + m.group(1)));
        }
      }
    }
    actions.removeAll(UNUSED);
    return actions;
  }

  @Test
  void thePageListsWhatTheCodeCalls() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/github-actions.md"));
    Set<String> documented = new TreeSet<>();
    ACTION.matcher(page).results().forEach(m -> documented.add(m.group(1)));
    assertEquals(called(), documented);
  }

  @Test
  void thePolicyAllowsAllThatOnlyLooksButForValues() throws Exception {
    String page = Files.readString(ROOT.resolve("docs/github-actions.md"));
    Matcher block = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL).matcher(page);
    assertTrue(block.find());
    JsonObject policy = Json.parseObject(block.group(1));
    List<?> statements = policy.list("Statement");
    Set<String> allowed = new TreeSet<>();
    ((JsonObject) statements.get(0)).list("Action").forEach(one -> allowed.add((String) one));
    Set<String> looking = new TreeSet<>(called());
    looking.removeIf(
        action ->
            !action.matches(".*:(Describe|List|Get|Validate).*")
                || action.endsWith("GetSecretValue"));
    assertEquals(looking, allowed);
  }
}
