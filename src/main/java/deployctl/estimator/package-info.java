/** How long a deployment takes, learned from those that were. */
@NullMarked
package deployctl.estimator;

import org.jspecify.annotations.NullMarked;
