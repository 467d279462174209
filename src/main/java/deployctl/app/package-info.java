/** The composition root: builds what the arguments name, and nothing else. */
@NullMarked
package deployctl.app;

import org.jspecify.annotations.NullMarked;
