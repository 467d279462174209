/** What is wrong, why, and what to do about it. */
@NullMarked
package deployctl.diagnose;

import org.jspecify.annotations.NullMarked;
