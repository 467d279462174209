/** The registry on a file system shared by processes. */
@NullMarked
package deployctl.registry.file;

import org.jspecify.annotations.NullMarked;
