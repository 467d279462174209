package deployctl.diagnose.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.diagnose.finding.FindingCode;
import deployctl.support.file.LocalFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules are data, and their mistakes are found here. */
class RuleBookTest {
  @TempDir Path folder;

  private static final RuleBook OWN = RuleBook.load(null);

  @Test
  void theProgramsOwnRulesAreWhole() {
    assertEquals(List.of(), OWN.complaints());
    assertTrue(OWN.rules().size() >= 100, "only " + OWN.rules().size());
    for (Rule rule : OWN.rules()) {
      boolean answer = rule.kind() == Rule.RuleKind.ROOT;
      assertTrue(!answer || rule.code() != null, rule.id() + " is an answer without a code");
      assertTrue(rule.link().startsWith("https://"), rule.id() + " has no link");
      assertFalse(rule.samples().isEmpty(), rule.id() + " has no sample");
    }
  }

  @Test
  void eachSampleMeetsItsOwnRuleAndNoOther() {
    List<String> wrong = new ArrayList<>();
    for (Rule rule : OWN.rules()) {
      for (RuleField field : rule.fields()) {
        boolean first = rule.fields().iterator().next() == field;
        for (String sample : rule.samples()) {
          String met = OWN.match(field, sample).map(Rule::id).orElse("none");
          if (first && !met.equals(rule.id())) {
            wrong.add(rule.id() + ": '" + sample + "' meets " + met);
          }
        }
      }
    }
    assertEquals("", String.join("\n", wrong));
  }

  @Test
  void aMessageOfTwentyKilobytesAndControlCharactersIsMatched() {
    String message =
        "\u001b[31mResourceInitializationError\u0007: unable to retrieve secret from asm:\n"
            + " ResourceNotFoundException: Secrets Manager can't find the specified secret. "
            + "x".repeat(20_000);
    assertEquals(
        FindingCode.SECRET_NOT_FOUND,
        OWN.match(RuleField.TASK, message).map(Rule::code).orElseThrow());
  }

  @Test
  void usersRulesComeFirstAndTheirMistakesAreToldAndLeftOut() throws IOException {
    Path file = folder.resolve("rules.yml");
    Files.writeString(
        file,
        """
        - {id: ours, field: task, pattern: "billing-proxy", code: NETWORK_UNREACHABLE, meaning: m, remedy: r}
        - {id: bad, field: task, pattern: "(unclosed", meaning: m, remedy: r}
        - {id: odd, field: tasks, pattern: "x", meaning: m, remedy: r}
        - {id: ours, field: task, pattern: "y", meaning: m, remedy: r}
        - {id: extra, field: task, pattern: "z", meaning: m, remedy: r, colour: red}
        - just text
        """);
    RuleBook book = RuleBook.load(new LocalFile(file));
    assertEquals(
        "ours",
        book.match(RuleField.TASK, "CannotPullContainerError: billing-proxy")
            .map(Rule::id)
            .orElse(""));
    assertEquals(5, book.complaints().size(), book.complaints().toString());
    assertTrue(book.complaints().get(0).contains("line 2"), book.complaints().toString());
    assertEquals(
        "out-of-memory", book.match(RuleField.TASK, "OutOfMemoryError").map(Rule::id).orElse(""));
  }

  @Test
  void aCodeThatThereIsNotIsRefusedWithItsLineAndDoesNotShadowTheProgramsOwnRule()
      throws IOException {
    Path file = folder.resolve("rules.yml");
    Files.writeString(
        file,
        """
        - {id: fine, field: task, pattern: "x1", code: OUT_OF_MEMORY, meaning: m, remedy: r}
        - {id: misspelt, field: task, pattern: "OutOfMemoryError", code: OUT_OF_MEMROY, meaning: m, remedy: r}
        """);
    RuleBook book = RuleBook.load(new LocalFile(file));
    String complaint = String.join("", book.complaints());
    assertTrue(complaint.contains("line 2"), complaint);
    assertTrue(complaint.contains("'OUT_OF_MEMROY' is no finding code"), complaint);
    assertTrue(complaint.contains("OUT_OF_MEMORY, CONTAINER_EXITED"), complaint);
    assertEquals(
        "out-of-memory", book.match(RuleField.TASK, "OutOfMemoryError").map(Rule::id).orElse(""));
  }

  @Test
  void aPatternThatSearchesWithoutEndIsStopped() throws IOException {
    Path file = folder.resolve("rules.yml");
    Files.writeString(
        file,
        "- {id: endless, field: task, pattern: '(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)\\1y', meaning: m, remedy: r}\n");
    RuleBook book = RuleBook.load(new LocalFile(file));
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () ->
            assertEquals(
                "none", book.match(RuleField.TASK, "x".repeat(60)).map(Rule::id).orElse("none")));
    assertTrue(book.complaints().toString().contains("endless"), book.complaints().toString());
  }

  @Test
  void aFileThatIsNotThereOrNoYamlIsTold() throws IOException {
    assertTrue(
        RuleBook.load(new LocalFile(folder.resolve("none.yml")))
            .complaints()
            .toString()
            .contains("cannot be read"));
    Path file = folder.resolve("rules.yml");
    Files.writeString(file, "- {id: [");
    assertTrue(RuleBook.load(new LocalFile(file)).complaints().toString().contains("not YAML"));
  }
}
