package deployctl.state.s3;

import deployctl.support.time.Time;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** This machine's clocks, as {@link ServiceClock} compares them. */
final class MachineTime implements ServiceClock.MachineClocks {
  private final Time time;

  private MachineTime(Time time) {
    this.time = time;
  }

  static ServiceClock.MachineClocks of(Time time) {
    return new MachineTime(time);
  }

  @Override
  public long monotonic() {
    return time.nanos();
  }

  @Override
  public long wall() {
    return ChronoUnit.NANOS.between(Instant.EPOCH, time.now());
  }
}
