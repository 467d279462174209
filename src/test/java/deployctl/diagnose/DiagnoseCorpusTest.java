package deployctl.diagnose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.diagnose.finding.FindingCode;
import deployctl.support.json.Json;
import deployctl.support.json.JsonObject;
import deployctl.support.process.ProcessIdentity;
import deployctl.testing.CliRun;
import deployctl.testing.InProcess;
import deployctl.testing.JavaProcess;
import deployctl.testing.ScriptedAws;
import deployctl.testing.ScriptedSlack;
import deployctl.testing.World;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Worlds as data, each with what a diagnosis of it must say.
 *
 * <p>Keys besides those of {@link World}: {@code registry} (entries, a text, or false for none),
 * {@code files}, {@code chmod}, {@code env}, {@code locked}, {@code slack}; {@code aws_away} and
 * {@code broken} (services) for an AWS that refuses.
 */
class DiagnoseCorpusTest {
  private static final List<String> FILES =
      List.of("stack", "ecs", "rds", "queue-and-monitor", "slack", "files", "mixed");

  /** What the tool could have filled in, and must not leave to the operator. */
  private static final Pattern PLACEHOLDER =
      Pattern.compile("<[a-z][a-z _-]*>|\\.\\.\\.|\\bnull\\b|TODO");

  @TempDir Path folder;

  /** How the cases of a diagnostic went. */
  private static final class DiagnosticScore {
    private int cases;
    private int right;
    private int falseAlarms;
    private int missed;
  }

  private final Map<String, DiagnosticScore> scores = new TreeMap<>();
  private final EnumSet<FindingCode> produced = EnumSet.noneOf(FindingCode.class);

