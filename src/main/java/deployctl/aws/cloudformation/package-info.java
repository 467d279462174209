/** Stacks, their events and resources. */
@NullMarked
package deployctl.aws.cloudformation;

import org.jspecify.annotations.NullMarked;
