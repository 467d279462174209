package deployctl.app;

import deployctl.aws.Secrets;
import deployctl.aws.SecretsManagerSecrets;
import deployctl.aws.client.AwsFailure;
import deployctl.cli.Console;
import deployctl.cli.ProgramSettings;
import deployctl.slack.SlackSettings;
import deployctl.support.Failure;
import deployctl.support.config.Settings;
import deployctl.support.env.Env;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.tape.Tape;
import deployctl.support.text.KnownSecrets;
import deployctl.support.time.Deadline;
import deployctl.support.time.Time;
import java.net.URI;
import java.time.Duration;

/** How to reach Slack, and with which token. */
final class SlackParts {
  private static final String TOKEN = "SLACK_BOT_TOKEN";

  /** How long a request may take. A deployment waits for no message longer than this. */
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);

  /** What is left of it for Slack when the token was slow to come. */
  private static final Duration SHORTEST_CALL = Duration.ofSeconds(2);

  private static final Duration SECRET_TIMEOUT = Duration.ofSeconds(3);

  private final Env env;
  private final Settings settings;
  private final Console console;
  private final AwsParts aws;
  private final Time time;

  SlackParts(Env env, Settings settings, Console console, AwsParts aws, Time time) {
    this.env = env;
    this.settings = settings;
    this.console = console;
    this.aws = aws;
    this.time = time;
  }

  /**
   * Return how to reach Slack.
   *
   * @throws Failure when there is no token: of kind UNKNOWN when that may pass, else FAILED
   */
  SlackSettings settings() {
    AwsParts.logging(console);
    Deadline all = Deadline.in(CALL_TIMEOUT, time);
    String token = token();
    Duration left = all.remaining();
    return new SlackSettings(
        api(), token, left.compareTo(SHORTEST_CALL) < 0 ? SHORTEST_CALL : left, aws.tape());
  }

  private URI api() {
    String address = settings.get(ProgramSettings.SLACK_API_URL, null);
    return AwsParts.address(
        "Slack", address.endsWith("/") ? address : address + "/", "https://slack.com/api/");
  }

  private String token() {
    Tape tape = aws.tape();
    if (tape != null && tape.closed()) {
      return "replayed";
    }
    String token = env.get(TOKEN);
    if (token != null && !token.isBlank()) {
      return token.trim();
    }
    String secret = settings.find(ProgramSettings.SLACK_TOKEN_SECRET, null);
    if (secret == null) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          "There is no Slack token",
          "Set " + TOKEN + ", or slack.token_secret in deployctl.yml");
    }
    Secrets secrets =
        new SecretsManagerSecrets(aws.settings("SECRETS_MANAGER", SECRET_TIMEOUT, SECRET_TIMEOUT));
    try {
      String held = fromSecret(secret, secrets.text(secret));
      KnownSecrets.hide(held);
      return held;
    } catch (AwsFailure e) {
      if (e.problem().passing()) {
        throw e;
      }
      // Denied, or without credentials: that is a token which is missing until somebody acts.
      throw new Failure(Failure.FailureKind.FAILED, e.what(), e.nextStep(), e);
    }
  }

  private static String fromSecret(String id, String text) {
    String token = text.trim();
    if (token.startsWith("{")) {
      try {
        token = String.valueOf(Json.parseObject(token).string("token"));
      } catch (JsonException e) {
        token = "null";
      }
      if (token.equals("null")) {
        throw new Failure(
            Failure.FailureKind.FAILED,
            "The secret " + id + " is JSON without a text in 'token'",
            "Store the token as it is, or as {\"token\":...}");
      }
    }
    return token;
  }
}
