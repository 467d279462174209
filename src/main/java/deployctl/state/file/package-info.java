/** State as files in a folder. */
@NullMarked
package deployctl.state.file;

import org.jspecify.annotations.NullMarked;
