package deployctl.aws.client;

import deployctl.support.env.Env;
import deployctl.support.file.LocalFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.profiles.ProfileFile;

/**
 * The region that a profile of the AWS CLI's configuration file names, as the SDK's own chain would
 * find it: read here because answers have to say where they were asked.
 */
public final class ProfileRegion {
  private static final String USUAL_PROFILE = "default";

  private ProfileRegion() {}

  /**
   * Return a profile's region.
   *
   * @param profile null for the usual one
   * @return null where there is no such file or profile, it names no region, or it cannot be read:
   *     then the SDK says what is wrong with it
   */
  public static @Nullable String of(Env env, @Nullable String profile) {
    String named = env.get("AWS_CONFIG_FILE");
    String home = env.get("HOME");
    if (named == null && home == null) {
      return null;
    }
    try {
      String text = LocalFile.of(named != null ? named : home + "/.aws/config").read();
      return ProfileFile.builder()
          .content(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
          .type(ProfileFile.Type.CONFIGURATION)
          .build()
          .profile(profile == null ? USUAL_PROFILE : profile)
          .flatMap(found -> found.property("region"))
          .map(String::strip)
          .filter(region -> !region.isEmpty())
          .orElse(null);
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }
}
