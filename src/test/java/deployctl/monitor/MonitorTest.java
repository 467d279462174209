package deployctl.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.aws.client.AwsErrorKind;
import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.StackEvent;
import deployctl.coordinator.TestCoordinators;
import deployctl.coordinator.lock.LeaseRenewer;
import deployctl.monitor.checkpoint.MonitorCheckpoint;
import deployctl.monitor.checkpoint.MonitorOutcome;
import deployctl.monitor.checkpoint.MonitorSettings;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.monitor.checkpoint.MonitorStore;
import deployctl.monitor.checkpoint.WatchRequest;
import deployctl.monitor.view.PlainView;
import deployctl.monitor.watch.Alert;
import deployctl.monitor.watch.Alert.AlertKind;
import deployctl.monitor.watch.Monitor;
import deployctl.monitor.watch.MonitorListener;
import deployctl.monitor.watch.OperationResult;
import deployctl.monitor.watch.Pace;
import deployctl.monitor.watch.ServiceWatch;
import deployctl.monitor.watch.Snapshot;
import deployctl.registry.Deployment;
import deployctl.registry.DeploymentStatus;
import deployctl.registry.Registry;
import deployctl.state.MemoryDocument;
import deployctl.state.MemoryStateStore;
import deployctl.support.file.LocalFile;
import deployctl.support.file.MachineFolder;
import deployctl.support.process.ProcessIdentity;
import deployctl.testing.FakeStacks;
import deployctl.testing.FakeTime;
import deployctl.testing.ScriptedOperation;
import deployctl.testing.TimelineStacks;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The monitor on timelines, with a clock that a test moves. */
class MonitorTest {
  private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");
  private static final String[] CREATE = {
    "0 S CREATE_IN_PROGRESS | User Initiated",
    "2 Vpc vpc CREATE_IN_PROGRESS",
    "60 Vpc vpc CREATE_COMPLETE",
    "61 Db db CREATE_IN_PROGRESS",
    "61 Lb lb CREATE_IN_PROGRESS",
    "200 Lb lb CREATE_COMPLETE",
    "700 Db db CREATE_COMPLETE",
    "701 S CREATE_COMPLETE"
  };

  @TempDir Path folder;
  private final FakeTime time = new FakeTime("2026-01-31T12:00:00Z");
  private static final String STATE = "monitors/dep-1.json";

  private final MemoryStateStore kept = new MemoryStateStore();
  private final MemoryDocument registryFile = new MemoryDocument();
  private final Registry registry = new Registry(registryFile, warning -> {});
  private final Heard heard = new Heard();
  private MonitorSettings settings =
      new MonitorSettings(
          Duration.ofSeconds(30),
          Duration.ofMinutes(10),
          Duration.ofMinutes(40),
          Duration.ofSeconds(60),
          Duration.ofMinutes(15),
          Duration.ofMinutes(10),
          Duration.ZERO);
  private WatchRequest request =
      new WatchRequest("dep-1", "production", "S", "S", null, LocalFile.of("log"));
  private int pollsUntilStop = Integer.MAX_VALUE;

  /** Remembers what it was told. */
  private static final class Heard implements MonitorListener {
    private final List<StackEvent> events = new ArrayList<>();
    private final List<Alert> alerts = new ArrayList<>();
    private final List<Snapshot> looks = new ArrayList<>();
    private final List<OperationResult> ends = new ArrayList<>();

    @Override
    public void event(StackEvent event) {
      events.add(event);
    }

    @Override
    public void alert(Alert alert) {
      alerts.add(alert);
    }

    @Override
    public void polled(Snapshot snapshot) {
      looks.add(snapshot);
    }

    @Override
    public void end(OperationResult report) {
      ends.add(report);
    }

    private List<String> ids() {
      return events.stream().map(StackEvent::eventId).toList();
    }

    private List<Alert> alerts(AlertKind kind) {
      return alerts.stream().filter(alert -> alert.kind() == kind).toList();
    }
  }

  private MonitorStore store() {
    return new MonitorStore(
        kept,
        new MachineFolder(folder),
        time,
        warning -> {
          throw new AssertionError(warning);
        });
  }

  private Optional<OperationResult> monitor(TimelineStacks stacks) {
    MonitorCheckpoint checkpoint =
        new MonitorCheckpoint(store(), request, settings, 0, Set.of(), time);
    checkpoint.begin("host");
    int[] polls = {0};
    return new Monitor(
            request,
            settings,
            stacks,
            LeaseRenewer.ofWatcher(
                TestCoordinators.of(registryFile, new FakeStacks(), time),
                "dep-1",
                Duration.ofMinutes(30),
                Duration.ofMinutes(15),
                time,
                warning -> {}),
            checkpoint,
            heard,
            observed -> null,
            new ServiceWatch(
                () -> {
                  throw unasked();
                },
                () -> {
                  throw unasked();
                }),
            new Pace(
                time,
                new SplittableRandom(2),
                () -> heard.looks.size() + polls[0] >= pollsUntilStop))
        .run();
  }

  /** Services may not be looked at here. */
  private static AwsFailure unasked() {
    return new AwsFailure(
        AwsErrorKind.ACCESS_DENIED, "denied", "", new IllegalStateException("not allowed here"));
  }

  private static ScriptedOperation timeline(String... lines) {
    return new ScriptedOperation("S", START, lines);
  }

