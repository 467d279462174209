package deployctl.aws.client;

import deployctl.support.Failure;
import deployctl.support.text.Masking;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Finds AWS's own words in the SDK's exceptions, on one line. */
final class AwsErrorText {
  private AwsErrorText() {}

  /** Return AWS's own words, on one line and without the SDK's addition of ids. */
  static String message(SdkException e) {
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

  static String code(AwsServiceException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    String code = details == null ? null : details.errorCode();
    return code == null ? "" : code;
  }

  static Throwable root(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /** Return what this program itself refused to believe, or null when the SDK or AWS failed. */
  static @Nullable Failure own(Throwable thrown) {
    for (Throwable one = thrown; one != null; one = one.getCause()) {
      if (one instanceof Failure failure) {
        return failure;
      }
    }
    return null;
  }

  static String message(@Nullable Throwable thrown) {
    String message = thrown == null ? null : thrown.getMessage();
    return message == null ? String.valueOf(thrown) : oneLine(message);
  }

  private static String oneLine(String text) {
    String line =
        Masking.line(text)
            .replaceAll(" ?\\((Service: [^)]*|SDK Attempt Count: \\d+)\\)", "")
            .replaceAll("[. ]+$", "")
            .trim();
    return line.length() > 400 ? line.substring(0, 400) + "…" : line;
  }
}
