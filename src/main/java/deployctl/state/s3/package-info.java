/**
 * State in a bucket of S3: correct on what S3 promises (conditional writes, reads after writes),
 * and on nothing else.
 */
@NullMarked
package deployctl.state.s3;

import org.jspecify.annotations.NullMarked;
