package deployctl.testing;

import deployctl.support.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A clock that only a test moves: a sleep moves it and returns at once. */
public final class FakeTime implements Time {
  private Instant now;
  private long nanos;
  private final List<Duration> sleeps = new ArrayList<>();
  private Runnable onSleep = () -> {};

  public FakeTime(String start) {
    this.now = Instant.parse(start);
  }

  @Override
  public synchronized Instant now() {
    return now;
  }

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  @Override
  public void sleep(Duration duration) {
    advance(duration);
    sleeps.add(duration);
    onSleep.run();
  }

  public synchronized void advance(Duration duration) {
    now = now.plus(duration);
    nanos += duration.toNanos();
  }

  /** Step the wall clock only, as an NTP correction does. */
  public synchronized void stepWallClock(Duration duration) {
    now = now.plus(duration);
  }

  /**
   * Run something each time the code under test sleeps: the rest of the world goes on meanwhile.
   */
  public void onSleep(Runnable action) {
    onSleep = action;
  }

  public List<Duration> sleeps() {
    return sleeps;
  }
}
