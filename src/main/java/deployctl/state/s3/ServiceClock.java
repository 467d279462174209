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

  /**
   * Apart by more, the machine slept, or its clock was set: a monotonic clock stands still
   * meanwhile.
   */
  private static final long ASLEEP = Duration.ofMillis(500).toNanos();

  /** What is farther away is no clock's. */
  private static final Instant FIRST = Instant.parse("2000-01-01T00:00:00Z");

  private static final Instant LAST = Instant.parse("2200-01-01T00:00:00Z");

  /** Clocks of one machine, in nanoseconds. */
  interface MachineClocks {
    /**
     * Return the time since some moment, which only ever grows, and not while the machine sleeps.
     */
    long monotonic();

    /** Return the time since 1970 by this machine's clock, which somebody may set. */
    long wall();
  }

  /** Both clocks of the machine at one moment, in nanoseconds. */
  record Moment(long monotonic, long wall) {
    static Moment of(MachineClocks machine) {
      return new Moment(machine.monotonic(), machine.wall());
    }

    long apart() {
      return wall - monotonic;
    }
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
   * @param sent before the request went out
   * @param received when the answer was there; where the machine slept between, nothing is learned
   */
  synchronized void learn(Instant date, Moment sent, Moment received) {
    forgetAfterSleep();
    if (date.isBefore(FIRST) || date.isAfter(LAST) || slept(received.apart() - sent.apart())) {
      return;
    }
    long second = Math.multiplyExact(date.getEpochSecond(), SECOND);
    long notBefore = second - received.monotonic();
    long notAfter = second + SECOND - sent.monotonic();
    boolean fits = known && notBefore <= late && notAfter >= early;
    // What contradicts what was known is a clock that was set: the newer word counts.
    early = fits ? Math.max(early, notBefore) : notBefore;
    late = fits ? Math.min(late, notAfter) : notAfter;
    apart = received.apart();
    known = true;
  }

  private void forgetAfterSleep() {
    if (known && slept(Moment.of(machine).apart() - apart)) {
      known = false;
    }
  }

  private static boolean slept(long drift) {
    return Math.abs(drift) > ASLEEP;
  }

  /** Return the earliest that it can be; null while no answer has told. */
  synchronized @Nullable Instant earliest() {
    forgetAfterSleep();
    return known ? instant(machine.monotonic() + early) : null;
  }

  /**
   * Return the latest that it can be, a sleep included that is too short to be seen; null while no
   * answer has told.
   */
  synchronized @Nullable Instant latest() {
    forgetAfterSleep();
    return known ? instant(machine.monotonic() + late + ASLEEP) : null;
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
