package deployctl.estimator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.support.json.Json;
import deployctl.support.json.JsonObject;
import deployctl.testing.CliRun;
import deployctl.testing.InProcess;
import deployctl.testing.ScriptedAws;
import deployctl.testing.ScriptedOperation;
import deployctl.testing.TimelineAws;
import deployctl.testing.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The estimator's commands as an operator and a workflow see them. */
class EstimatorCliTest {
  private static final String STACK = "CourtCaseManagementStack";
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  @TempDir Path folder;
  private ScriptedAws aws;
  private ScriptedOperation timeline;

  @AfterEach
  void stop() {
    if (aws != null) {
      aws.close();
    }
  }

  /** Six updates of the past, a day apart, each a little different, and perhaps one that runs. */
  private InProcess cli(String... running) {
    timeline = new ScriptedOperation(STACK, NOW);
    for (int i = 6; i >= 1; i--) {
      double at = -86_400.0 * i;
      timeline.add(at + " " + STACK + " UPDATE_IN_PROGRESS | User Initiated");
      timeline.add(at + 2 + " Role role UPDATE_IN_PROGRESS");
      timeline.add(at + 14 + " Role role UPDATE_COMPLETE");
      timeline.add(at + 15 + " Svc svc UPDATE_IN_PROGRESS");
      timeline.add(at + 40 + " Svc svc UPDATE_IN_PROGRESS+CONFIGURATION_COMPLETE");
      timeline.add(at + 295 + 10 * (i % 3) + " Svc svc UPDATE_COMPLETE");
      timeline.add(at + 297 + 10 * (i % 3) + " " + STACK + " UPDATE_COMPLETE");
    }
    for (String line : running) {
      timeline.add(line);
    }
    InProcess cli = new InProcess(folder);
    aws = TimelineAws.serve(timeline, cli.time::now);
    return cli.aws(aws);
  }

  private static CliRun run(InProcess cli, int expected, String... args) {
    List<String> words = new ArrayList<>(List.of("estimator"));
    words.addAll(List.of(args));
    CliRun run = cli.run(words.toArray(String[]::new));
    assertEquals(expected, run.exit(), () -> String.join(" ", words) + "\n" + run);
    assertFalse(run.err().contains("\tat "), run.toString());
    return run;
  }

  private Path file(InProcess cli) {
    return cli.registryFolder().resolve("deployment-history.json");
  }

  private static double number(JsonObject json, String name) {
    return ((Number) json.get(name)).doubleValue();
  }

  @Test
  void collectingTwiceIsTheSameAsOnce() throws Exception {
    InProcess cli = cli();
    JsonObject first = run(cli, 0, "collect", "-o", "json").json();
    assertEquals(6L, first.get("added"));
    byte[] content = Files.readAllBytes(file(cli));
    assertEquals(0L, run(cli, 0, "collect", STACK, "-o", "json").json().get("added"));
    assertEquals(
        new String(content, StandardCharsets.UTF_8), Files.readString(file(cli)), "not a byte");
    JsonObject history = Json.parseObject(content);
    JsonObject last = (JsonObject) history.list("deployments").get(5);
    for (String field :
        List.of(
            "correlation_id",
            "stack_name",
            "environment",
            "operation",
            "status",
            "started_at",
            "completed_at",
            "duration_minutes",
            "resources")) {
      assertTrue(last.has(field), field);
    }
    assertEquals("SUCCEEDED", last.string("status"));
    JsonObject averages = history.object("resource_averages");
    assertTrue(number(averages, "AWS::ECS::Service") > 250, "seconds, not minutes");
    assertTrue(number(history, "average_deployment_minutes") > 4.5);
  }

