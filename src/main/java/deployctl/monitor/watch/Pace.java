package deployctl.monitor.watch;

import deployctl.support.time.Time;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * The time that a monitor lives in.
 *
 * @param random spreads what would otherwise happen at once everywhere
 * @param stopping tells whether the process is being ended
 */
public record Pace(Time time, RandomGenerator random, BooleanSupplier stopping) {}
