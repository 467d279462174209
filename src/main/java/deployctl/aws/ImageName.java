package deployctl.aws;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of an image in ECR, taken apart.
 *
 * @param account the registry
 * @param tag null for a digest
 * @param digest null for a tag
 */
public record ImageName(
    String account,
    String region,
    String repository,
    @Nullable String tag,
    @Nullable String digest) {
  private static final Pattern ECR =
      Pattern.compile(
          "(\\d{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?/([^:@]+)(?::([^@]+))?(?:@(sha256:[0-9a-f]+))?");

  /** Take a name apart; null when it is not one of ECR. */
  public static @Nullable ImageName parse(String image) {
    Matcher m = ECR.matcher(image);
    if (!m.matches()) {
      return null;
    }
    String tag = m.group(4) == null && m.group(5) == null ? "latest" : m.group(4);
    return new ImageName(m.group(1), m.group(2), m.group(3), tag, m.group(5));
  }

  /** Return the tag, or the digest. */
  public String version() {
    return digest != null ? digest : String.valueOf(tag);
  }
}