  private OperationResult end(TimelineStacks stacks) {
    return monitor(stacks).orElseThrow();
  }

  private OperationResult end(ScriptedOperation timeline) {
    return end(new TimelineStacks(timeline, time));
  }

  private void assertEachToldOnce(ScriptedOperation timeline) {
    assertEquals(timeline.all().size(), heard.events.size());
    assertEquals(timeline.ids(), new LinkedHashSet<>(heard.ids()));
  }

  @Test
  void aCreationIsFollowedToItsEnd() {
    ScriptedOperation timeline = timeline(CREATE);
    TimelineStacks stacks =
        new TimelineStacks(timeline, time)
            .withTemplate(
                "{\"Resources\":{\"Vpc\":{},\"Db\":{},\"Lb\":{},\"Maybe\":{\"Condition\":\"C\"}}}");
    OperationResult end = end(stacks);
    assertEquals(MonitorOutcome.SUCCEEDED, end.outcome());
    assertEquals(Duration.ofSeconds(701), end.duration());
    assertNull(end.cause());
    assertEachToldOnce(timeline);
    assertEquals("0 of 3 resources done", heard.looks.get(0).progress().describe());
    Snapshot middle = heard.looks.get(10);
    assertEquals("2 of 3 resources done", middle.progress().describe());
    assertEquals("Db", middle.running().get(0).logicalId());
    assertEquals(1, heard.ends.size());
    assertEquals(1, stacks.calls().get("GetTemplate"));
  }

  @Test
  void aPollIsTwoCallsHoweverLongTheHistory() {
    ScriptedOperation timeline = timeline();
    timeline.add("0 S CREATE_IN_PROGRESS");
    for (int i = 0; i < 5_000; i++) {
      timeline.add("1 R" + i + " queue CREATE_IN_PROGRESS");
      timeline.add("2 R" + i + " queue CREATE_COMPLETE");
    }
    timeline.add("3 S CREATE_COMPLETE");
    timeline.add("10 S UPDATE_IN_PROGRESS | User Initiated");
    for (int i = 0; i < 200; i++) {
      timeline.add(20 + 10 * i + " U" + i + " queue UPDATE_IN_PROGRESS");
      timeline.add(25 + 10 * i + " U" + i + " queue UPDATE_COMPLETE");
    }
    timeline.add("3600 S UPDATE_COMPLETE");
    time.advance(Duration.ofSeconds(11));
    TimelineStacks stacks = new TimelineStacks(timeline, time).pages(100);
    OperationResult end = end(stacks);
    assertEquals(MonitorOutcome.SUCCEEDED, end.outcome());
    int polls = heard.looks.size();
    assertTrue(stacks.totalCalls() <= 2 * polls + 2, stacks.calls() + " in " + polls + " polls");
    assertEquals(402, heard.events.size(), "the history of the creation is not told");
    assertEquals(new LinkedHashSet<>(heard.ids()).size(), heard.events.size());
  }

  @Test
  void eventsOfOneMillisecondAndOfManyPagesAreToldOnceEach() {
    ScriptedOperation timeline = timeline("0 S CREATE_IN_PROGRESS");
    for (int i = 0; i < 900; i++) {
      timeline.add("40 R" + i + " queue CREATE_IN_PROGRESS");
    }
    for (int i = 0; i < 900; i++) {
      timeline.add("95 R" + i + " queue CREATE_COMPLETE");
    }
    timeline.add("100 S CREATE_COMPLETE");
    end(new TimelineStacks(timeline, time).pages(100));
    assertEachToldOnce(timeline);
  }

  @Test
  void theRootCauseIsTheFirstRealFailure() {
    ScriptedOperation timeline =
        timeline(
            "0 S CREATE_IN_PROGRESS | User Initiated",
            "1 Vpc vpc CREATE_IN_PROGRESS",
            "20 Vpc vpc CREATE_COMPLETE",
            "21 Db db CREATE_IN_PROGRESS",
            "21 Role role CREATE_IN_PROGRESS",
            "22 Lb lb CREATE_IN_PROGRESS",
            "50 Lb lb CREATE_FAILED | Resource creation cancelled",
            "50 Role role CREATE_FAILED | Role with name x already exists",
            "51 Db db CREATE_FAILED | Resource creation cancelled",
            "52 S ROLLBACK_IN_PROGRESS | The following resource(s) failed to create: [Lb, Role, Db].",
            "60 Role role DELETE_COMPLETE",
            "61 Lb lb DELETE_COMPLETE",
            "70 Db db DELETE_IN_PROGRESS",
            "300 Db db DELETE_COMPLETE",
            "310 Vpc vpc DELETE_COMPLETE",
            "311 S ROLLBACK_COMPLETE");
    OperationResult end = end(timeline);
    assertEquals(MonitorOutcome.FAILED, end.outcome());
    assertEquals("Role", end.cause().logicalId());
    assertEquals("Role with name x already exists", end.cause().reason());
    assertEquals(List.of("Lb", "Db"), end.followed().stream().map(f -> f.logicalId()).toList());
    assertTrue(end.summary().contains("Role with name x already exists"), end.summary());
    assertEquals(
        1, heard.alerts(AlertKind.RESOURCE_FAILED).size(), "the cancelled ones are not told");
    assertEquals(1, heard.alerts(AlertKind.ROLLING_BACK).size());
    Snapshot rolling =
        heard.looks.stream().filter(l -> l.progress().rollingBack()).findFirst().orElseThrow();
    assertTrue(rolling.progress().describe().startsWith("rolling back: "), rolling.toString());
    assertEquals(
        "rolling back: 2 of 4 resources left",
        heard.looks.stream()
            .filter(l -> l.at().equals(START.plusSeconds(90)))
            .findFirst()
            .orElseThrow()
            .progress()
            .describe());
    assertNull(end.rollbackCause());
  }