  @Test
  void anEstimateOfARunningDeploymentHasTheContractsFields() {
    InProcess cli =
        cli(
            "0 " + STACK + " UPDATE_IN_PROGRESS | User Initiated",
            "2 Role role UPDATE_IN_PROGRESS",
            "14 Role role UPDATE_COMPLETE",
            "15 Svc svc UPDATE_IN_PROGRESS");
    run(cli, 0, "collect");
    cli.time.advance(Duration.ofMinutes(2));
    JsonObject json = run(cli, 0, "estimate", "dep-1", STACK, "-o", "json").json();
    assertEquals("dep-1", json.string("correlation_id"));
    assertEquals(STACK, json.string("stack_name"));
    assertEquals("UPDATE_IN_PROGRESS", json.string("stack_status"));
    assertEquals(2.0, number(json, "elapsed_minutes"), 0.01);
    assertEquals(3.05, number(json, "estimated_remaining_minutes"), 0.6);
    JsonObject interval = json.object("confidence_interval");
    assertEquals(0.8, number(interval, "level"), 0.001);
    assertTrue(number(interval, "low") <= number(json, "estimated_remaining_minutes"));
    assertTrue(number(interval, "high") >= number(json, "estimated_remaining_minutes"));
    assertTrue(json.string("estimated_completion_time").startsWith("2026-01-31T12:0"));
    assertEquals(1L, json.object("progress").get("complete"));
    assertEquals(2L, json.object("progress").get("total"));
    assertEquals(6L, json.object("basis").get("runs"));
    assertNull(json.get("overdue_minutes"));
    String again = run(cli, 0, "estimate", "dep-1", STACK, "-o", "json").out();
    assertEquals(json.toString() + "\n", again, "the same question has the same answer");
  }

  /** E4: never zero while it runs, and overdue is said as such. */
  @Test
  void whatIsOverdueIsSaidToBe() {
    InProcess cli =
        cli("0 " + STACK + " UPDATE_IN_PROGRESS | User Initiated", "2 Svc svc UPDATE_IN_PROGRESS");
    run(cli, 0, "collect");
    for (int minutes : new int[] {1, 5, 20, 90, 600}) {
      cli.time.advance(Duration.ofMinutes(minutes));
      JsonObject json = run(cli, 0, "estimate", "dep-1", "-o", "json").json();
      assertTrue(number(json, "estimated_remaining_minutes") > 0, json.toString());
      if (minutes > 5) {
        assertTrue(number(json, "overdue_minutes") > 0, json.toString());
        assertTrue(number(json, "longest_seen_minutes") > 5);
      }
    }
    CliRun text = run(cli, 0, "estimate", "dep-1");
    assertTrue(text.out().contains("overdue"), text.out());
    assertTrue(text.out().contains("nine of ten"), text.out());
  }

  @Test
  void beforeADeploymentItsWholeTimeIsSaid() {
    InProcess cli = cli();
    run(cli, 0, "collect");
    JsonObject json = run(cli, 0, "estimate", "--stack", STACK, "-o", "json").json();
    assertEquals(5.1, number(json, "estimated_total_minutes"), 0.6);
    assertEquals(0.0, number(json, "elapsed_minutes"), 0.01);
  }

  /** E3. */
  @Test
  void withoutAHistoryTypicalTimesAreUsedAndThatIsSaid() {
    InProcess cli =
        cli("0 " + STACK + " UPDATE_IN_PROGRESS | User Initiated", "2 Db db UPDATE_IN_PROGRESS");
    cli.time.advance(Duration.ofMinutes(1));
    CliRun run = run(cli, 0, "estimate", "dep-1", "-o", "json");
    JsonObject json = run.json();
    assertEquals(0L, json.object("basis").get("runs"));
    assertEquals(1L, json.object("basis").get("resources_typical"));
    assertTrue(run.err().contains("without the template"), run.err());
    JsonObject interval = json.object("confidence_interval");
    assertTrue(number(interval, "high") > 2 * number(interval, "low"), "a wide band");
  }

  @Test
  void withoutAwsTheHistoryAndTheGivenTimeServe() throws IOException {
    InProcess cli = new InProcess(folder);
    Files.createDirectories(cli.registryFolder());
    Files.writeString(file(cli), "{\"deployments\":[],\"average_deployment_minutes\":30}");
    JsonObject json = run(cli, 0, "estimate", "dep-1", STACK, "12", "-o", "json").json();
    assertEquals(12.0, number(json, "elapsed_minutes"), 0.01);
    assertTrue(number(json, "estimated_remaining_minutes") > 5);
    run(cli, 5, "estimate", "dep-1", STACK);
  }

  @Test
  void aDeploymentThatIsOverIsNotEstimated() {
    InProcess cli = cli();
    cli.run("coordinator", "register", "dep-1", "1", "production");
    cli.run("coordinator", "release", "dep-1");
    run(cli, 1, "estimate", "dep-1");
  }

