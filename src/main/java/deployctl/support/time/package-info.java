/** Time as a parameter: clock, sleep, durations, deadlines, chance. */
@NullMarked
package deployctl.support.time;

import org.jspecify.annotations.NullMarked;
