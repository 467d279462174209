/** What a message says. */
@NullMarked
package deployctl.notify.message;

import org.jspecify.annotations.NullMarked;
