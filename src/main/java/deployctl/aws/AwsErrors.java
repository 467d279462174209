package deployctl.aws;

import deployctl.support.Failure;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;

/**
 * Tells the SDK's exceptions apart and puts them into words.
 *
 * <p>Error codes: "Common Errors" of the AWS API references, and the services' own pages. One code
 * means several things ({@code ValidationError} is both "no such stack" and "not in this state"),
 * so AWS's words decide where they must.
 */
final class AwsErrors {
  private static final Set<String> THROTTLING =
      Set.of(
          "Throttling",
          "ThrottlingException",
          "ThrottledException",
          "RequestThrottled",
          "RequestThrottledException",
          "TooManyRequestsException",
          "RequestLimitExceeded",
          "BandwidthLimitExceeded",
          "LimitExceededException",
          "ProvisionedThroughputExceededException",
          "TransactionInProgressException",
          "PriorRequestNotComplete",
          "EC2ThrottledException",
          "SlowDown");
  private static final Set<String> DENIED =
      Set.of(
          "AccessDenied",
          "AccessDeniedException",
          "UnauthorizedOperation",
          "UnauthorizedException",
          "NotAuthorized",
          "AuthorizationError");
  private static final Set<String> EXPIRED =
      Set.of(
          "ExpiredToken",
          "ExpiredTokenException",
          "RequestExpired",
          "TokenRefreshRequired",
          "IDPCommunicationError");
  private static final Set<String> INVALID =
      Set.of(
          "InvalidClientTokenId",
          "UnrecognizedClientException",
          "SignatureDoesNotMatch",
          "InvalidSignatureException",
          "IncompleteSignature",
          "AuthFailure",
          "MissingAuthenticationToken",
          "MissingAuthenticationTokenException",
          "InvalidAccessKeyId");

  private AwsErrors() {}

