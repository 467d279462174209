/** The report for whoever takes over. */
@NullMarked
package deployctl.diagnose.escalation;

import org.jspecify.annotations.NullMarked;