  @Test
  void aRollbackThatFailsHasACauseOfItsOwn() {
    OperationResult end =
        end(
            timeline(
                "0 S UPDATE_IN_PROGRESS | User Initiated",
                "5 Svc svc UPDATE_IN_PROGRESS",
                "90 Svc svc UPDATE_FAILED | Resource handler returned message: \"no healthy targets\"",
                "91 S UPDATE_ROLLBACK_IN_PROGRESS | The following resource(s) failed to update: [Svc].",
                "100 Svc svc UPDATE_IN_PROGRESS",
                "190 Svc svc UPDATE_FAILED | image is gone",
                "191 S UPDATE_ROLLBACK_FAILED | The following resource(s) failed to update: [Svc]."));
    assertEquals(MonitorOutcome.FAILED, end.outcome());
    assertEquals("UPDATE_ROLLBACK_FAILED", end.status());
    assertTrue(end.cause().reason().contains("no healthy targets"));
    assertEquals("image is gone", end.rollbackCause().reason());
  }

  @Test
  void nestedStacksAreFollowedToTheirOwnCause() {
    ScriptedOperation timeline =
        timeline(
            "0 S CREATE_IN_PROGRESS | User Initiated",
            "1 Data stack:S-Data CREATE_IN_PROGRESS",
            "2 [S-Data] S-Data CREATE_IN_PROGRESS",
            "3 [S-Data] Inner stack:S-Inner CREATE_IN_PROGRESS",
            "4 [S-Inner] S-Inner CREATE_IN_PROGRESS",
            "5 [S-Inner] Db db CREATE_IN_PROGRESS",
            "5 [S-Inner] Q queue CREATE_IN_PROGRESS",
            "150 [S-Inner] Db db CREATE_FAILED | DB instance class not available",
            "151 [S-Inner] Q queue CREATE_FAILED | Resource creation cancelled",
            "152 [S-Inner] S-Inner CREATE_FAILED | The following resource(s) failed to create: [Db, Q].",
            "153 [S-Data] Inner stack:S-Inner CREATE_FAILED | Embedded stack arn:x was not successfully"
                + " created: The following resource(s) failed to create: [Db, Q].",
            "154 [S-Data] S-Data CREATE_FAILED | The following resource(s) failed to create: [Inner].",
            "155 Data stack:S-Data CREATE_FAILED | Embedded stack arn:y was not successfully created:"
                + " The following resource(s) failed to create: [Inner].",
            "156 S ROLLBACK_IN_PROGRESS | The following resource(s) failed to create: [Data].",
            "170 Data stack:S-Data DELETE_IN_PROGRESS",
            "171 [S-Data] S-Data DELETE_IN_PROGRESS",
            "180 [S-Data] S-Data DELETE_COMPLETE",
            "181 Data stack:S-Data DELETE_COMPLETE",
            "182 S ROLLBACK_COMPLETE");
    OperationResult end = end(timeline);
    assertEquals("Db", end.cause().logicalId());
    assertEquals("S-Inner", end.cause().stackName());
    assertEquals("DB instance class not available", end.cause().reason());
    assertEachToldOnce(timeline);
  }

  @Test
  void aCancelledUpdateIsARollbackWithoutAFailedResource() {
    OperationResult end =
        end(
            timeline(
                "0 S UPDATE_IN_PROGRESS | User Initiated",
                "5 Svc svc UPDATE_IN_PROGRESS",
                "60 S UPDATE_ROLLBACK_IN_PROGRESS | User Initiated",
                "61 Svc svc UPDATE_FAILED | Resource update cancelled",
                "70 Svc svc UPDATE_COMPLETE",
                "75 S UPDATE_ROLLBACK_COMPLETE"));
    assertEquals(MonitorOutcome.FAILED, end.outcome());
    assertTrue(end.summary().contains("UPDATE_ROLLBACK_COMPLETE"), end.summary());
  }

  @Test
  void anUpdateThatCleansUpHasSucceededAndIsWatchedToTheEnd() {
    OperationResult end =
        end(
            new TimelineStacks(
                    timeline(
                        "0 S UPDATE_IN_PROGRESS | User Initiated",
                        "5 Svc svc UPDATE_IN_PROGRESS",
                        "60 Svc svc UPDATE_COMPLETE",
                        "61 S UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
                        "70 Old queue DELETE_IN_PROGRESS",
                        "400 Old queue DELETE_COMPLETE",
                        "401 S UPDATE_COMPLETE"),
                    time)
                .withChanges("Svc"));
    assertEquals(MonitorOutcome.SUCCEEDED, end.outcome());
    assertEquals(1, heard.alerts(AlertKind.CLEANING_UP).size());
    assertEquals("1 of 1 resources done", heard.looks.get(2).progress().describe());
  }

