package deployctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.support.json.Json;
import deployctl.support.json.JsonObject;
import deployctl.support.text.Cleaning;
import deployctl.testing.CliRun;
import deployctl.testing.InProcess;
import deployctl.testing.ScriptedAws;
import deployctl.testing.ScriptedSlack;
import deployctl.testing.World;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Every command in a world whose every text is hostile: AWS's, Slack's, the operator's, and that of
 * the files on disk. Whatever is written anywhere holds no secret and no character or line that is
 * more than text; each command ends in its time, without a trace, with the code that it has in a
 * harmless world.
 *
 * <p>A few rounds, each with every text at another place; {@code -Ddeployctl.promises=full} makes a
 * round for each text.
 */
class HostileCorpusTest {
  private static final String MARK = "TEXT";
  private static final String CANARY = "canary";
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  /** A line or part of one that a workflow's runner would obey, beside those that are our own. */
  private static final Pattern OBEYED =
      Pattern.compile(
          "(?mU)^\\s*::(?!(error|warning|notice|group|endgroup|add-mask)\\b)|##\\[|^\\s*::[^:]*hostile::");

  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");
  private static final Pattern TRACE =
      Pattern.compile("\\n\\s+at [a-z.]+\\.[A-Z]|Internal error|StackOverflow|OutOfMemory");

  @TempDir Path folder;

  /** Where the texts of a world come from, each time the next one. */
  private static final class TextSource {
    private final List<String> texts;
    private int next;

    TextSource(List<String> texts, int first) {
      this.texts = texts;
      this.next = first;
    }

    String fill(String template) {
      StringBuilder filled = new StringBuilder();
      int from = 0;
      for (int at = template.indexOf(MARK); at >= 0; at = template.indexOf(MARK, from)) {
        filled.append(template, from, at).append(texts.get(next++ % texts.size()));
        from = at + MARK.length();
      }
      return filled.append(template.substring(from)).toString();
    }