  /**
   * Make a call and turn whatever goes wrong into an {@link AwsFailure}.
   *
   * @param action the permission that the call needs, for instance {@code
   *     cloudformation:DescribeStacks}
   * @param subject what it is about, for instance the stack's name
   */
  static <T> T call(String action, String subject, AwsSettings settings, Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkException e) {
      throw failure(action, subject, settings, e);
    } catch (Failure e) {
      throw e;
    } catch (RuntimeException e) {
      // Whatever it is, it is no answer.
      throw new AwsFailure(
          AwsProblem.UNREACHABLE,
          "Asking "
              + where(settings)
              + " failed ("
              + action
              + " for "
              + subject
              + "): "
              + message(e),
          "Run it again with -v and report what it prints",
          e);
    }
  }

  /** Return the failure that something answered which was not AWS. */
  static AwsFailure notAnAnswer(String asked, AwsSettings settings, Throwable cause) {
    return new AwsFailure(
        AwsProblem.UNREACHABLE,
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

  /** Return which way a call failed. */
  static AwsProblem problemOf(Throwable thrown) {
    if (thrown instanceof AwsServiceException service) {
      return problemOf(service);
    }
    if (thrown instanceof ApiCallTimeoutException
        || thrown instanceof ApiCallAttemptTimeoutException
        || thrown instanceof AbortedException) {
      return AwsProblem.TIMED_OUT;
    }
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SocketTimeoutException) {
        return AwsProblem.TIMED_OUT;
      }
      if (cause instanceof IOException) {
        return AwsProblem.UNREACHABLE;
      }
    }
    String message = message(thrown).toLowerCase(Locale.ROOT);
    if (message.contains("unable to load region") || message.contains("region must be specified")) {
      return AwsProblem.NO_REGION;
    }
    if (message.contains("expired")
        || message.contains("sso login")
        || message.contains("token is no longer valid")) {
      return AwsProblem.EXPIRED_CREDENTIALS;
    }
    if (message.contains("credential")
        || message.contains("profile file")
        || message.contains("profile '")) {
      return AwsProblem.NO_CREDENTIALS;
    }
    return AwsProblem.UNREACHABLE;
  }

  private static AwsProblem problemOf(AwsServiceException e) {
    String code = code(e);
    if (THROTTLING.contains(code) || e.statusCode() == 429 || e.isThrottlingException()) {
      return AwsProblem.THROTTLED;
    }
    if (EXPIRED.contains(code)) {
      return AwsProblem.EXPIRED_CREDENTIALS;
    }
    if (DENIED.contains(code)) {
      return AwsProblem.ACCESS_DENIED;
    }
    if (INVALID.contains(code)) {
      return AwsProblem.INVALID_CREDENTIALS;
    }
    if (code.equals("OptInRequired") || code.equals("InvalidRegion")) {
      return AwsProblem.WRONG_REGION;
    }
    // Only these words say that a stack is not there. A bare 404 does not, and neither does what
    // another service, asked
    // for credentials on the way, did not find.
    if (code.equals("ValidationError") && words(e).contains("does not exist")) {
      return AwsProblem.NOT_FOUND;
    }
    if (e.statusCode() >= 500) {
      return AwsProblem.SERVER_ERROR;
    }
    if (e.statusCode() == 401 || e.statusCode() == 403) {
      return AwsProblem.ACCESS_DENIED;
    }
    // Without an error code it was not AWS who answered.
    return code.isEmpty() ? AwsProblem.UNREACHABLE : AwsProblem.REJECTED;
  }

  private static AwsFailure failure(
      String action, String subject, AwsSettings settings, SdkException e) {
    AwsProblem problem = problemOf(e);
    String where = where(settings);
    String asked = action + " for " + subject;
    return switch (problem) {
      case NOT_FOUND -> new AwsFailure(problem, subject + " does not exist: " + words(e), "", e);
      case ACCESS_DENIED ->
          new AwsFailure(
              problem,
              where + " denied " + asked + ": " + words(e),
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
              "The AWS credentials have expired (" + asked + "): " + words(e),
              "Sign in again, for instance with 'aws sso login', or renew the role's session",
              e);
      case INVALID_CREDENTIALS ->
          new AwsFailure(
              problem,
              where + " does not accept the credentials (" + asked + "): " + words(e),
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
              "The region " + settings.region() + " cannot be used (" + asked + "): " + words(e),
              "Check --region and AWS_REGION, and that the region is enabled for the account",
              e);
      case THROTTLED ->
          new AwsFailure(
              problem,
              where + " went on throttling " + asked + ": " + words(e),
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
              where + " has a fault (" + asked + "): " + words(e),
              "Try again; look at the AWS Health Dashboard when it goes on",
              e);
      case REJECTED ->
          new AwsFailure(
              problem,
              where + " refused " + asked + ": " + words(e),
              "AWS's words tell what it expects; check the names that were given",
              e);
    };
  }

  private static AwsFailure unreachable(
      String asked, String where, AwsSettings settings, SdkException e) {
    Throwable root = root(e);
    if (!(root instanceof IOException) && !(e instanceof AwsServiceException)) {
      return notAnAnswer(asked, settings, e);
    }
    String region = settings.region();
    if (root instanceof UnknownHostException
        && settings.endpoint() == null
        && region != null
        && !Region.regions().contains(Region.of(region))) {
      return new AwsFailure(
          AwsProblem.WRONG_REGION,
          "There is no AWS region " + region + " (" + asked + ")",
          "Check --region and AWS_REGION",
          e);
    }
    String why =
        root instanceof UnknownHostException
            ? "the name " + message(root) + " cannot be resolved"
            : root instanceof SSLException ? "TLS failed: " + message(root) : message(root);
    return new AwsFailure(
        AwsProblem.UNREACHABLE,
        where + " is unreachable (" + asked + "): " + why,
        "Check the network, the proxy and --endpoint-url, then try again",
        e);
  }

  /** Return AWS's own words, on one line and without the SDK's addition of ids. */
  private static String words(SdkException e) {
    if (e instanceof AwsServiceException service) {
      AwsErrorDetails details = service.awsErrorDetails();
      String text = details == null ? null : details.errorMessage();
      if (text != null && !text.isBlank()) {
        return oneLine(text);
      }
      String code = code(service);
      return code.isEmpty() ? "HTTP status " + service.statusCode() : code;
    }
    return message(e);
  }

  private static String code(AwsServiceException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    String code = details == null ? null : details.errorCode();
    return code == null ? "" : code;
  }

  private static Throwable root(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static String message(@Nullable Throwable thrown) {
    String message = thrown == null ? null : thrown.getMessage();
    return message == null ? String.valueOf(thrown) : oneLine(message);
  }

  private static String oneLine(String text) {
    String line =
        text.replaceAll("\\s+", " ")
            .replaceAll(" ?\\((Service: [^)]*|SDK Attempt Count: \\d+)\\)", "")
            .replaceAll("[. ]+$", "")
            .trim();
    return line.length() > 400 ? line.substring(0, 400) + "…" : line;
  }
}
