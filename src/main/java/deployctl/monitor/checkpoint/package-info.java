/** What a monitor keeps, to go on where an earlier one was stopped. */
@NullMarked
package deployctl.monitor.checkpoint;

import org.jspecify.annotations.NullMarked;
