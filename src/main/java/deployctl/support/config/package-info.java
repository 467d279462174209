/** Settings from options, environment variables, the configuration file and defaults. */
@NullMarked
package deployctl.support.config;

import org.jspecify.annotations.NullMarked;
