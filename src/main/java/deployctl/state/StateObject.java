package deployctl.state;

import java.time.Instant;

/**
 * What was kept under a name, whole.
 *
 * @param content its bytes
 * @param version opaque; equal only for the same write
 * @param changedAt when it was last written, by the store's clock
 */
@SuppressWarnings("ArrayRecordComponent") // compared by version, never by content
public record StateObject(byte[] content, String version, Instant changedAt) {}
