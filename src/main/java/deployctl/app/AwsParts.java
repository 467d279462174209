package deployctl.app;

import deployctl.aws.Identity;
import deployctl.aws.client.AwsFailure;
import deployctl.aws.client.AwsKeys;
import deployctl.aws.client.AwsSettings;
import deployctl.aws.client.ProfileRegion;
import deployctl.cli.Console;
import deployctl.cli.GlobalOptions;
import deployctl.cli.ProgramSettings;
import deployctl.support.Failure;
import deployctl.support.Lazy;
import deployctl.support.config.Settings;
import deployctl.support.env.Env;
import deployctl.support.logging.Logging;
import deployctl.support.tape.Tape;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How to reach AWS, from options, variables and the configuration file. */
final class AwsParts {
  private final Env env;
  private final GlobalOptions options;
  private final Settings settings;
  private final Console console;
  private final Lazy<Optional<String>> region = Lazy.of(this::findRegion);
  private @Nullable Tape tape;

  AwsParts(Env env, GlobalOptions options, Settings settings, Console console) {
    this.env = env;
    this.options = options;
    this.settings = settings;
    this.console = console;
  }

  /**
   * Return how to reach a service.
   *
   * @param service as the SDK's variables for one service's address name it, for instance {@code
   *     CLOUDFORMATION}
   */
  AwsSettings settings(String service) {
    return settings(
        service,
        settings.duration(ProgramSettings.AWS_CALL_TIMEOUT, null),
        settings.duration(ProgramSettings.AWS_DEADLINE, null));
  }

  /** Return how to reach a service by other time limits than usual. */
  AwsSettings settings(String service, Duration callTimeout, Duration deadline) {
    logging(console);
    String profile = options.find(settings, ProgramSettings.PROFILE);
    AwsKeys keys = keys();
    // As in the SDK's chain, keys in the environment win over a profile that is only named there.
    boolean keysWin = keys != null && options.given(ProgramSettings.PROFILE) == null;
    Tape played = tape;
    if (played != null && played.closed()) {
      // What is played needs no account, and must not look for one.
      String region = region();
      return new AwsSettings(
          region == null ? "us-east-1" : region,
          null,
          null,
          new AwsKeys("replayed", "replayed", null),
          callTimeout,
          deadline,
          service,
          played);
    }
    return new AwsSettings(
        region(),
        keysWin ? null : profile,
        endpoint(service),
        keys,
        callTimeout,
        deadline,
        service,
        played);
  }

  /** Put a tape between the program and all other systems. */
  void tape(Tape put) {
    tape = put;
  }

  /** Return the tape, or null for none. */
  @Nullable Tape tape() {
    return tape;
  }

  /** Switch the libraries' logs on or off; to be called before the first of them is used. */
  static void logging(Console console) {
    if (console.verbose()) {
      Logging.toStderr();
    } else {
      Logging.off();
    }
  }

  /**
   * Return the region that is set, or null to leave it to the SDK; the AWS CLI's own variable and
   * the profile's region count too.
   */
  @Nullable String region() {
    return region.get().orElse(null);
  }

  private Optional<String> findRegion() {
    String option = options.given(ProgramSettings.REGION);
    if (option == null && settings.fromEnvironment(ProgramSettings.REGION) == null) {
      option = env.get("AWS_DEFAULT_REGION");
    }
    String set = settings.find(ProgramSettings.REGION, option);
    return Optional.ofNullable(
        set != null ? set : ProfileRegion.of(env, options.find(settings, ProgramSettings.PROFILE)));
  }

  /** Return the account that is asked; empty where AWS does not tell. */
  Optional<String> account() {
    try {
      String[] arn = new Identity(settings("STS")).arn().split(":", -1);
      return arn.length > 4 ? Optional.of(arn[4]) : Optional.empty();
    } catch (AwsFailure e) {
      return Optional.empty();
    }
  }

  private @Nullable AwsKeys keys() {
    String id = env.get("AWS_ACCESS_KEY_ID");
    String secret = env.get("AWS_SECRET_ACCESS_KEY");
    String token = env.get("AWS_SESSION_TOKEN");
    whole("AWS_ACCESS_KEY_ID", id);
    whole("AWS_SECRET_ACCESS_KEY", secret);
    whole("AWS_SESSION_TOKEN", token);
    return id == null || secret == null ? null : new AwsKeys(id, secret, token);
  }

  /** A key that was copied with a line break would stand in an error of the HTTP client's. */
  private static void whole(String variable, @Nullable String value) {
    if (value != null && value.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
      throw Failure.usage(
          variable + " holds a blank, a line break or another character that no key has",
          "Set it anew, without what was copied with it");
    }
  }

  private @Nullable URI endpoint(String service) {
    String option = options.given(ProgramSettings.ENDPOINT_URL);
    if (option == null) {
      // The SDK's own chain: an address for one service is more telling than one for all.
      option = env.get("AWS_ENDPOINT_URL_" + service);
    }
    String address = settings.find(ProgramSettings.ENDPOINT_URL, option);
    return address == null ? null : address("AWS", address, "http://localhost:5000");
  }

  /**
   * Read the address of a server.
   *
   * @throws Failure of kind USAGE when it is none
   */
  static URI address(String what, String address, String example) {
    try {
      URI uri = new URI(address);
      if (uri.getScheme() != null
          && uri.getScheme().startsWith("http")
          && uri.getHost() != null
          && uri.getPort() <= 65_535) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw notAnAddress(what, address, example);
    }
    throw notAnAddress(what, address, example);
  }

  private static Failure notAnAddress(String what, String address, String example) {
    return Failure.usage(
        "'" + address + "' is not an address for " + what, "Write it like " + example);
  }
}
