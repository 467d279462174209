/** The program's entry. */
@NullMarked
package deployctl;

import org.jspecify.annotations.NullMarked;
