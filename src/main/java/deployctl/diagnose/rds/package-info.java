/** Why a database does not come up. */
@NullMarked
package deployctl.diagnose.rds;

import org.jspecify.annotations.NullMarked;
