/** A whole deployment around one command. */
@NullMarked
package deployctl.run;

import org.jspecify.annotations.NullMarked;
