/** What a deployment is doing, and telling it. */
@NullMarked
package deployctl.monitor;

import org.jspecify.annotations.NullMarked;
