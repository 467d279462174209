/** What is looked at in one run, side by side, each thing once. */
@NullMarked
package deployctl.diagnose.check;

import org.jspecify.annotations.NullMarked;
