package deployctl.monitor.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.aws.cloudformation.StackEvent;
import deployctl.state.MemoryStateStore;
import deployctl.support.file.LocalFile;
import deployctl.support.file.MachineFolder;
import deployctl.testing.FakeTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a monitor that is started anew takes for told. */
class MonitorCheckpointTest {
  private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");
  private static final StallState NO_STALL = new StallState(false, 0, 0, Duration.ofMinutes(10));

  @TempDir Path folder;
  private final FakeTime time = new FakeTime("2026-01-31T12:00:00Z");
  private final MemoryStateStore kept = new MemoryStateStore();

  private MonitorCheckpoint checkpoint() {
    MonitorStore store =
        new MonitorStore(
            kept,
            new MachineFolder(folder),
            time,
            warning -> {
              throw new AssertionError(warning);
            });
    MonitorSettings settings =
        new MonitorSettings(
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofHours(2),
            Duration.ofSeconds(60),
            Duration.ofMinutes(15),
            Duration.ofMinutes(10),
            Duration.ZERO);
    WatchRequest request =
        new WatchRequest("dep-1", "production", "S", "S", null, LocalFile.of("log"));
    return new MonitorCheckpoint(store, request, settings, 0, Set.of(), time);
  }

  private static StackEvent event(int second) {
    return new StackEvent(
        "event-" + second,
        "arn",
        "S",
        START.plusSeconds(second),
        "R",
        null,
        "AWS::SNS::Topic",
        "CREATE_COMPLETE",
        null,
        null,
        null);
  }

  /** The ids of the newest are kept; what is older than all of those was told. */
  @Test
  void aRestartAfterALongDeploymentTellsNothingTwice() {
    List<StackEvent> events = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      events.add(event(i));
    }
    MonitorCheckpoint first = checkpoint();
    first.told(events);
    first.polled(NO_STALL, null);
    assertTrue(
        kept.read("monitors/dep-1.json").orElseThrow().content().length < 40_000,
        "the file stays small");
    MonitorCheckpoint second = checkpoint();
    assertEquals(List.of(), events.stream().filter(second::isNew).toList());
    assertTrue(second.isNew(event(1_000)));
  }

  @Test
  void whatCameInTheSecondOfTheOldestThatIsKnownIsStillNew() {
    List<StackEvent> events = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      events.add(event(i));
    }
    MonitorCheckpoint first = checkpoint();
    first.told(events);
    first.polled(NO_STALL, null);
    StackEvent late =
        new StackEvent(
            "late", "arn", "S", START, "Other", null, "T", "CREATE_COMPLETE", null, null, null);
    assertTrue(checkpoint().isNew(late));
    assertFalse(checkpoint().isNew(event(0)));
  }
}
