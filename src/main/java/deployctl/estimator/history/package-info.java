/** The history of past deployments. */
@NullMarked
package deployctl.estimator.history;

import org.jspecify.annotations.NullMarked;