  @Test
  void aDeletionSucceedsWhenTheStackIsGone() {
    String[] lines = {
      "-900 S CREATE_IN_PROGRESS",
      "-890 Db db CREATE_COMPLETE",
      "-880 S CREATE_COMPLETE",
      "0 S DELETE_IN_PROGRESS | User Initiated",
      "5 Db db DELETE_IN_PROGRESS",
      "200 Db db DELETE_COMPLETE",
      "201 S DELETE_COMPLETE"
    };
    OperationResult end = end(timeline(lines));
    assertEquals(MonitorOutcome.SUCCEEDED, end.outcome());
    assertEquals(4, heard.events.size());
    kept.remove(STATE);
    time.stepWallClock(Duration.between(time.now(), START));
    assertEquals(
        MonitorOutcome.SUCCEEDED,
        end(new TimelineStacks(timeline(lines), time).forgettingDeleted()).outcome());
  }

  @Test
  void aDeletionThatFailsSaysWhatIsInTheWay() {
    OperationResult end =
        end(
            timeline(
                "0 S DELETE_IN_PROGRESS | User Initiated",
                "5 Bucket AWS::S3::Bucket DELETE_IN_PROGRESS",
                "9 Bucket AWS::S3::Bucket DELETE_FAILED | The bucket you tried to delete is not empty",
                "10 S DELETE_FAILED | The following resource(s) failed to delete: [Bucket]."));
    assertEquals(MonitorOutcome.FAILED, end.outcome());
    assertEquals("Bucket", end.cause().logicalId());
  }

  @Test
  void aStackDeletedUnderTheDeploymentIsSaid() {
    OperationResult end =
        end(
            timeline(
                "0 S CREATE_IN_PROGRESS | User Initiated",
                "5 Db db CREATE_IN_PROGRESS",
                "100 S DELETE_IN_PROGRESS | User Initiated",
                "101 Db db DELETE_IN_PROGRESS",
                "200 Db db DELETE_COMPLETE",
                "201 S DELETE_COMPLETE"));
    assertEquals(MonitorOutcome.FAILED, end.outcome());
    assertEquals(1, heard.alerts(AlertKind.DELETED_UNDER_IT).size());
    assertTrue(end.summary().contains("deleted during its creation"), end.summary());
  }

  @Test
  void yesterdaysFailureIsNotTodays() {
    OperationResult end =
        end(
            timeline(
                "-90000 S UPDATE_IN_PROGRESS | User Initiated",
                "-89990 Svc svc UPDATE_FAILED | yesterday's reason",
                "-89980 S UPDATE_ROLLBACK_IN_PROGRESS",
                "-89970 S UPDATE_ROLLBACK_COMPLETE",
                "0 S UPDATE_IN_PROGRESS | User Initiated",
                "5 Svc svc UPDATE_IN_PROGRESS",
                "60 Svc svc UPDATE_COMPLETE",
                "61 S UPDATE_COMPLETE"));
    assertEquals(MonitorOutcome.SUCCEEDED, end.outcome());
    assertEquals(4, heard.events.size());
    assertEquals(List.of(), heard.alerts(AlertKind.RESOURCE_FAILED));
  }

  @Test
  void goingOnWithARollbackIsAnOperationOfItsOwn() {
    OperationResult end =
        end(
            timeline(
                "-500 S UPDATE_IN_PROGRESS",
                "-490 Svc svc UPDATE_FAILED | broken",
                "-480 S UPDATE_ROLLBACK_IN_PROGRESS",
                "-400 S UPDATE_ROLLBACK_FAILED",
                "0 S UPDATE_ROLLBACK_IN_PROGRESS | User Initiated",
                "5 Svc svc UPDATE_COMPLETE",
                "10 S UPDATE_ROLLBACK_COMPLETE"));
    assertEquals(MonitorOutcome.SUCCEEDED, end.outcome());
    assertEquals(3, heard.events.size());
  }

  @Test
  void aStallIsToldOnceAgainWhenItDoublesAndWhenItMoves() {
    OperationResult end =
        end(
            timeline(
                "0 S CREATE_IN_PROGRESS",
                "5 Svc svc CREATE_IN_PROGRESS",
                "1900 Svc svc CREATE_COMPLETE",
                "1901 S CREATE_COMPLETE"));
    assertEquals(MonitorOutcome.SUCCEEDED, end.outcome());
    List<Alert> stalls = heard.alerts(AlertKind.STALLED);
    assertEquals(2, stalls.size(), stalls.toString());
    assertTrue(
        stalls.get(0).text().contains("Svc (AWS::ECS::Service) for 10 min"), stalls.toString());
    assertEquals(1, heard.alerts(AlertKind.MOVING_AGAIN).size());
  }

  @Test
  void aDatabaseThatTakesItsTimeIsNoStall() {
    end(
        timeline(
            "0 S CREATE_IN_PROGRESS",
            "5 Db db CREATE_IN_PROGRESS",
            "1400 Db db CREATE_COMPLETE",
            "1401 S CREATE_COMPLETE"));
    assertEquals(List.of(), heard.alerts(AlertKind.STALLED));
  }

  @Test
  void aDatabaseThatTakesFarTooLongIsOne() {
    end(
        timeline(
            "0 S CREATE_IN_PROGRESS",
            "5 Db db CREATE_IN_PROGRESS",
            "2000 Db db CREATE_COMPLETE",
            "2001 S CREATE_COMPLETE"));
    assertEquals(1, heard.alerts(AlertKind.STALLED).size());
  }

