package deployctl.state.s3;

import deployctl.support.Failure;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A place in a bucket.
 *
 * @param bucket its name
 * @param prefix what the keys of everything in the place begin with: empty, or with a slash at its
 *     end
 */
public record S3Location(String bucket, String prefix) {
  private static final String SCHEME = "s3:";
  private static final int MOST_PREFIX = 512;

  /** Source: S3 user guide, "General purpose bucket naming rules". */
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

  /** The characters that S3 calls safe in keys, but those that a URL gives a meaning. */
  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._=@-]+(/[A-Za-z0-9._=@-]+)*");

  private static final String EXPRESS = "--x-s3";

  /** Tell whether a setting names a bucket, rightly or not, and no folder. */
  public static boolean isMeant(String setting) {
    return setting.startsWith(SCHEME);
  }

  /**
   * Read {@code s3://bucket[/prefix]}.
   *
   * @param setting what it is the value of, for the message
   * @throws Failure of kind USAGE when it is no such place
   */
  public static S3Location parse(String text, String setting) {
    if (!text.startsWith("s3://") || text.length() == "s3://".length()) {
      throw wrong(text, setting, "it has no bucket");
    }
    String rest = text.substring("s3://".length());
    int slash = rest.indexOf('/');
    String bucket = slash < 0 ? rest : rest.substring(0, slash);
    String prefix = slash < 0 ? "" : rest.substring(slash + 1).replaceFirst("/$", "");
    if (bucket.endsWith(EXPRESS)) {
      throw wrong(text, setting, "a directory bucket lies in one zone and keeps no older versions");
    }
    if (!BUCKET.matcher(bucket).matches() || bucket.contains("..")) {
      throw wrong(text, setting, "'" + bucket + "' is no name of a bucket");
    }
    boolean climbs =
        List.of(prefix.split("/", -1)).stream().anyMatch(part -> part.matches("\\.\\.?"));
    if (climbs
        || prefix.length() > MOST_PREFIX
        || !prefix.isEmpty() && !PREFIX.matcher(prefix).matches()) {
      throw wrong(
          text,
          setting,
          "a prefix has letters, digits, '.', '_', '-', '=', '@' and single slashes");
    }
    return new S3Location(bucket, prefix.isEmpty() ? "" : prefix + "/");
  }

  private static Failure wrong(String text, String setting, String why) {
    return Failure.usage(
        setting + " '" + text + "' is no place in S3: " + why,
        "Write s3://bucket or s3://bucket/prefix");
  }

  /** Return a place below this one. */
  public S3Location below(String name) {
    return new S3Location(bucket, prefix + name + "/");
  }

  /** Return the key of a name in this place. */
  String key(String name) {
    return prefix + name;
  }

  /** Return the address of a name, as people and the AWS CLI write it. */
  String url(String name) {
    return "s3://" + bucket + "/" + prefix + name;
  }

  @Override
  public String toString() {
    String url = url("");
    return url.substring(0, url.length() - 1);
  }
}
