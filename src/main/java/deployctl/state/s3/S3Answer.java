package deployctl.state.s3;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What S3 answered, whole.
 *
 * @param status of HTTP
 * @param code S3's word for an error, such as {@code PreconditionFailed}; empty for none. It may
 *     stand in an answer of status 200, too
 * @param message S3's words for an error; empty for none
 * @param body the object, or a listing; empty for an error
 * @param etag names this content of this object; null where the answer has none. Opaque, with the
 *     quotes that S3 gave it
 * @param lastModified of the object, by S3's clock to the second; null where the answer has none
 * @param region of the bucket, where S3 names it; else null
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares answers
record S3Answer(
    int status,
    String code,
    String message,
    byte[] body,
    @Nullable String etag,
    @Nullable Instant lastModified,
    @Nullable String region) {

  /** Tell whether what was asked for was done. */
  boolean done() {
    return status >= 200 && status < 300 && code.isEmpty();
  }

  /** Tell whether the condition of a write was not met, as far as S3 can tell. */
  boolean refused() {
    return status == 412 || code.equals("PreconditionFailed");
  }

  /** Tell whether there is no such object, in a bucket that is there. */
  boolean missing() {
    return code.equals("NoSuchKey");
  }

  /** Tell whether what was asked for has been left as it is for certain. */
  boolean notDone() {
    return status >= 300
        && status < 500
        && status != 409
        && status != 408
        && !code.equals("RequestTimeout");
  }
}