  @Test
  void aStepOfTheClockIsNoStall() {
    int[] sleeps = {0};
    time.onSleep(
        () -> {
          if (sleeps[0]++ == 500) {
            time.stepWallClock(Duration.ofHours(2));
          }
        });
    end(
        timeline(
            "0 S CREATE_IN_PROGRESS",
            "5 Svc svc CREATE_IN_PROGRESS",
            "7400 Svc svc CREATE_COMPLETE",
            "7401 S CREATE_COMPLETE"));
    assertEquals(List.of(), heard.alerts(AlertKind.STALLED));
  }

  @Test
  void takingTooLongIsToldOnce() {
    end(
        timeline(
            "0 S CREATE_IN_PROGRESS",
            "5 Db db CREATE_IN_PROGRESS",
            "1000 Db db CREATE_COMPLETE",
            "1001 Svc svc CREATE_IN_PROGRESS",
            "1400 Svc svc CREATE_COMPLETE",
            "1401 X svc CREATE_IN_PROGRESS",
            "2000 X svc CREATE_IN_PROGRESS+CONFIGURATION_COMPLETE",
            "2500 X svc CREATE_COMPLETE",
            "3000 S CREATE_COMPLETE"));
    assertEquals(1, heard.alerts(AlertKind.OVERDUE).size());
  }

  @Test
  void anOutageIsSatOutAndSaidOnce() {
    TimelineStacks stacks =
        new TimelineStacks(timeline(CREATE), time).failing(AwsErrorKind.UNREACHABLE, 100, 600);
    OperationResult end = end(stacks);
    assertEquals(MonitorOutcome.SUCCEEDED, end.outcome());
    assertEquals(1, heard.alerts(AlertKind.AWS_AWAY).size());
    assertEquals(1, heard.alerts(AlertKind.AWS_BACK).size());
    assertEquals(8, heard.events.size());
  }

  @Test
  void anOutageBeyondTheToleranceEndsWithTheTruth() {
    TimelineStacks stacks =
        new TimelineStacks(timeline(CREATE), time).failing(AwsErrorKind.THROTTLED, 100, 9_000);
    OperationResult end = end(stacks);
    assertEquals(MonitorOutcome.UNKNOWN, end.outcome());
    Duration timeout = Duration.between(START.plusSeconds(100), time.now());
    assertTrue(timeout.compareTo(Duration.ofMinutes(15)) >= 0, timeout.toString());
    assertTrue(timeout.compareTo(Duration.ofMinutes(18)) < 0, timeout.toString());
    MonitorState state = store().find("dep-1").orElseThrow();
    assertTrue(state.finished());
    assertEquals(MonitorOutcome.UNKNOWN, state.outcome());
  }

  @ParameterizedTest
  @EnumSource(
      value = AwsErrorKind.class,
      names = {"ACCESS_DENIED", "EXPIRED_CREDENTIALS", "NO_CREDENTIALS", "NO_REGION"})
  void aRefusalForGoodEndsAtOnce(AwsErrorKind problem) {
    TimelineStacks stacks = new TimelineStacks(timeline(CREATE), time).failing(problem, 100, 9_000);
    OperationResult end = end(stacks);
    assertEquals(MonitorOutcome.UNKNOWN, end.outcome());
    assertTrue(time.now().isBefore(START.plusSeconds(140)));
    assertTrue(end.summary().contains("mend it"), end.summary());
    assertEquals(List.of(), heard.alerts(AlertKind.AWS_AWAY));
  }

  @Test
  void aStackThatDoesNotExistIsSaidAtOnceUnlessOneWaits() {
    ScriptedOperation late =
        new ScriptedOperation("S", START, "120 S CREATE_IN_PROGRESS", "180 S CREATE_COMPLETE");
    OperationResult end = end(late);
    assertEquals(MonitorOutcome.FAILED, end.outcome());
    assertEquals(START, time.now());
    kept.remove(STATE);
    settings =
        new MonitorSettings(
            settings.checkInterval(),
            settings.stallThreshold(),
            settings.maxDuration(),
            settings.recoveryInterval(),
            settings.outageTolerance(),
            settings.waitForOperation(),
            Duration.ofMinutes(5));
    assertEquals(MonitorOutcome.SUCCEEDED, end(late).outcome());
  }

  @Test
  void anIdleStackOfAnUnknownDeploymentTellsItsLastOperation() {
    time.advance(Duration.ofHours(5));
    OperationResult end = end(timeline(CREATE));
    assertEquals(MonitorOutcome.SUCCEEDED, end.outcome());
    assertEquals(8, heard.events.size());
  }

  @Test
  void aRegisteredDeploymentIsAwaitedAndItsOwnOperationFollowed() {
    ScriptedOperation timeline =
        timeline(
            "-900 S UPDATE_IN_PROGRESS",
            "-880 Svc svc UPDATE_COMPLETE",
            "-870 S UPDATE_COMPLETE",
            "200 S UPDATE_IN_PROGRESS | User Initiated",
            "210 Svc svc UPDATE_IN_PROGRESS",
            "300 Svc svc UPDATE_COMPLETE",
            "301 S UPDATE_COMPLETE");
    TimelineStacks stacks = new TimelineStacks(timeline, time);
    register(stacks);
    OperationResult end = end(stacks);
    assertEquals(MonitorOutcome.SUCCEEDED, end.outcome());
    assertEquals(List.of("event-3", "event-4", "event-5", "event-6"), heard.ids());
    assertEquals(1, heard.alerts(AlertKind.WAITING).size());
  }

