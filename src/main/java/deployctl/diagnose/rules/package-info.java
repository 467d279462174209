/** What AWS's messages mean: rules as data, matched in bounded time. */
@NullMarked
package deployctl.diagnose.rules;

import org.jspecify.annotations.NullMarked;
