package deployctl.diagnose.check;

import deployctl.diagnose.check.Check.CheckStatus;
import deployctl.support.Failure;
import deployctl.support.text.Masking;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at many things at once, each within its own time. What cannot be looked at is told and
 * never read as an answer.
 */
public final class CheckRunner {
  private final ExecutorService threads;
  private final Duration timeout;
  private final Consumer<String> progress;
  private final List<Slot> slots;
  private final String prefix;

  /**
   * Make a collector.
   *
   * @param timeout how long one question may take
   * @param progress hears how far it is
   */
  public CheckRunner(ExecutorService threads, Duration timeout, Consumer<String> progress) {
    this(threads, timeout, progress, new ArrayList<>(), "");
  }

  private CheckRunner(
      ExecutorService threads,
      Duration timeout,
      Consumer<String> progress,
      List<Slot> slots,
      String prefix) {
    this.threads = threads;
    this.timeout = timeout;
    this.progress = progress;
    this.slots = slots;
    this.prefix = prefix;
  }

  /** Return a collector into the same list, whose names begin with a prefix. */
  CheckRunner named(String beginning) {
    return new CheckRunner(threads, timeout, progress, slots, beginning);
  }

  /** A place in the list of checks, in the order of asking. */
  private static final class Slot {
    private final String name;
    private @Nullable Check check;

    private Slot(String name) {
      this.name = name;
    }
  }

  /**
   * An answer that is on its way.
   *
   * @param <T> what is asked for
   */
  public final class CheckAnswer<T> {
    private final Slot slot;
    private final CompletableFuture<T> future;
    private final Function<T, CheckResult> assess;
    private boolean settled;
    private @Nullable T value;
    private @Nullable Failure failure;

    private CheckAnswer(Slot slot, CompletableFuture<T> future, Function<T, CheckResult> assess) {
      this.slot = slot;
      this.future = future;
      this.assess = assess;
    }

    /** Wait for the answer; empty when there is none, which is then told as a check. */
    public synchronized Optional<T> get() {
      if (!settled) {
        settled = true;
        settle();
      }
      return Optional.ofNullable(value);
    }

    /** Return why there is no answer, or null when there is one. */
    synchronized @Nullable Failure failure() {
      get();
      return failure;
    }

    private void settle() {
      try {
        T answer = future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        CheckResult seen = assess.apply(answer);
        value = answer;
        tell(slot, seen.status(), seen.detail());
      } catch (TimeoutException e) {
        failed(
            new Failure(
                Failure.FailureKind.UNKNOWN,
                "There was no answer within " + timeout.toSeconds() + " s",
                "Try again",
                e));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failed(new Failure(Failure.FailureKind.UNKNOWN, "Interrupted", "", e));
      } catch (ExecutionException e) {
        failed(asFailure(e.getCause() == null ? e : e.getCause()));
      } catch (RuntimeException e) {
        // An answer that nobody expected must not take the other checks along.
        failed(asFailure(e));
      }
    }

    private void failed(Failure why) {
      failure = why;
      tell(slot, CheckStatus.ERROR, why.whatAndNext());
    }
  }

  /**
   * Ask something in the background.
   *
   * @param assess decides how the check stands, from the answer
   */
  public <T> CheckAnswer<T> ask(
      String name, Supplier<T> question, Function<T, CheckResult> assess) {
    Slot slot = slot(name);
    return new CheckAnswer<>(slot, CompletableFuture.supplyAsync(question, threads), assess);
  }

  /** Tell how a check went that needed no waiting. */
  public void tell(String name, CheckResult seen) {
    tell(slot(name), seen.status(), seen.detail());
  }

  /** Tell that something could not be looked at. */
  public void error(String name, Failure why) {
    tell(slot(name), CheckStatus.ERROR, why.whatAndNext());
  }

  /** Return all checks in the order of asking. */
  public List<Check> all() {
    List<Check> all = new ArrayList<>();
    synchronized (slots) {
      for (Slot slot : slots) {
        Check check = slot.check;
        if (check != null) {
          all.add(check);
        }
      }
    }
    return all;
  }

  private Slot slot(String name) {
    Slot slot = new Slot(prefix + name);
    synchronized (slots) {
      slots.add(slot);
    }
    return slot;
  }

  private void tell(Slot slot, CheckStatus status, String detail) {
    String line = Masking.line(detail);
    synchronized (slots) {
      slot.check = new Check(slot.name, status, line);
      long done = slots.stream().filter(one -> one.check != null).count();
      progress.accept("looking: " + done + " of " + slots.size() + " checks, " + slot.name);
    }
  }

  private static Failure asFailure(Throwable thrown) {
    return thrown instanceof Failure failure
        ? failure
        : new Failure(
            Failure.FailureKind.UNKNOWN,
            "It could not be looked at: " + thrown,
            "Run it again with -v and report what it prints",
            thrown);
  }
}
