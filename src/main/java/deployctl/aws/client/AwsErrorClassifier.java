package deployctl.aws.client;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;

/**
 * Tells the SDK's exceptions apart.
 *
 * <p>Error codes: "Common Errors" of the AWS API references, and the services' own pages. One code
 * means several things ({@code ValidationError} is both "no such stack" and "not in this state"),
 * so AWS's words decide where they must.
 */
final class AwsErrorClassifier {
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

  private AwsErrorClassifier() {}

  /** Return which way a call failed. */
  static AwsErrorKind of(Throwable thrown) {
    if (thrown instanceof AwsServiceException service) {
      return ofAnswer(service);
    }
    if (thrown instanceof ApiCallTimeoutException
        || thrown instanceof ApiCallAttemptTimeoutException
        || thrown instanceof AbortedException) {
      return AwsErrorKind.TIMED_OUT;
    }
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SocketTimeoutException) {
        return AwsErrorKind.TIMED_OUT;
      }
      if (cause instanceof IOException) {
        return AwsErrorKind.UNREACHABLE;
      }
    }
    String message = AwsErrorText.message(thrown).toLowerCase(Locale.ROOT);
    if (message.contains("unable to load region") || message.contains("region must be specified")) {
      return AwsErrorKind.NO_REGION;
    }
    if (message.contains("expired")
        || message.contains("sso login")
        || message.contains("token is no longer valid")) {
      return AwsErrorKind.EXPIRED_CREDENTIALS;
    }
    if (message.contains("credential")
        || message.contains("profile file")
        || message.contains("profile '")) {
      return AwsErrorKind.NO_CREDENTIALS;
    }
    return AwsErrorKind.UNREACHABLE;
  }

  private static AwsErrorKind ofAnswer(AwsServiceException e) {
    String code = AwsErrorText.code(e);
    if (THROTTLING.contains(code) || e.statusCode() == 429 || e.isThrottlingException()) {
      return AwsErrorKind.THROTTLED;
    }
    if (EXPIRED.contains(code)) {
      return AwsErrorKind.EXPIRED_CREDENTIALS;
    }
    if (DENIED.contains(code)) {
      return AwsErrorKind.ACCESS_DENIED;
    }
    if (INVALID.contains(code)) {
      return AwsErrorKind.INVALID_CREDENTIALS;
    }
    if (code.equals("OptInRequired") || code.equals("InvalidRegion")) {
      return AwsErrorKind.WRONG_REGION;
    }
    // Only these words say that a stack is not there. A bare 404 does not, and neither does what
    // another service, asked
    // for credentials on the way, did not find.
    if (code.equals("ValidationError") && AwsErrorText.message(e).contains("does not exist")) {
      return AwsErrorKind.NOT_FOUND;
    }
    if (e.statusCode() >= 500) {
      return AwsErrorKind.SERVER_ERROR;
    }
    if (e.statusCode() == 401 || e.statusCode() == 403) {
      return AwsErrorKind.ACCESS_DENIED;
    }
    // Without an error code it was not AWS who answered.
    return code.isEmpty() ? AwsErrorKind.UNREACHABLE : AwsErrorKind.REJECTED;
  }
}
