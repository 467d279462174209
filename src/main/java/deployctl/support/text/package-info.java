/** Text that came from elsewhere, made fit to be shown. */
@NullMarked
package deployctl.support.text;

import org.jspecify.annotations.NullMarked;
