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
    String name = profile == null ? USUAL_PROFILE : profile;
    String home = env.get("HOME");
    // Where both files name one, the SDK takes that of the credentials.
    String ofCredentials =
        read(
            env.get("AWS_SHARED_CREDENTIALS_FILE"),
            home == null ? null : home + "/.aws/credentials",
            ProfileFile.Type.CREDENTIALS,
            name);
    return ofCredentials != null
        ? ofCredentials
        : read(
            env.get("AWS_CONFIG_FILE"),
            home == null ? null : home + "/.aws/config",
            ProfileFile.Type.CONFIGURATION,
            name);
  }

  private static @Nullable String read(
      @Nullable String named, @Nullable String usual, ProfileFile.Type type, String profile) {
    String file = named != null ? named : usual;
    if (file == null) {
      return null;
    }
    try {
      String text = LocalFile.of(file).read();
      return ProfileFile.builder()
          .content(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
          .type(type)
          .build()
          .profile(profile)
          .flatMap(found -> found.property("region"))
          .map(String::strip)
          .filter(region -> !region.isEmpty())
          .orElse(null);
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }
}
