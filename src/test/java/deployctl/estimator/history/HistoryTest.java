package deployctl.estimator.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.estimator.Estimate;
import deployctl.estimator.Estimator;
import deployctl.estimator.model.PredictiveDistribution;
import deployctl.estimator.model.StudentT;
import deployctl.operation.ExpectedChanges;
import deployctl.operation.ObservedOperation;
import deployctl.operation.PastOperation;
import deployctl.operation.PastOperation.OperationEnd;
import deployctl.operation.ResourceTiming;
import deployctl.operation.StackOperation.OperationKind;
import deployctl.operation.Template;
import deployctl.registry.Deployment;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import deployctl.target.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is kept, in how much room, and the arithmetic under it. */
class HistoryTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static PastOperation operation(int day, int resources, double seconds) {
    List<ResourceTiming> timings = new ArrayList<>();
    for (int i = 0; i < resources; i++) {
      timings.add(
          new ResourceTiming(
              "SomeLogicalIdOfAResource" + i, "AWS::SQS::Queue", "UPDATE", i, null, seconds));
    }
    Instant begin = START.plus(Duration.ofDays(day));
    return new PastOperation(
        "Stack",
        OperationKind.UPDATE,
        OperationEnd.SUCCEEDED,
        begin,
        begin.plusSeconds(600),
        timings);
  }

  private static Deployment noted() {
    try {
      return Deployment.of(
          new JsonObject()
              .put("correlation_id", "noted")
              .put("environment", "production")
              .put("commit", "abc")
              .put("actor", "operator"));
    } catch (JsonException e) {
      throw new AssertionError(e);
    }
  }

  /** However near it lies: its commit is what one goes back to. */
  @Test
  void anOperationOfAnotherDeploymentIsNotTakenForThisOnes() {
    History history = History.empty();
    PastOperation operation = operation(1, 3, 40);
    Target target = new Target("production", "Stack");
    // It was over half a minute before the operation began.
    history.note(
        noted(),
        target,
        true,
        operation.startedAt().minusSeconds(37),
        operation.startedAt().minusSeconds(35));
    assertTrue(history.add(operation, "next", "production", "ccccccc"));
    assertTrue(history.add(operation(2, 3, 40), null, null, null));
    assertEquals(3, history.entries().size());
    JsonObject first = history.entries().get(0);
    assertEquals("noted", first.string("correlation_id"));
    assertEquals("abc", first.string("commit"));
    assertEquals("SUCCEEDED", first.string("status"));
  }

  /**
   * A deployment that was noted when it ended trains once its operation is read, and keeps what was
   * noted.
   */
  @Test
  void whatWasNotedIsFilledByItsOperationAndTrains() {
    History history = History.empty();
    PastOperation operation = operation(1, 3, 40);
    assertTrue(
        history.note(
            noted(),
            new Target("production", "Stack"),
            true,
            operation.startedAt().minusSeconds(30),
            operation.endedAt().plusSeconds(30)));
    assertEquals(0, history.training("Stack").size());
    assertTrue(history.add(operation, null, null, null));
    assertEquals(1, history.entries().size());
    JsonObject entry = history.entries().get(0);
    assertEquals("noted", entry.string("correlation_id"));
    assertEquals("production", entry.string("environment"));
    assertEquals("abc", entry.string("commit"));
    assertEquals("operator", entry.string("actor"));
    assertEquals(1, history.training("Stack").size());
    assertEquals(3, history.training("Stack").get(0).timings().size());
  }

  /** 500 resources, 200 operations: under 2 MB, and nothing that was learned is lost. */
  @Test
  void manyOperationsOfManyResourcesStaySmallAndKnown() throws Exception {
    History history = History.empty();
    byte[] file = {};
    for (int day = 0; day < 210; day++) {
      assertTrue(history.add(operation(day, 500, 40 + day % 7), null, "production", null));
      if (day % 30 == 29) {
        file = Json.bytes(history.toJson(START));
        history = History.of(Json.parseObject(file));
      }
    }
    file = Json.bytes(history.toJson(START));
    assertTrue(file.length < 2_000_000, file.length + " bytes");
    history = History.of(Json.parseObject(file));
    assertEquals(200, history.entries().size());
    RunningStats seen = history.ofResource("Stack", "SomeLogicalIdOfAResource7", "UPDATE");
    assertEquals(210, seen.count(), 0.01);
    assertEquals(43, Math.exp(seen.mean()), 1);
    assertFalse(history.add(operation(209, 500, 40), null, null, null), "it is there");
    long begin = System.nanoTime();
    new Estimator(history)
        .estimate(
            new ObservedOperation(
                "Stack",
                "Stack",
                OperationKind.UPDATE,
                null,
                new ExpectedChanges(null, null, null),
                START),
            0.8);
    System.out.println(
        "E: 500 resources, 210 operations, "
            + file.length / 1_024
            + " KiB, estimate "
            + Duration.ofNanos(System.nanoTime() - begin).toMillis()
            + " ms cold");
  }

  @Test
  void talliesMergeToTheSameAsAllAtOnce() {
    Random random = new Random(5);
    RunningStats one = RunningStats.NONE;
    RunningStats other = RunningStats.NONE;
    double[] logs = new double[100];
    for (int i = 0; i < 100; i++) {
      double seconds = 5 + 300 * random.nextDouble();
      logs[i] = Math.log(seconds);
      if (i % 3 == 0) {
        one = one.plus(RunningStats.of(seconds));
      } else {
        other = other.plus(RunningStats.of(seconds));
      }
    }
    RunningStats all = one.plus(other);
    double mean = java.util.Arrays.stream(logs).average().orElseThrow();
    double squares = java.util.Arrays.stream(logs).map(x -> (x - mean) * (x - mean)).sum();
    assertEquals(100, all.count(), 1e-9);
    assertEquals(mean, all.mean(), 1e-9);
    assertEquals(squares, all.squares(), 1e-6);
  }

  /** Values of tables of the t distribution. */
  @ParameterizedTest
  @CsvSource({
    "1,0.9,3.0777",
    "2,0.9,1.8856",
    "3,0.9,1.6377",
    "5,0.95,2.0150",
    "10,0.975,2.2281",
    "30,0.9,1.3104",
    "60,0.99,2.3901",
    "4,0.5,0"
  })
  void quantilesOfStudentsDistribution(int freedom, double share, double expected) {
    assertEquals(expected, StudentT.quantile(share, freedom), 0.004);
  }

  @Test
  void shareAndQuantileAreEachOthersInverse() {
    PredictiveDistribution distribution = new PredictiveDistribution(Math.log(300), 0.3, 6, 4);
    for (double u = 0.02; u < 0.98; u += 0.03) {
      assertEquals(u, distribution.below(distribution.quantile(u)), 0.004);
    }
    assertEquals(300, distribution.quantile(0.5), 1);
  }

  /** E4: what has run longer has no less in all, and something is always left. */
  @Test
  void theLongerItHasRunTheLongerItTakesInAll() {
    PredictiveDistribution distribution = new PredictiveDistribution(Math.log(300), 0.4, 5, 3);
    double before = 0;
    for (double elapsed = 0; elapsed < 100_000; elapsed = elapsed * 1.2 + 5) {
      double left = distribution.left(elapsed, distribution.below(elapsed), 0.5);
      assertTrue(left >= 0);
      assertTrue(elapsed + left >= before - 1e-6, "at " + elapsed);
      before = elapsed + left;
    }
  }

  /** E5, by hand: two branches side by side take the longer one's time, not their sum. */
  @Test
  void twoBranchesTakeTheTimeOfTheLonger() {
    History history = History.empty();
    for (int day = 0; day < 12; day++) {
      Instant begin = START.plus(Duration.ofDays(day));
      history.add(
          new PastOperation(
              "S",
              OperationKind.CREATE,
              OperationEnd.SUCCEEDED,
              begin,
              begin.plusSeconds(401),
              List.of(
                  new ResourceTiming("Fast", "AWS::SQS::Queue", "CREATE", 0, null, 100),
                  new ResourceTiming("Slow", "AWS::ECS::Service", "CREATE", 0, null, 400))),
          null,
          null,
          null);
    }
    Template template =
        Template.parse(
            "{\"Resources\":{\"Fast\":{\"Type\":\"AWS::SQS::Queue\"},\"Slow\":{\"Type\":\"AWS::ECS::Service\"}}}");
    Estimate estimate =
        new Estimator(history)
            .estimate(
                new ObservedOperation(
                    "S",
                    "S",
                    OperationKind.CREATE,
                    null,
                    new ExpectedChanges(null, template, null),
                    START),
                0.8);
    assertEquals(401.0, estimate.left().toMillis() / 1_000.0, 20);
  }

  @Test
  void templatesOfEitherFormNameWhoWaitsForWhom() {
    String json =
        "{\"Resources\":{\"A\":{\"Type\":\"T\"},\"B\":{\"Type\":\"T\",\"Properties\":{\"X\":{\"Ref\":\"A\"}}},"
            + "\"C\":{\"Type\":\"T\",\"Condition\":\"K\",\"DependsOn\":[\"A\",\"B\"],\"Properties\":{\"Y\":{\"Fn::Sub\":\"x-${B.Arn}-${AWS::Region}\"}}}}}";
    String yaml =
        """
        Resources:
          A:
            Type: T
          B:
            Type: T
            Properties:
              X: !Ref A
          C:
            Type: T
            Condition: K
            DependsOn: [A, B]
            Properties:
              Y: !Sub 'x-${B.Arn}'
              Z: !GetAtt A.Arn
        """;
    for (String text : List.of(json, yaml)) {
      Template template = Template.parse(text);
      assertEquals(Set.of(), template.resources().get("A").dependsOn());
      assertEquals(Set.of("A"), template.resources().get("B").dependsOn());
      assertEquals(Set.of("A", "B"), template.resources().get("C").dependsOn());
      assertEquals(Set.of("A", "B"), template.certain());
    }
    for (String bad :
        List.of("", "{", "nothing", "[]", "Resources: 5", "a: b: c", "a: &a [b]\nResources: *a")) {
      assertEquals(Set.of(), Template.parse(bad).certain(), bad);
    }
  }

  @Test
  void aCircleInATemplateEndsInAnAnswer() {
    Template template =
        Template.parse(
            "{\"Resources\":{\"A\":{\"Type\":\"T\",\"DependsOn\":\"B\"},\"B\":{\"Type\":\"T\",\"DependsOn\":\"A\"}}}");
    Estimate estimate =
        new Estimator(History.empty())
            .estimate(
                new ObservedOperation(
                    "S",
                    "S",
                    OperationKind.CREATE,
                    null,
                    new ExpectedChanges(null, template, null),
                    START),
                0.8);
    assertTrue(estimate.left().toSeconds() > 10);
    assertEquals(2, estimate.total());
  }
}
