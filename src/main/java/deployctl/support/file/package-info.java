/** Files that survive a kill, and locks between processes. */
@NullMarked
package deployctl.support.file;

import org.jspecify.annotations.NullMarked;