  @TestFactory
  Stream<DynamicTest> theFirstFindingIsTheCause() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Map<String, Object> one : cases()) {
      Path own = folder.resolve("case-" + tests.size());
      String name = one.get("issue") + ": " + one.get("case");
      tests.add(
          DynamicTest.dynamicTest(
              name, () -> assertEquals("", String.join("\n", complaints(one, own)), name)));
    }
    int count = tests.size();
    if (System.getProperty("deployctl.case") == null) {
      tests.add(DynamicTest.dynamicTest("every code is produced by a case", () -> all(count)));
    }
    return tests.stream();
  }

  private void all(int count) {
    print(count);
    assertTrue(count >= 120, "only " + count + " cases");
    assertEquals(
        Set.of(), new TreeSet<>(EnumSet.complementOf(produced)), "codes that no case produces");
  }

  private void print(int count) {
    int right = scores.values().stream().mapToInt(score -> score.right).sum();
    System.out.println("diagnose corpus: " + right + " of " + count + " right");
    System.out.printf("%-14s %6s %6s %10s %7s%n", "", "cases", "right", "precision", "recall");
    scores.forEach(
        (name, score) -> {
          double found = score.right + score.falseAlarms;
          double there = score.right + score.missed;
          System.out.printf(
              "%-14s %6d %6d %9.0f%% %6.0f%%%n",
              name,
              score.cases,
              score.right,
              found == 0 ? 100 : 100 * score.right / found,
              there == 0 ? 100 : 100 * score.right / there);
        });
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> cases() throws IOException {
    List<Map<String, Object>> all = new ArrayList<>();
    String only = System.getProperty("deployctl.case");
    for (String file : FILES) {
      try (InputStream in =
          DiagnoseCorpusTest.class.getResourceAsStream("/diagnose/" + file + ".yml")) {
        for (Object one :
            (List<Object>) new Load(LoadSettings.builder().build()).loadFromInputStream(in)) {
          Map<String, Object> map = (Map<String, Object>) one;
          if (only == null || String.valueOf(map.get("case")).contains(only)) {
            all.add(map);
          }
        }
      }
    }
    assertFalse(all.isEmpty(), "no case has '" + only + "' in its name");
    assertFalse(all.isEmpty(), "no case has '" + only + "' in its name");
    return all;
  }

  private List<String> complaints(Map<String, Object> one, Path own) throws IOException {
    String name = String.valueOf(one.get("issue"));
    List<String> complaints = new ArrayList<>();
    try (CaseWorld world = new CaseWorld(one, own)) {
      CliRun run = world.run("diagnose", name, "-o", "json");
      JsonObject json = run.json();
      List<JsonObject> findings = objects(json, "findings");
      findings.forEach(f -> produced.add(FindingCode.valueOf(String.valueOf(f.string("code")))));
      compare(one, run, findings, complaints);
      DiagnosticScore score = scores.computeIfAbsent(name, key -> new DiagnosticScore());
      score.cases++;
      boolean problem = !findings.isEmpty() && !"info".equals(findings.get(0).string("severity"));
      boolean expected = one.get("exit") == null || Integer.valueOf(4).equals(one.get("exit"));
      if (complaints.isEmpty()) {
        score.right++;
      } else if (problem) {
        score.falseAlarms++;
      }
      if (!complaints.isEmpty() && expected) {
        score.missed++;
      }
      if (!complaints.isEmpty()) {
        complaints.add(run.out() + run.err());
      }
    }
    return complaints;
  }

  private static void compare(
      Map<String, Object> one, CliRun run, List<JsonObject> findings, List<String> complaints) {
    Object first = one.get("first");
    String found = findings.isEmpty() ? "nothing" : findings.get(0).string("code");
    String wanted = first == null ? "nothing" : String.valueOf(first);
    if (!wanted.equals(found)) {
      complaints.add("first is " + found + ", not " + wanted);
    }
    int exit = one.get("exit") instanceof Integer code ? code : first == null ? 0 : 4;
    if (run.exit() != exit) {
      complaints.add("exit " + run.exit() + ", not " + exit);
    }
    if (first != null && !findings.isEmpty()) {
      Object here = one.get("severity");
      String severity =
          here == null ? FindingCode.valueOf(wanted).severity().word() : String.valueOf(here);
      if (!severity.equals(findings.get(0).string("severity"))) {
        complaints.add("severity " + findings.get(0).string("severity"));
      }
      String remediation = String.valueOf(findings.get(0).object("remedy"));
      Object part = one.get("remedy");
      if (part == null) {
        complaints.add("the case names no remediation");
      } else if (!remediation.contains(String.valueOf(part))) {
        complaints.add("the remediation lacks '" + part + "': " + remediation);
      }
    }
    for (Object code : list(one, "also")) {
      if (findings.stream().noneMatch(f -> code.equals(f.string("code")))) {
        complaints.add("lacks " + code);
      }
    }
    for (Object code : list(one, "never")) {
      if (findings.stream().anyMatch(f -> code.equals(f.string("code")))) {
        complaints.add("has " + code);
      }
    }
    Object says = one.get("says");
    if (says != null && !run.out().contains(String.valueOf(says))) {
      complaints.add("does not say '" + says + "'");
    }
    for (JsonObject finding : findings) {
      String commands = String.valueOf(finding.object("remedy").list("commands"));
      if (PLACEHOLDER.matcher(commands).find()) {
        complaints.add("a command has a gap: " + commands);
      }
    }
  }

  private static List<?> list(Map<String, Object> one, String key) {
    Object value = one.get(key);
    return value == null ? List.of() : value instanceof List<?> list ? list : List.of(value);
  }

  static List<JsonObject> objects(JsonObject json, String name) {
    List<JsonObject> all = new ArrayList<>();
    List<?> list = json.list(name);
    (list == null ? List.of() : list).forEach(one -> all.add((JsonObject) one));
    return all;
  }

  /** A world, the files on disk in it, and the program. */
  static final class CaseWorld implements AutoCloseable {
    private final InProcess program;
    private final ScriptedAws aws;
    private final ScriptedSlack slack = new ScriptedSlack();
    private @Nullable JavaProcess locker;
    final World world;

    CaseWorld(Map<String, Object> one, Path folder) throws IOException {
      Files.createDirectories(folder);
      program = new InProcess(folder);
      world = new World(one, program.time.now());
      aws = new ScriptedAws(request -> reply(one, request));
      program.aws(aws);
      program.env.put("SLACK_API_URL", slack.url());
      program.env.put("SLACK_BOT_TOKEN", "xoxb-test-token");
      program.env.put("HOME", folder.toString());
      disk(one, folder);
      DiagnoseSlack.script(slack, one);
      if (Boolean.TRUE.equals(one.get("locked"))) {
        JavaProcess other =
            JavaProcess.start(
                List.of(),
                LockKeeper.class,
                folder.resolve("registry").resolve(".deployments.json.lock").toString());
        locker = other;
        other.nextLine();
      }
      if (one.get("env") instanceof Map<?, ?> env) {
        env.forEach((name, value) -> program.env.put(String.valueOf(name), String.valueOf(value)));
      }
    }

    private ScriptedAws.Answer reply(Map<String, Object> one, Map<String, String> request) {
      boolean away = Boolean.TRUE.equals(one.get("aws_away"));
      boolean broken =
          one.get("broken") instanceof List<?> list && list.contains(request.get("Service"));
      return away || broken ? ScriptedAws.error(400, "AccessDenied", "no") : world.serve(request);
    }

    private void disk(Map<String, Object> one, Path folder) throws IOException {
      Object registry = one.get("registry");
      if (registry instanceof List<?> entries) {
        List<JsonObject> all = new ArrayList<>();
        for (Object entry : entries) {
          JsonObject json = new JsonObject();
          ((Map<?, ?>) entry)
              .forEach((name, value) -> json.put(String.valueOf(name), value(value)));
          all.add(json);
        }
        program.writeRegistry(Json.write(new JsonObject().put("deployments", all)));
      } else if (registry instanceof String text) {
        program.writeRegistry(text);
      } else if (!Boolean.FALSE.equals(registry)) {
        program.writeRegistry("{\"deployments\":[]}");
      }
      if (one.get("files") instanceof Map<?, ?> files) {
        for (Map.Entry<?, ?> file : files.entrySet()) {
          Path path = folder.resolve(String.valueOf(file.getKey()));
          Files.createDirectories(path.getParent());
          Files.writeString(path, times(String.valueOf(file.getValue())));
        }
      }
      if (one.get("chmod") instanceof Map<?, ?> rights) {
        for (Map.Entry<?, ?> right : rights.entrySet()) {
          Files.setPosixFilePermissions(
              folder.resolve(String.valueOf(right.getKey())),
              java.nio.file.attribute.PosixFilePermissions.fromString(
                  String.valueOf(right.getValue())));
        }
      }
    }

    /** An age such as {@code ago:3h} becomes the time that it means. */
    private Object value(Object value) {
      return value instanceof String text
          ? times(text)
          : value instanceof Integer number ? Long.valueOf(number) : value;
    }

    private String times(String text) {
      return Pattern.compile("ago:(\\d+[smhd])")
          .matcher(text.replace("\"self\":true", self()))
          .replaceAll(m -> deployctl.support.time.Timestamps.format(world.ago(m.group(1))));
    }

    /** What names the process of the test: one that is alive. */
    private static String self() {
      ProcessIdentity self = ProcessIdentity.current();
      return "\"pid\":"
          + self.pid()
          + ",\"process_start\":"
          + self.start()
          + ",\"boot_id\":\""
          + self.bootId()
          + "\",\"pid_namespace\":\""
          + self.pidNamespace()
          + "\"";
    }

    CliRun run(String... args) {
      return program.run(args);
    }

    InProcess program() {
      return program;
    }

    List<Map<String, String>> requests() {
      return aws.requests();
    }

    @Override
    public void close() {
      aws.close();
      slack.close();
      if (locker != null) {
        locker.close();
      }
    }
  }

  static Map<String, Object> world(String yaml) {
    @SuppressWarnings("unchecked")
    Map<String, Object> map =
        (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
    return new LinkedHashMap<>(map);
  }
}
