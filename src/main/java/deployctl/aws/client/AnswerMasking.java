package deployctl.aws.client;

import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import deployctl.support.text.Masking;
import java.util.regex.Pattern;

/**
 * Hides what is secret in an answer of AWS's and follows no common form: values of secrets,
 * variables, tags, parameters and outputs. What they are called stays, because a diagnosis needs
 * it.
 */
public final class AnswerMasking {
  /** Elements of CloudFormation's answers whose text is somebody's own. */
  private static final Pattern OWN_TEXT =
      Pattern.compile(
          "(<(ParameterValue|ResolvedValue|OutputValue|ResourceProperties)>)[^<]++(?=</\\2>)");

  /** A tag in XML; AWS's own name the stack and are no secret. */
  private static final Pattern TAG =
      Pattern.compile("(<Key>(?!aws:)[^<]*+</Key>\\s*+<Value>)[^<]++(?=</Value>)");

  /** A tag whose value stands first. */
  private static final Pattern TAG_BACKWARDS =
      Pattern.compile("(<Value>)[^<]++(?=</Value>\\s*+<Key>(?!aws:))");

  private AnswerMasking() {}

  /**
   * Return the answer to an operation, of whatever system, without secrets.
   *
   * @param operation as its API calls it, such as {@code DescribeStacks}
   * @param body what was answered; of a secret's value only the names of its fields are left
   */
  public static String masked(String operation, String body) {
    String begin = body.stripLeading();
    if (begin.startsWith("{")) {
      try {
        JsonObject answer = Json.parseObject(begin);
        return Json.write(JsonAnswerMasking.object(answer));
      } catch (JsonException e) {
        // Where a value would be all secret, what cannot be read is not kept.
        return operation.equals("GetSecretValue") ? Masking.MASK : Masking.secrets(body);
      }
    }
    return begin.startsWith("<") ? Masking.secrets(texts(xml(body))) : Masking.secrets(body);
  }

  /** Each text by itself: what is not closed in it ends with it. */
  private static String texts(String xml) {
    StringBuilder masked = new StringBuilder(xml.length());
    int at = 0;
    while (at < xml.length()) {
      int tag = xml.indexOf('<', at);
      int end = tag < 0 ? xml.length() : tag;
      masked.append(Masking.secrets(xml.substring(at, end)));
      int next = tag < 0 ? -1 : xml.indexOf('>', tag);
      at = next < 0 ? xml.length() : next + 1;
      masked.append(xml, end, at);
    }
    return masked.toString();
  }

  private static String xml(String body) {
    String hidden = "$1" + Masking.MASK;
    String text = OWN_TEXT.matcher(body).replaceAll(hidden);
    text = TAG.matcher(text).replaceAll(hidden);
    return TAG_BACKWARDS.matcher(text).replaceAll(hidden);
  }
}
