/** What commands share with a terminal: options, exit codes, output, errors. */
@NullMarked
package deployctl.cli;

import org.jspecify.annotations.NullMarked;
