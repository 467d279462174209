/** What stands in the way of a deployment. */
@NullMarked
package deployctl.diagnose.preflight;

import org.jspecify.annotations.NullMarked;
