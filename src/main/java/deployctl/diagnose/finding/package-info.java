/** What a diagnosis finds, and what is to be done about it. */
@NullMarked
package deployctl.diagnose.finding;

import org.jspecify.annotations.NullMarked;
