/**
 * The noun {@code retry-queue}: messages on disk, the locks of channels, delivery, dead letters.
 */
@NullMarked
package deployctl.retryqueue;

import org.jspecify.annotations.NullMarked;