    Object fillAll(Object value) {
      if (value instanceof String text) {
        return fill(text);
      }
      if (value instanceof List<?> list) {
        return list.stream().map(this::fillAll).toList();
      }
      if (value instanceof Map<?, ?> map) {
        Map<String, Object> filled = new LinkedHashMap<>();
        map.forEach((name, one) -> filled.put(String.valueOf(name), fillAll(one)));
        return filled;
      }
      return value;
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = HostileCorpusTest.class.getResourceAsStream("/hostile/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<String> lines(String name) throws IOException {
    return resource(name).lines().filter(l -> !l.startsWith("# ") && !l.isEmpty()).toList();
  }

  private static List<String> texts() throws IOException {
    List<String> texts = new ArrayList<>();
    for (String line : lines("texts.txt")) {
      texts.add(
          Pattern.compile("\\\\(u[0-9a-f]{4}|[nrte])")
              .matcher(line)
              .replaceAll(
                  m ->
                      switch (m.group(1).charAt(0)) {
                        case 'n' -> "\n";
                        case 'r' -> "\r";
                        case 't' -> "\t";
                        case 'e' -> "\u001b";
                        default ->
                            String.valueOf((char) Integer.parseInt(m.group(1).substring(1), 16));
                      }));
    }
    texts.add("password=\"" + "CANARY and a backslash \\\\ ".repeat(3000) + "\"");
    texts.add("x".repeat(200_000));
    texts.add("-----BEGIN PRIVATE KEY-----".repeat(2000));
    return texts;
  }

  @TestFactory
  Stream<DynamicTest> nothingHostileGetsOut() throws IOException {
    List<String> texts = texts();
    boolean full = "full".equals(System.getProperty("deployctl.promises"));
    int rounds = full ? texts.size() : 3;
    int[] shifts =
        IntStream.range(0, rounds)
            .map(i -> i * texts.size() / rounds + (full ? 0 : 5 * i))
            .toArray();
    Map<String, String> expected = new TreeMap<>();
    Stream<DynamicTest> harmless =
        Stream.of(
            DynamicTest.dynamicTest(
                "a harmless world",
                () -> expected.putAll(new Round(List.of("plain words"), 0, false).play())));
    Stream<DynamicTest> hostile =
        IntStream.range(0, rounds)
            .mapToObj(
                i ->
                    DynamicTest.dynamicTest(
                        "texts from " + shifts[i],
                        () -> {
                          List<String> codes =
                              new ArrayList<>(
                                  pairs(new Round(texts, shifts[i], i % 2 == 1).play()));
                          codes.removeAll(pairs(expected));
                          assertEquals(List.of(), codes, "other than in the harmless world");
                        }));
    Stream<DynamicTest> figures =
        Stream.of(
            DynamicTest.dynamicTest(
                "the figures",
                () ->
                    System.out.println(
                        "figures: hostile world: "
                            + texts.size()
                            + " texts, "
                            + rounds
                            + " rounds of "
                            + expected.size()
                            + " commands and more: no secret, no control character, no command got out")));
    return Stream.of(harmless, hostile, figures).flatMap(s -> s);
  }

  private static List<String> pairs(Map<String, String> map) {
    return map.entrySet().stream().map(e -> e.getKey() + " = " + e.getValue()).toList();
  }

  /** All commands in one world. */
  private final class Round {
    private final TextSource source;
    private final Path own;
    private final boolean github;
    private final InProcess program;
    private final World world;
    private final Map<String, String> planted = new LinkedHashMap<>();
    private final List<String> complaints = new ArrayList<>();

    Round(List<String> texts, int shift, boolean github) throws IOException {
      source = new TextSource(texts, shift);
      this.github = github;
      own = folder.resolve("round-" + shift + "-" + texts.size());
      Files.createDirectories(own.resolve("inside"));
      Files.writeString(own.resolve("outside"), "untouched");
      program = new InProcess(own.resolve("inside"));
      @SuppressWarnings("unchecked")
      Map<String, Object> data =
          (Map<String, Object>)
              source.fillAll(
                  new Load(LoadSettings.builder().build()).loadFromString(resource("world.yml")));
      world = new World(data, program.time.now());
    }

    /** Return each command's exit code, and the codes of its findings where it tells them. */
    Map<String, String> play() throws IOException {
      Map<String, String> codes = new TreeMap<>();
      try (ScriptedAws aws = new ScriptedAws(world::serve);
          ScriptedSlack slack = new ScriptedSlack()) {
        environment(aws, slack);
        plant();
        int number = 100;
        for (String line : lines("commands.txt")) {
          String[] words =
              Stream.of(line.replace("FOLDER", own.resolve("inside").toString()).split(" ", -1))
                  .map(source::fill)
                  .toArray(String[]::new);
          long began = System.nanoTime();
          CliRun run = program.run(words);
          Duration took = Duration.ofNanos(System.nanoTime() - began);
          if (took.compareTo(DEADLINE) > 0) {
            complaints.add(line + " took " + took.toSeconds() + " s");
          }
          look(line + ", stdout", run.out(), true);
          look(line + ", stderr", run.err(), true);
          number++;
          // What an operator says may be wrong usage.
          if (!line.contains(MARK)) {
            codes.put(number + " " + line, run.exit() + findings(line, run.out()));
          }
        }
        slack.calls().forEach(call -> look("Slack", String.valueOf(call.form()), false));
        aws.requests().forEach(asked -> look("a request to AWS", masksOwnQuestion(asked), false));
      }
      files();
      assertEquals("", String.join("\n", complaints));
      return codes;
    }

    /** A stack's name and a template that an operator gives go to AWS as they are. */
    private String masksOwnQuestion(Map<String, String> asked) {
      if ("ValidateTemplate".equals(asked.get("Action"))) {
        return "";
      }
      Map<String, String> rest = new TreeMap<>(asked);
      rest.remove("StackName");
      return rest.toString();
    }

    private void environment(ScriptedAws aws, ScriptedSlack slack) {
      program.aws(aws);
      Path inside = own.resolve("inside");
      program.env.put("HOME", inside.toString());
      program.env.put("AWS_SECRET_ACCESS_KEY", "CANARYsecretaccesskeyofthetest0123456789");
      program.env.put("AWS_SESSION_TOKEN", "CANARYsessiontokenofthetest+/0123456789abcdefghij");
      program.env.put("SLACK_BOT_TOKEN", "xoxb-000-CANARYslacktokenofthetest0123");
      program.env.put("SLACK_API_URL", slack.url());
      program.env.put("USER", source.fill(MARK).replace("\u0000", ""));
      program.env.put("GITHUB_ACTOR", source.fill(MARK).replace("\u0000", ""));
      if (github) {
        program.env.put("GITHUB_ACTIONS", "true");
        program.env.put("GITHUB_OUTPUT", inside.resolve("github-output").toString());
        program.env.put("GITHUB_STEP_SUMMARY", inside.resolve("github-summary").toString());
      }
      slack.script(
          call ->
              call.method().equals("chat.postMessage") && call.text().contains("Idle")
                  ? ScriptedSlack.status(
                      200,
                      Json.write(
                          new JsonObject()
                              .put("ok", false)
                              .put("error", "hostile_" + source.fill(MARK))))
                  : ScriptedSlack.accepting());
    }

    /** Files of ours in which somebody else has written. */
    private void plant() throws IOException {
      plant(
          "registry/monitors/d-8.json",
          new JsonObject()
              .put("correlation_id", "d-8")
              .put("stack_name", source.fill("S " + MARK))
              .put("last_status", source.fill(MARK))
              .put("root_cause", new JsonObject().put("reason", source.fill(MARK))));
      plant(
          "registry/left-overs/CourtCaseManagementStack.json",
          new JsonObject()
              .put("stack", "CourtCaseManagementStack")
              .put("resources", List.of(new JsonObject().put("name", source.fill(MARK)))));
      plant(
          "queue/msg_20260101000000000_planted.json",
          new JsonObject()
              .put("channel", "C1")
              .put("type", "custom")
              .put("text", source.fill(MARK))
              .put("last_error", source.fill(MARK))
              .put("queued_at", "2026-01-31T11:00:00Z"));
      plant(
          "queue/dead_letter_msg_20260101000000000_planted.json",
          new JsonObject()
              .put("channel", "C1")
              .put("text", source.fill(MARK))
              .put("reason", source.fill(MARK))
              .put("last_error", source.fill(MARK)));
      plant(
          "template.json",
          new JsonObject()
              .put("Description", source.fill(MARK))
              .put(
                  "Resources",
                  new JsonObject()
                      .put("Q", new JsonObject().put("Type", source.fill("AWS::SQS::" + MARK)))));
      plant("deployment-monitor.log", new JsonObject().put("text", source.fill(MARK)));
    }

    private void plant(String name, JsonObject content) throws IOException {
      Path file = own.resolve("inside").resolve(name);
      Files.createDirectories(file.getParent());
      planted.put(name, content.toString());
      Files.write(file, Json.write(content).getBytes(StandardCharsets.UTF_8));
    }

    private String findings(String command, String out) {
      if (!command.startsWith("diagnose") || !command.endsWith("-o json")) {
        return "";
      }
      try {
        List<?> findings = Json.parseObject(out).list("findings");
        return findings == null
            ? ""
            : " "
                + findings.stream()
                    .map(one -> String.valueOf(((JsonObject) one).string("code")))
                    .toList();
      } catch (Exception e) {
        complaints.add(command + " gave no JSON: " + e.getMessage());
        return "";
      }
    }

    private void files() throws IOException {
      assertEquals("untouched", Files.readString(own.resolve("outside")));
      try (Stream<Path> beside = Files.list(own)) {
        assertEquals(2, beside.count(), "something was made outside");
      }
      try (Stream<Path> all = Files.walk(own)) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          String name = own.resolve("inside").relativize(file).toString();
          look("the name " + name, name, false);
          // What others put there is theirs, also where it was moved or backed up.
          if (!name.contains("planted") && !planted.containsKey(name) && !name.contains("d-8")) {
            look(
                "the file " + name,
                Files.readString(file, StandardCharsets.UTF_8),
                name.contains("github"));
          }
        }
      }
      assertTrue(Files.notExists(Path.of("hostile")));
    }

    private void look(String where, String text, boolean shown) {
      int canary = text.toLowerCase(Locale.ROOT).indexOf(CANARY);
      if (canary >= 0) {
        complaints.add(where + " has a secret: " + around(text, canary));
      }
      String plain = COLOUR.matcher(text).replaceAll("");
      for (int i = 0; i < plain.length(); i++) {
        char c = plain.charAt(i);
        if (Cleaning.isControl(c) && c != '\t') {
          complaints.add(where + " has U+" + Integer.toHexString(c) + ": " + around(plain, i));
          break;
        }
      }
      var obeyed = OBEYED.matcher(plain);
      if (shown && obeyed.find()) {
        complaints.add(where + " has a command: " + around(plain, obeyed.start()));
      }
      var trace = TRACE.matcher(plain);
      if (trace.find()) {
        complaints.add(where + " has a trace: " + around(plain, trace.start()));
      }
    }

    private static String around(String text, int at) {
      return text.substring(Math.max(0, at - 80), Math.min(text.length(), at + 80))
          .replace("\n", "\\n")
          .replaceAll("\\p{Cntrl}", "?");
    }
  }
}
