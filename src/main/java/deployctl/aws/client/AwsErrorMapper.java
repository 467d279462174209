package deployctl.aws.client;

import deployctl.support.Failure;
import deployctl.support.tape.Tape;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;

/** Makes calls to AWS and puts into words what goes wrong, each kind with its next step. */
public final class AwsErrorMapper {
  private AwsErrorMapper() {}

  /**
   * Make a call and turn whatever goes wrong into an {@link AwsFailure}.
   *
   * @param action the permission that the call needs, for instance {@code
   *     cloudformation:DescribeStacks}
   * @param subject what it is about, for instance the stack's name
   */
  public static <T> T call(String action, String subject, AwsSettings settings, Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkException e) {
      Failure own = AwsErrorText.own(e);
      if (own != null) {
        throw own;
      }
      throw failure(action, subject, settings, e);
    } catch (Failure e) {
      throw e;
    } catch (RuntimeException e) {
      // Whatever it is, it is no answer.
      throw new AwsFailure(
          AwsErrorKind.UNREACHABLE,
          "Asking "
              + where(settings)
              + " failed ("
              + action
              + " for "
              + subject
              + "): "
              + AwsErrorText.message(e),
          "Run it again with -v and report what it prints",
          e);
    }
  }

  /** Return the failure that something answered which was not AWS. */
  public static AwsFailure notAnAnswer(String asked, AwsSettings settings, Throwable cause) {
    return new AwsFailure(
        AwsErrorKind.UNREACHABLE,
        where(settings) + " gave an answer that is not AWS's (" + asked + ")",
        "Check the proxy, --endpoint-url and AWS_ENDPOINT_URL",
        cause);
  }

  private static String where(AwsSettings settings) {
    URI endpoint = settings.endpoint();
    // Without the user and password that an address may hold.
    return endpoint == null
        ? "AWS"
        : "AWS at " + endpoint.getScheme() + "://" + endpoint.getHost() + port(endpoint);
  }

  private static String port(URI endpoint) {
    return endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort();
  }

  private static AwsFailure failure(
      String action, String subject, AwsSettings settings, SdkException e) {
    AwsErrorKind problem = AwsErrorClassifier.of(e);
    String where = where(settings);
    String asked = action + " for " + subject;
    return switch (problem) {
      case NOT_FOUND ->
          new AwsFailure(problem, subject + " does not exist: " + AwsErrorText.message(e), "", e);
      case ACCESS_DENIED ->
          new AwsFailure(
              problem,
              where + " denied " + asked + ": " + AwsErrorText.message(e),
              "Allow " + action + " to this identity, or use another profile",
              e);
      case NO_CREDENTIALS ->
          new AwsFailure(
              problem,
              settings.profile() == null
                  ? "No AWS credentials were found for " + asked
                  : "The AWS profile '"
                      + settings.profile()
                      + "' gives no credentials for "
                      + asked,
              settings.profile() == null
                  ? "Set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in with 'aws sso login'"
                  : "See 'aws configure list-profiles', or sign in with 'aws sso login --profile "
                      + settings.profile()
                      + "'",
              e);
      case EXPIRED_CREDENTIALS ->
          new AwsFailure(
              problem,
              "The AWS credentials have expired (" + asked + "): " + AwsErrorText.message(e),
              "Sign in again, for instance with 'aws sso login', or renew the role's session",
              e);
      case INVALID_CREDENTIALS ->
          new AwsFailure(
              problem,
              where
                  + " does not accept the credentials ("
                  + asked
                  + "): "
                  + AwsErrorText.message(e),
              "Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_PROFILE",
              e);
      case NO_REGION ->
          new AwsFailure(
              problem,
              "No AWS region is set",
              "Set AWS_REGION, --region, or 'region:' in deployctl.yml",
              e);
      case WRONG_REGION ->
          new AwsFailure(
              problem,
              "The region "
                  + settings.region()
                  + " cannot be used ("
                  + asked
                  + "): "
                  + AwsErrorText.message(e),
              "Check --region and AWS_REGION, and that the region is enabled for the account",
              e);
      case THROTTLED ->
          new AwsFailure(
              problem,
              where + " went on throttling " + asked + ": " + AwsErrorText.message(e),
              "Wait a minute and try again; look for other tools that poll this account",
              e);
      case UNREACHABLE -> unreachable(asked, where, settings, e);
      case TIMED_OUT ->
          new AwsFailure(
              problem,
              where + " did not answer " + asked + " in time",
              "Check the network, then try again; aws.call_timeout sets how long to wait",
              e);
      case SERVER_ERROR ->
          new AwsFailure(
              problem,
              where + " has a fault (" + asked + "): " + AwsErrorText.message(e),
              "Try again; look at the AWS Health Dashboard when it goes on",
              e);
      case REJECTED ->
          new AwsFailure(
              problem,
              where + " refused " + asked + ": " + AwsErrorText.message(e),
              "AWS's words tell what it expects; check the names that were given",
              e);
    };
  }

  private static AwsFailure unreachable(
      String asked, String where, AwsSettings settings, SdkException e) {
    Throwable root = AwsErrorText.root(e);
    if (root instanceof Tape.NoAnswer) {
      return new AwsFailure(
          AwsErrorKind.UNREACHABLE,
          AwsErrorText.message(root) + " (" + asked + ")",
          "Record it again with the command that is to be replayed",
          e);
    }
    if (!(root instanceof IOException) && !(e instanceof AwsServiceException)) {
      return notAnAnswer(asked, settings, e);
    }
    String region = settings.region();
    if (root instanceof UnknownHostException
        && settings.endpoint() == null
        && region != null
        && !Region.regions().contains(Region.of(region))) {
      return new AwsFailure(
          AwsErrorKind.WRONG_REGION,
          "There is no AWS region " + region + " (" + asked + ")",
          "Check --region and AWS_REGION",
          e);
    }
    String why =
        root instanceof UnknownHostException
            ? "the name " + AwsErrorText.message(root) + " cannot be resolved"
            : root instanceof SSLException
                ? "TLS failed: " + AwsErrorText.message(root)
                : AwsErrorText.message(root);
    return new AwsFailure(
        AwsErrorKind.UNREACHABLE,
        where + " is unreachable (" + asked + "): " + why,
        "Check the network, the proxy and --endpoint-url, then try again",
        e);
  }
}
