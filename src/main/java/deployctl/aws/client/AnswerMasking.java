package deployctl.aws.client;

import deployctl.support.text.Masking;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hides what is secret in an answer of AWS's and follows no common form: the value of a secret, of
 * a container's variable, of a stack's parameter.
 */
public final class AnswerMasking {
  private static final Pattern SECRET_STRING =
      Pattern.compile("(\"Secret(?:String|Binary)\"\\s*:\\s*)\"(?:[^\"\\\\]|\\\\.)*\"");

  /** The value of a variable: whatever it is called, it may be a secret. */
  private static final Pattern VARIABLE =
      Pattern.compile("(\"value\"\\s*:\\s*)\"(?:[^\"\\\\]|\\\\.)*\"");

  private static final Pattern PARAMETER =
      Pattern.compile("(<ParameterValue>)[^<]*(</ParameterValue>)");

  private static final Pattern FIELD = Pattern.compile("\\\\\"([A-Za-z0-9_.-]{1,100})\\\\\"\\s*:");

  private AnswerMasking() {}

  /**
   * Return the answer to an operation, of whatever system, without secrets.
   *
   * @param operation as its API calls it, such as {@code DescribeStacks}
   * @param body what was answered; of a secret's value only the names of its fields are left
   */
  public static String masked(String operation, String body) {
    return switch (operation) {
      // What is left of a secret's value is names alone, and has to stay JSON.
      case "GetSecretValue" -> SECRET_STRING.matcher(body).replaceAll(AnswerMasking::fieldsOnly);
      case "DescribeTaskDefinition" ->
          Masking.secrets(VARIABLE.matcher(body).replaceAll("$1\"" + Masking.MASK + "\""));
      case "DescribeStacks" ->
          Masking.secrets(PARAMETER.matcher(body).replaceAll("$1" + Masking.MASK + "$2"));
      default -> Masking.secrets(body);
    };
  }

  /** The names of the fields are needed to tell what is missing; the values never are. */
  private static String fieldsOnly(MatchResult match) {
    List<String> names =
        FIELD
            .matcher(match.group())
            .results()
            .map(name -> "\\\"" + name.group(1) + "\\\":\\\"" + Masking.MASK + "\\\"")
            .toList();
    String value = names.isEmpty() ? Masking.MASK : "{" + String.join(",", names) + "}";
    return Matcher.quoteReplacement(match.group(1) + "\"" + value + "\"");
  }
}
