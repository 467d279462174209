package deployctl.state.s3;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * How S3 is reached.
 *
 * @param http asks once, and never again by itself: a write that is repeated below would meet its
 *     own success
 * @param region of the bucket, as far as is known; another is learned from S3's answer
 * @param endpoint of a store that is not Amazon's, or null; buckets are then part of the path
 * @param owner the account that must own the bucket, 12 digits, or null for any
 */
public record S3Connection(
    SdkHttpClient http,
    AwsCredentialsProvider credentials,
    String region,
    @Nullable URI endpoint,
    @Nullable String owner) {

  /**
   * Return where a bucket answers.
   *
   * @return an address whose path ends with a slash
   */
  URI address(String bucket, String inRegion) {
    if (endpoint != null) {
      return URI.create(endpoint.toString().replaceFirst("/*$", "/") + bucket + "/");
    }
    String domain = inRegion.startsWith("cn-") ? ".amazonaws.com.cn/" : ".amazonaws.com/";
    // A certificate for one name more does not hold for two.
    return bucket.indexOf('.') < 0
        ? URI.create("https://" + bucket + ".s3." + inRegion + domain)
        : URI.create("https://s3." + inRegion + domain + bucket + "/");
  }
}