  @Test
  void onlyWhatSucceededTrains() {
    InProcess cli =
        cli(
            "-3000 " + STACK + " UPDATE_IN_PROGRESS | User Initiated",
            "-2990 Svc svc UPDATE_IN_PROGRESS",
            "-600 Svc svc UPDATE_FAILED | broken",
            "-590 " + STACK + " UPDATE_ROLLBACK_IN_PROGRESS",
            "-500 " + STACK + " UPDATE_ROLLBACK_COMPLETE",
            "-400 " + STACK + " UPDATE_IN_PROGRESS | User Initiated",
            "-399 " + STACK + " UPDATE_COMPLETE",
            "-300 " + STACK + " UPDATE_IN_PROGRESS | User Initiated",
            "-290 Svc svc UPDATE_IN_PROGRESS",
            "-200 " + STACK + " UPDATE_ROLLBACK_IN_PROGRESS | User Initiated",
            "-100 " + STACK + " UPDATE_ROLLBACK_COMPLETE");
    JsonObject collected = run(cli, 0, "collect", "-o", "json").json();
    assertEquals(9L, collected.get("operations"));
    assertEquals(6L, collected.get("runs"));
    List<?> all = run(cli, 0, "show", "-o", "json").json().list("deployments");
    List<String> results = all.stream().map(e -> ((JsonObject) e).string("status")).toList();
    assertEquals(List.of("FAILED", "NO_CHANGES", "CANCELLED"), results.subList(6, 9));
  }

  @Test
  void updateRecordsAndCollectFillsIn() throws Exception {
    InProcess cli = cli();
    run(cli, 0, "update", "dep-9", "27.5", STACK);
    JsonObject entry =
        (JsonObject) Json.parseObject(Files.readString(file(cli))).list("deployments").get(0);
    assertEquals("dep-9", entry.string("correlation_id"));
    assertEquals(27.5, number(entry, "duration_minutes"), 0.001);
    assertEquals("2026-01-31T11:32:30Z", entry.string("started_at"));
    run(cli, 0, "update", "dep-9", "28", STACK);
    assertEquals(1, Json.parseObject(Files.readString(file(cli))).list("deployments").size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update dep-1 none",
        "update dep-1 -3",
        "update dep-1 0",
        "set AWS::RDS::DBInstance",
        "set AWS::RDS::DBInstance 0",
        "set notatype 5",
        "estimate dep-1 S --level 2",
        "estimate dep-1 S --level 0.95"
      })
  void wrongUsageIs64(String words) {
    run(new InProcess(folder), 64, words.split(" ", -1));
  }

  @Test
  void minutesInThePlaceOfSecondsAreFoundAndSaid() throws IOException {
    InProcess cli = cli();
    Files.createDirectories(cli.registryFolder());
    Files.writeString(
        file(cli),
        "{\"deployments\":[],\"resource_averages\":{\"AWS::RDS::DBInstance\":15,\"AWS::IAM::Role\":20},\"team\":1}");
    CliRun run = run(cli, 0, "estimate", "--stack", STACK);
    assertTrue(run.err().contains("AWS::RDS::DBInstance"), run.err());
    assertTrue(run.err().contains("minutes"), run.err());
    assertFalse(run.err().contains("Role"), run.err());
    run(cli, 0, "collect");
    assertTrue(Files.readString(file(cli)).contains("\"team\":1"), "unknown fields survive");
  }

  @Test
  void aDamagedFileIsKeptAndBegunAnew() throws IOException {
    InProcess cli = cli();
    Files.createDirectories(cli.registryFolder());
    Files.writeString(file(cli), "{\"deployments\":[");
    CliRun estimate = run(cli, 0, "estimate", "--stack", STACK);
    assertTrue(estimate.err().contains("damaged"), estimate.err());
    CliRun collect = run(cli, 0, "collect");
    assertTrue(collect.err().contains("kept as"), collect.err());
    assertTrue(run(cli, 0, "show").out().contains("6 deployments"));
  }