  @Test
  void aRegisteredDeploymentWithoutChangesEndsWithItsRelease() {
    ScriptedOperation timeline = timeline("-900 S UPDATE_IN_PROGRESS", "-870 S UPDATE_COMPLETE");
    TimelineStacks stacks = new TimelineStacks(timeline, time);
    register(stacks);
    int[] sleeps = {0};
    time.onSleep(
        () -> {
          if (sleeps[0]++ == 400) {
            TestCoordinators.release(registryFile, "dep-1", time);
          }
        });
    OperationResult end = end(stacks);
    assertEquals(MonitorOutcome.SUCCEEDED, end.outcome());
    assertNull(end.startedAt());
    assertTrue(time.now().isBefore(START.plusSeconds(150)), time.now().toString());
  }

  @ParameterizedTest
  @CsvSource({"CANCELLED, was cancelled", "FAILED, failed"})
  void aDeploymentThatEndsBeforeItsOperationSaysHow(DeploymentStatus how, String words) {
    ScriptedOperation timeline = timeline("-900 S UPDATE_IN_PROGRESS", "-870 S UPDATE_COMPLETE");
    TimelineStacks stacks = new TimelineStacks(timeline, time);
    register(stacks);
    time.onSleep(() -> TestCoordinators.release(registryFile, "dep-1", how, time));
    OperationResult end = end(stacks);
    assertEquals(MonitorOutcome.FAILED, end.outcome());
    assertEquals(
        "The deployment " + words + " before an operation of S began; it is in UPDATE_COMPLETE",
        end.summary());
  }

  private void register(TimelineStacks stacks) {
    assertTrue(TestCoordinators.tryAcquire(registryFile, "dep-1", time));
    assertNotNull(stacks);
  }

  @Test
  void theLeaseIsRenewedWhileTheMonitorLives() {
    TimelineStacks stacks =
        new TimelineStacks(
            timeline(
                "0 S CREATE_IN_PROGRESS",
                "5 Db db CREATE_IN_PROGRESS",
                "9000 Db db CREATE_COMPLETE",
                "9001 S CREATE_COMPLETE"),
            time);
    register(stacks);
    end(stacks);
    assertTrue(registry.read().find("dep-1").leaseExpiresAt().isAfter(time.now()), "150 min later");
  }

  @Test
  void theEndOfTheOperationIsWrittenIntoTheEntry() {
    ScriptedOperation timeline =
        timeline(
            "10 S UPDATE_IN_PROGRESS | User Initiated",
            "20 Svc svc UPDATE_FAILED | no",
            "21 S UPDATE_ROLLBACK_IN_PROGRESS",
            "60 S UPDATE_ROLLBACK_COMPLETE");
    TimelineStacks stacks = new TimelineStacks(timeline, time);
    register(stacks);
    end(stacks);
    Deployment entry = registry.read().find("dep-1");
    assertNotNull(entry);
    assertEquals("UPDATE_ROLLBACK_COMPLETE", entry.operationStatus());
    assertEquals(START.plusSeconds(60), entry.operationEndedAt());
    assertEquals(DeploymentStatus.IN_PROGRESS, entry.status(), "who deploys may not be done");
  }

  @Test
  void aPersonWhoCancelsIsTheCauseAndNotWhatWasCancelled() {
    OperationResult end =
        end(
            new TimelineStacks(
                timeline(
                    "0 S UPDATE_IN_PROGRESS | User Initiated",
                    "5 Svc svc UPDATE_IN_PROGRESS",
                    "30 S UPDATE_ROLLBACK_IN_PROGRESS | User Initiated",
                    "31 Svc svc UPDATE_FAILED | Resource update cancelled",
                    "60 S UPDATE_ROLLBACK_COMPLETE"),
                time));
    assertEquals(MonitorOutcome.FAILED, end.outcome());
    assertNull(end.cause());
    assertTrue(end.summary().contains("a person cancelled the update"), end.summary());
  }

  @Test
  void whatFailsOnTheWayBackIsNotWhyItTurned() {
    OperationResult end =
        end(
            new TimelineStacks(
                timeline(
                    "0 S UPDATE_IN_PROGRESS | User Initiated",
                    "5 Svc svc UPDATE_IN_PROGRESS",
                    "10 Svc svc UPDATE_COMPLETE",
                    "30 S UPDATE_ROLLBACK_IN_PROGRESS | Rollback triggered by alarm Errors",
                    "40 Svc svc UPDATE_FAILED | Access denied",
                    "60 S UPDATE_ROLLBACK_FAILED"),
                time));
    assertNull(end.cause());
    assertTrue(end.summary().contains("Rollback triggered by alarm Errors"), end.summary());
    assertNotNull(end.rollbackCause());
  }

  @Test
  void aDeploymentThatIsLeftToTheMonitorIsFinishedByIt() {
    ScriptedOperation timeline =
        timeline("10 S UPDATE_IN_PROGRESS | User Initiated", "60 S UPDATE_COMPLETE");
    TimelineStacks stacks = new TimelineStacks(timeline, time);
    register(stacks);
    registry.update(
        document -> {
          document.put(document.find("dep-1").commandEnded(1));
          return document;
        });
    end(stacks);
    Deployment entry = registry.read().find("dep-1");
    assertEquals(
        DeploymentStatus.SUCCEEDED, entry.status(), "the operation's end, not the command's");
    assertEquals("UPDATE_COMPLETE", entry.operationStatus());
  }

