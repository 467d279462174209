/** JSON as plain values, over a streaming parser. */
@NullMarked
package deployctl.support.json;

import org.jspecify.annotations.NullMarked;