  @Test
  void setLeadsWhereNothingWasSeenAndSurvivesACollect() {
    InProcess cli = cli("0 " + STACK + " UPDATE_IN_PROGRESS", "2 Db db CREATE_IN_PROGRESS");
    cli.time.advance(Duration.ofSeconds(10));
    run(cli, 0, "set", "AWS::RDS::DBInstance", "2400");
    run(cli, 0, "collect");
    JsonObject json = run(cli, 0, "estimate", "dep-1", "-o", "json").json();
    assertTrue(number(json, "estimated_remaining_minutes") > 20, json.toString());
    assertEquals(
        2400.0,
        number(
            run(cli, 0, "show", "-o", "json").json().object("resource_averages"),
            "AWS::RDS::DBInstance"),
        0.1);
  }

  @Test
  void resetEmptiesAndKeepsTheLastGeneration() {
    InProcess cli = cli();
    run(cli, 0, "collect");
    run(cli, 0, "reset", "--dry-run");
    assertTrue(run(cli, 0, "show").out().contains("6 deployments"));
    run(cli, 0, "reset");
    assertTrue(run(cli, 0, "show").out().contains("nothing is known"));
    assertTrue(Files.exists(cli.registryFolder().resolve("deployment-history.json.bak")));
    run(cli, 0, "reset", "--collect");
    assertTrue(run(cli, 0, "show").out().contains("6 deployments"));
  }

  @Test
  void theCoordinatorAndSlackSayWhatWasLearned() {
    InProcess cli =
        cli("0 " + STACK + " UPDATE_IN_PROGRESS | User Initiated", "2 Svc svc UPDATE_IN_PROGRESS");
    run(cli, 0, "collect");
    cli.time.advance(Duration.ofMinutes(2));
    CliRun can = cli.run("coordinator", "can-deploy", "production", "-o", "json");
    double left = number(can.json().object("active_deployment"), "estimated_remaining_minutes");
    assertEquals(3.1, left, 0.7, can.toString());
  }

  @Test
  void backtestShowsHowWrongItWouldHaveBeen() {
    InProcess cli = cli();
    run(cli, 1, "backtest");
    run(cli, 0, "collect");
    JsonObject json = run(cli, 0, "backtest", "-o", "json").json();
    assertEquals(4, json.list("rows").size());
    JsonObject half = (JsonObject) json.list("rows").get(2);
    assertEquals(5L, half.get("asked"));
    assertTrue(number(half, "median_error") < 0.1, half.toString());
    assertTrue(run(cli, 0, "backtest").out().contains("█"));
  }

  @Test
  void aTimelineMarksTheChainThatDecided() {
    InProcess cli = cli();
    run(cli, 0, "collect");
    CliRun text = run(cli, 0, "timeline");
    assertTrue(text.out().contains("▶ Svc"), text.out());
    assertTrue(text.out().contains("▒"), "stabilising\n" + text.out());
    JsonObject json = run(cli, 0, "timeline", "-o", "json").json();
    JsonObject role = (JsonObject) json.list("resources").get(0);
    assertEquals("Role", role.string("logical_id"));
    assertEquals(true, role.get("on_critical_chain"));
  }

  @Test
  void thePageNeedsNothingElseAndShowsInABrowser() throws Exception {
    InProcess cli = cli();
    run(cli, 0, "collect");
    Path page = folder.resolve("timeline.html");
    run(cli, 0, "timeline", "--html", page.toString());
    String html = Files.readString(page);
    assertFalse(html.matches("(?s).*(src|href)\\s*=\\s*[\"']?https?:.*"), "no network");
    assertTrue(html.contains("prefers-color-scheme: dark"));
    assertTrue(html.contains("@media print"));
    assertTrue(html.contains("tabindex=\"0\""));
    assertTrue(html.contains("<polyline"), "the totals so far");
    Tools.need("chromium");
    Process browser =
        new ProcessBuilder(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--user-data-dir=" + folder.resolve("profile"),
                "--dump-dom",
                page.toUri().toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String dom = new String(browser.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    browser.waitFor();
    assertTrue(dom.contains("class=\"step chain\""), dom);
  }

  @Test
  void aPageThatCannotBeWrittenIsSaid() {
    InProcess cli = cli();
    run(cli, 1, "timeline", "--html", folder.resolve("no/such/folder.html").toString());
  }
}