  @Test
  void anotherProcessesLeaseIsKeptOnlyWhileTheOperationGoesOn() {
    ScriptedOperation timeline =
        timeline("400 S UPDATE_IN_PROGRESS | User Initiated", "900 S UPDATE_COMPLETE");
    TimelineStacks stacks = new TimelineStacks(timeline, time);
    register(stacks);
    Instant[] lease = {time.now().plusSeconds(120)};
    registry.update(
        document -> {
          Deployment entry = document.find("dep-1");
          document.put(
              entry
                  .ownedBy(new ProcessIdentity(7, 7L, "another-boot", "pid:[7]"), "there")
                  .with("lease_expires_at", lease[0]));
          return entry;
        });
    time.onSleep(
        () -> {
          Instant now = registry.read().find("dep-1").leaseExpiresAt();
          boolean before = time.now().isBefore(START.plusSeconds(400));
          assertTrue(!before || now.equals(lease[0]), "renewed while nothing was at work");
          assertTrue(!now.isAfter(time.now().plusSeconds(120)), "renewed for longer than its own");
        });
    end(stacks);
    assertTrue(
        registry.read().find("dep-1").leaseExpiresAt().isAfter(START.plusSeconds(900)),
        "not renewed while the operation went on");
  }

  @Test
  void aMonitorThatIsStoppedIsGoneOnWithoutRepeatingAnything() {
    ScriptedOperation timeline =
        timeline(
            "0 S CREATE_IN_PROGRESS",
            "1 Role role CREATE_IN_PROGRESS",
            "2 Db db CREATE_IN_PROGRESS",
            "100 Role role CREATE_FAILED | exists",
            "110 Db db CREATE_FAILED | Resource creation cancelled",
            "111 S ROLLBACK_IN_PROGRESS",
            "300 Db db DELETE_COMPLETE",
            "310 S ROLLBACK_COMPLETE");
    TimelineStacks stacks = new TimelineStacks(timeline, time);
    Optional<OperationResult> end = Optional.empty();
    for (int polls = 1; end.isEmpty(); polls++) {
      pollsUntilStop = polls;
      end = monitor(stacks);
      time.advance(Duration.ofSeconds(30));
    }
    assertEachToldOnce(timeline);
    assertEquals("exists", end.get().cause().reason(), "known although told by an earlier monitor");
    assertEquals(1, heard.alerts(AlertKind.RESOURCE_FAILED).size());
    assertEquals(1, heard.alerts(AlertKind.ROLLING_BACK).size());
    assertEquals(1, heard.ends.size());
  }

  @Test
  void aDeploymentThatEndedWhileNobodyWatchedIsReported() {
    ScriptedOperation timeline = timeline(CREATE);
    TimelineStacks stacks = new TimelineStacks(timeline, time);
    pollsUntilStop = 2;
    assertEquals(Optional.empty(), monitor(stacks));
    time.advance(Duration.ofHours(3));
    pollsUntilStop = Integer.MAX_VALUE;
    assertEquals(MonitorOutcome.SUCCEEDED, end(stacks).outcome());
    assertEachToldOnce(timeline);
  }

  @Test
  void aDamagedStateFileIsPutAsideAndWatchingBeginsAnew() {
    kept.put(STATE, "not json".getBytes(StandardCharsets.UTF_8));
    List<String> warnings = new ArrayList<>();
    MonitorStore store = new MonitorStore(kept, new MachineFolder(folder), time, warnings::add);
    assertEquals(Optional.empty(), store.find("dep-1"));
    assertTrue(store.change("dep-1", state -> state.with("x", 1L)));
    assertEquals(1, warnings.size());
    assertEquals(1L, store.find("dep-1").orElseThrow().toJson().get("x"));
  }

  @Test
  void oddWordsOfAwsDoNoHarm() {
    ScriptedOperation timeline =
        timeline(
            "0 S CREATE_IN_PROGRESS",
            "1 A queue CREATE_IN_PROGRESS",
            "2 A queue CREATE_FAILED | " + "x".repeat(20_000) + "\n\u001b[31mred\u0000",
            "3 S ROLLBACK_IN_PROGRESS",
            "4 S ROLLBACK_COMPLETE");
    OperationResult end = end(timeline);
    assertTrue(end.cause().reason().length() > 20_000, "AWS's words are whole");
    String words = PlainView.describe(end);
    assertTrue(words.length() < 2_000);
    assertFalse(words.contains("\u001b"));
  }

  @Test
  void aNestedStackThatIsThrottledCostsNoEventAndNoCause() {
    ScriptedOperation timeline =
        timeline(
            "0 S CREATE_IN_PROGRESS",
            "1 Nested stack:N CREATE_IN_PROGRESS",
            "2 [N] N CREATE_IN_PROGRESS",
            "3 [N] Q queue CREATE_IN_PROGRESS",
            "4 Db db CREATE_IN_PROGRESS",
            "95 Db db CREATE_FAILED | the real cause",
            "100 Nested stack:N CREATE_FAILED | Resource creation cancelled",
            "101 S ROLLBACK_IN_PROGRESS",
            "400 S ROLLBACK_COMPLETE");
    TimelineStacks stacks =
        new TimelineStacks(timeline, time).failingFor("N", AwsErrorKind.THROTTLED, 80, 200);
    OperationResult end = end(stacks);
    assertEquals("the real cause", end.cause().reason());
    assertEachToldOnce(timeline);
  }

