package deployctl.retryqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.notify.message.DeploymentDetails;
import deployctl.notify.message.MessageRenderer;
import deployctl.notify.message.Notification;
import deployctl.slack.Posted;
import deployctl.slack.Slack;
import deployctl.slack.SlackChannel;
import deployctl.slack.SlackIdentity;
import deployctl.slack.SlackPost;
import deployctl.state.MemoryStateStore;
import deployctl.testing.FakeTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Q8: a message at which the program itself fails does not keep the others waiting. */
class OwnFailureTest {
  private final FakeTime time = new FakeTime("2026-01-31T12:00:00Z");
  private final List<String> warnings = new ArrayList<>();
  private final List<String> looked = new ArrayList<>();
  private final List<String> posted = new ArrayList<>();
  private boolean broken = true;
  private boolean lookBroken;

  /** A client of Slack's that falls over one of two messages. */
  private final class FallibleSlack implements Slack {
    @Override
    public Posted post(SlackPost post) {
      if (broken && post.text().contains("poison")) {
        throw new StackOverflowError("deep");
      }
      posted.add(post.text());
      return new Posted(post.channel(), "1." + posted.size());
    }

    @Override
    public Posted update(Posted message, SlackPost post) {
      throw new AssertionError("nothing to replace");
    }

    @Override
    public Optional<Posted> find(SlackPost where, Instant since, BooleanSupplier goOn) {
      looked.add(where.text());
      if (lookBroken) {
        throw new IllegalStateException("looking");
      }
      return Optional.empty();
    }

    @Override
    public void check() {}

    @Override
    public SlackIdentity identity() {
      throw new AssertionError("not asked for");
    }

    @Override
    public SlackChannel channel(String channel) {
      throw new AssertionError("not asked for");
    }
  }

  private final MemoryStateStore store = new MemoryStateStore();
  private final RetryQueue queue =
      new RetryQueue(
          store,
          new FallibleSlack(),
          new MessageRenderer((id, run, stack) -> DeploymentDetails.NONE),
          "C1",
          time,
          new SplittableRandom(1),
          warnings::add);

  private QueueProcessor.DrainReport process() {
    return queue.processor().process(Integer.MAX_VALUE, () -> true);
  }

  private void add(String text) {
    queue.add(new Notification.CustomText(text).at(time.now()).to("C1"));
  }

  @Test
  void itIsLookedForAndSetAsideLoudlyAfterThreeFailuresInARow() {
    add("poison");
    add("fine");
    assertEquals(1, process().sent());
    assertEquals(List.of("fine"), posted, "it does not wait for the other");
    process();
    process();
    assertTrue(warnings.get(2).contains("3 times in a row"), warnings.toString());
    int before = looked.size();
    assertEquals(1, process().deadLettered());
    assertEquals(before + 1, looked.size(), "it is looked for before it is set aside");
    assertTrue(warnings.get(3).contains("is set aside"), warnings.toString());
  }

  /** Neither does it stay for ever when not even the look for it works. */
  @Test
  void whatCannotBeLookedForEitherIsSetAside() {
    add("poison");
    lookBroken = true;
    int dead = 0;
    for (int run = 0; run < 6; run++) {
      dead += process().deadLettered();
    }
    assertEquals(1, dead, warnings.toString());
  }

  @Test
  void oneThatGoesOutAfterAllIsForgotten() {
    add("poison");
    process();
    process();
    broken = false;
    assertEquals(1, process().sent());
    assertEquals(List.of("poison"), posted);
  }
}
