/** Durations as distributions, and the simulation of what is left. */
@NullMarked
package deployctl.estimator.model;

import org.jspecify.annotations.NullMarked;
