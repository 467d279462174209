/** AWS behind small gateways that answer in this project's own records. */
@NullMarked
package deployctl.aws;

import org.jspecify.annotations.NullMarked;
