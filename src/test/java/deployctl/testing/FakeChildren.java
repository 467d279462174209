package deployctl.testing;

import deployctl.support.process.Child;
import deployctl.support.process.ProcessIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Commands that are started in name only: the test says what they do, and how they end. */
public final class FakeChildren implements Child.ChildStarter {
  private final List<List<String>> started = new ArrayList<>();
  private final List<Duration> ended = new ArrayList<>();
  private final CountDownLatch told = new CountDownLatch(1);
  private Map<String, String> environment = Map.of();
  private Runnable before = () -> {};
  private int check;
  private @Nullable ProcessIdentity identity;
  private Supplier<Integer> command = () -> 0;

  /** Have the command do something, and return its exit code. */
  public FakeChildren doing(Supplier<Integer> action) {
    command = action;
    return this;
  }

  /** Have something happen between the lock and the command. */
  public FakeChildren beforeStart(Runnable action) {
    before = action;
    return this;
  }

  /** Have the command be this process. */
  public FakeChildren identity(ProcessIdentity process) {
    identity = process;
    return this;
  }

  /** Have a shell say that the command cannot be run. */
  public FakeChildren cannotBeRun(int code) {
    check = code;
    return this;
  }

  /** Wait until the command was told to end, and return how a shell says that it was. */
  public int untilToldToEnd() {
    try {
      if (!told.await(1, TimeUnit.MINUTES)) {
        throw new AssertionError("the command was not told to end");
      }
      return 143;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  public List<List<String>> started() {
    return started;
  }

  /** Return the grace times of those who told it to end. */
  public List<Duration> ended() {
    return ended;
  }

  public Map<String, String> environment() {
    return environment;
  }

  @Override
  public int check(String name) {
    return check;
  }

  @Override
  public Child start(List<String> argv, Map<String, String> variables) {
    before.run();
    started.add(argv);
    environment = variables;
    return new Child() {
      @Override
      public @Nullable ProcessIdentity identity() {
        return identity;
      }

      @Override
      public int await() {
        return command.get();
      }

      @Override
      public boolean end(Duration grace) {
        ended.add(grace);
        told.countDown();
        return true;
      }
    };
  }
}
