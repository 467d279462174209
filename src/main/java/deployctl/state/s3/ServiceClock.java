package deployctl.state.s3;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * S3's time, of which this machine's clock is no part. Each answer has it to the second; between
 * answers it goes on by the machine's monotonic clock.
 *
 * <p>An answer whose {@code Date} is d, sent at t0 and received at t1, says that at t0 it was at
 * most d + 1 s, and at t1 at least d. So it is now between d + (now - t1) and d + 1 s + (now - t0);
 * of what answers say, the narrowest is kept.
 */
final class ServiceClock {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  /** Apart by more, the machine slept: a monotonic clock stands still then. */
  private static final long ASLEEP = Duration.ofSeconds(2).toNanos();

  /** Clocks of one machine, in nanoseconds. */
  interface MachineClocks {
    /**
     * Return the time since some moment, which only ever grows, and not while the machine sleeps.
     */
    long monotonic();

    /** Return the time since 1970 by this machine's clock, which somebody may set. */
    long wall();
  }

  private final MachineClocks machine;

  /** The service's time less the monotonic clock's: not before, not after. */
  private long early = Long.MIN_VALUE;

  private long late = Long.MAX_VALUE;
  private boolean known;
  private long apart;

  ServiceClock(MachineClocks machine) {
    this.machine = machine;
  }

  /**
   * Learn from an answer.
   *
   * @param date its {@code Date}, to the second
   * @param sent the monotonic clock before the request went out
   * @param received the monotonic clock when the answer was there
   */
  synchronized void learn(Instant date, long sent, long received) {
    forgetAfterSleep();
    long second = Math.multiplyExact(date.getEpochSecond(), SECOND);
    long notBefore = second - received;
    long notAfter = second + SECOND - sent;
    boolean fits = known && notBefore <= late && notAfter >= early;
    // What contradicts what was known is a clock that was set: the newer word counts.
    early = fits ? Math.max(early, notBefore) : notBefore;
    late = fits ? Math.min(late, notAfter) : notAfter;
    if (!known) {
      apart = machine.wall() - machine.monotonic();
    }
    known = true;
  }

  private void forgetAfterSleep() {
    if (known && Math.abs(machine.wall() - machine.monotonic() - apart) > ASLEEP) {
      known = false;
    }
  }

  /** Return the earliest that it can be; null while no answer has told. */
  synchronized @Nullable Instant earliest() {
    forgetAfterSleep();
    return known ? instant(machine.monotonic() + early) : null;
  }

  /** Return the latest that it can be; null while no answer has told. */
  synchronized @Nullable Instant latest() {
    forgetAfterSleep();
    return known ? instant(machine.monotonic() + late) : null;
  }

  /** Return what is between; null while no answer has told. */
  synchronized @Nullable Instant middle() {
    forgetAfterSleep();
    return known ? instant(machine.monotonic() + early + (late - early) / 2) : null;
  }

  private static Instant instant(long nanos) {
    return Instant.EPOCH.plus(nanos, ChronoUnit.NANOS);
  }
}
