package deployctl.aws.client;

import org.jspecify.annotations.Nullable;

/**
 * An access key as the environment holds it; never printed.
 *
 * @param accessKeyId names the key
 * @param secretAccessKey the secret
 * @param sessionToken makes the key temporary, or null
 */
public record AwsKeys(String accessKeyId, String secretAccessKey, @Nullable String sessionToken) {
  @Override
  public String toString() {
    return "AwsKeys[masked]";
  }
}