  @Test
  void aBrokenStackThatIsReplacedIsFollowedToTheNewOne() {
    ScriptedOperation timeline =
        timeline(
            "-900 S CREATE_IN_PROGRESS",
            "-880 S ROLLBACK_IN_PROGRESS",
            "-870 S ROLLBACK_COMPLETE",
            "60 S DELETE_IN_PROGRESS | User Initiated",
            "120 S DELETE_COMPLETE",
            "200 S CREATE_IN_PROGRESS | User Initiated",
            "210 Db db CREATE_IN_PROGRESS",
            "300 Db db CREATE_FAILED | again",
            "301 S ROLLBACK_IN_PROGRESS",
            "400 S ROLLBACK_COMPLETE");
    TimelineStacks stacks = new TimelineStacks(timeline, time);
    register(stacks);
    OperationResult end = end(stacks);
    assertEquals(MonitorOutcome.FAILED, end.outcome());
    assertEquals("again", end.cause().reason());
    assertEquals(7, heard.events.size());
  }

  @Test
  void theNextOperationIsNotTakenForThisOne() {
    ScriptedOperation timeline =
        timeline(
            "0 S UPDATE_IN_PROGRESS | User Initiated",
            "5 Svc svc UPDATE_COMPLETE",
            "40 S UPDATE_COMPLETE",
            "41 S UPDATE_IN_PROGRESS | User Initiated",
            "45 Other svc UPDATE_FAILED | the second's failure",
            "46 S UPDATE_ROLLBACK_IN_PROGRESS",
            "90 S UPDATE_ROLLBACK_COMPLETE");
    OperationResult end = end(timeline);
    assertEquals(MonitorOutcome.SUCCEEDED, end.outcome());
    assertEquals(3, heard.events.size());
  }

  @Test
  void aStatusThatIsAheadOfItsEventsMakesNoYesterdayToday() {
    ScriptedOperation timeline =
        timeline(
            "-8000 S UPDATE_IN_PROGRESS",
            "-7990 X svc UPDATE_FAILED | yesterday",
            "-7980 S UPDATE_ROLLBACK_IN_PROGRESS",
            "-7970 S UPDATE_ROLLBACK_COMPLETE",
            "70 S UPDATE_IN_PROGRESS | User Initiated",
            "80 X svc UPDATE_COMPLETE",
            "120 S UPDATE_COMPLETE");
    OperationResult end =
        end(new TimelineStacks(timeline, time).statusAhead("UPDATE_IN_PROGRESS", 0, 70));
    assertEquals(MonitorOutcome.SUCCEEDED, end.outcome());
    assertEquals(3, heard.events.size());
    assertEquals(List.of(), heard.alerts(AlertKind.RESOURCE_FAILED));
  }

  @Test
  void aSlowResourceInANestedStackIsNoStall() {
    end(
        timeline(
            "0 S CREATE_IN_PROGRESS",
            "1 Nested stack:N CREATE_IN_PROGRESS",
            "2 [N] N CREATE_IN_PROGRESS",
            "3 [N] Db db CREATE_IN_PROGRESS",
            "1300 [N] Db db CREATE_COMPLETE",
            "1301 [N] N CREATE_COMPLETE",
            "1302 Nested stack:N CREATE_COMPLETE",
            "1303 S CREATE_COMPLETE"));
    assertEquals(List.of(), heard.alerts(AlertKind.STALLED));
  }

  @Test
  void everyOutageIsToldAlsoByTheNextMonitor() {
    TimelineStacks stacks =
        new TimelineStacks(timeline(CREATE), time).failing(AwsErrorKind.UNREACHABLE, 50, 80);
    int[] rounds = {0};
    pollsUntilStop = 3;
    Optional<OperationResult> first = monitor(stacks);
    assertEquals(Optional.empty(), first);
    stacks.failing(AwsErrorKind.UNREACHABLE, 300, 380);
    pollsUntilStop = Integer.MAX_VALUE;
    end(stacks);
    assertEquals(0, rounds[0]);
    assertEquals(2, heard.alerts(AlertKind.AWS_AWAY).size());
    assertEquals(2, heard.alerts(AlertKind.AWS_BACK).size());
  }

  @Test
  void aStateThatIsLostNamesItsMonitorAgain() {
    ScriptedOperation timeline = timeline(CREATE);
    TimelineStacks stacks = new TimelineStacks(timeline, time);
    int[] sleeps = {0};
    time.onSleep(
        () -> {
          if (sleeps[0]++ == 300) {
            kept.remove(STATE);
          }
        });
    end(stacks);
    assertTrue(store().find("dep-1").orElseThrow().running(), "this process");
  }

  @Test
  void anArnIsAsGoodAsAName() {
    request =
        new WatchRequest(
            "dep-1", "production", "S", ScriptedOperation.arn("S"), null, LocalFile.of("log"));
    assertEquals(MonitorOutcome.SUCCEEDED, end(timeline(CREATE)).outcome());
  }
}
