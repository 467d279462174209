package deployctl.aws;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a secret without its value.
 *
 * @param deletedAt since when it is scheduled to be deleted, or null when it is not
 */
public record SecretDescription(String name, String arn, @Nullable Instant deletedAt) {}
