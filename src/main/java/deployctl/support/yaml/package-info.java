/** YAML, as nodes that know their lines. */
@NullMarked
package deployctl.support.yaml;

import org.jspecify.annotations.NullMarked;
