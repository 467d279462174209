/** Why tasks of a service do not start or do not stay. */
@NullMarked
package deployctl.diagnose.ecs;

import org.jspecify.annotations.NullMarked;
