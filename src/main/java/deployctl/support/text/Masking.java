package deployctl.support.text;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hides what must not leave the machine: keys, tokens and passwords always, account ids and ARNs on
 * request.
 *
 * <p>Forms: AWS's unique identifiers (IAM user guide), Slack's token types (api.slack.com),
 * GitHub's token prefixes, JSON web tokens, PEM blocks, credentials in addresses, and whatever
 * follows a word such as "password" with a colon or an equals sign.
 */
public final class Masking {
  /** What stands for a secret. */
  public static final String MASK = "***";

  private static final List<Pattern> WHOLE =
      List.of(
          Pattern.compile("(?<![A-Z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,124}(?![A-Z0-9])"),
          Pattern.compile("\\bxox[a-z]?-[A-Za-z0-9-]{6,}"),
          Pattern.compile("\\bxapp-[A-Za-z0-9-]{6,}"),
          Pattern.compile("\\bxwfp-[A-Za-z0-9-]{6,}"),
          Pattern.compile("https://hooks\\.slack\\.com/services/[A-Za-z0-9/_-]+"),
          Pattern.compile("\\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{20,})"),
          Pattern.compile("\\b(?:glpat-|sk_live_|rk_live_|sk-)[A-Za-z0-9_-]{16,}"),
          Pattern.compile("\\beyJ[A-Za-z0-9_-]{5,}\\.[A-Za-z0-9_-]{5,}(?:\\.[A-Za-z0-9_-]*)?"),
          Pattern.compile(
              "-----BEGIN [A-Z ]*PRIVATE KEY-----.{0,20000}?(?:-----END [A-Z ]*PRIVATE KEY-----|$)",
              Pattern.DOTALL));

  /** A name that says "secret", what separates it from its value, and the value. */
  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)((?:\\\\?[\"'])?(?<![a-z])(?!RequestToken|NextToken|ClientRequestToken)(?:[a-z0-9_.-]{0,40}(?:passw(?:or)?d|passwd|passphrase|pwd|[_-]pass|(?<!:)[_-]?secret|secret(?:[_-]?access)?[_-]?key|secretstring|client[_-]?secret"
              + "|api[_-]?key|access[_-]?token|auth[_-]?token|session[_-]?token|security[_-]?token|private[_-]?key|_token|token|x-amz-security-token|x-amz-signature|x-amz-credential|credential))"
              + "(?:\\\\?[\"'])?\\s{0,3}(?:=|:(?!:)|%3D)\\s{0,3})(\\\\?\"(?:[^\"\\\\]|\\\\[^\"])*\\\\?\"|'[^']*'|[^\\s,;&\"'<>}\\\\]+)");

  private static final Pattern BEARER =
      Pattern.compile("(?i)\\b(bearer|basic)\\s+[A-Za-z0-9._~+/=-]{8,}");
  private static final Pattern IN_ADDRESS =
      Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^/\\s:@]{0,128}):[^\\s@]{1,256}@");
  private static final Pattern XML_SECRET =
      Pattern.compile(
          "(?i)<((?:[a-z]*password|secretstring|secretaccesskey|sessiontoken))>[^<]*</");
  private static final Pattern ARN =
      Pattern.compile(
          "arn:(aws[a-z-]*):([a-z0-9-]*):([a-z0-9-]*):(\\d{12}|aws)?:[^\\s\"',)\\]<>]*");
  private static final Pattern ACCOUNT =
      Pattern.compile("(?<![0-9A-Za-z.])\\d{12}(?![0-9A-Za-z.])");
  private static final Pattern ACCOUNT_IN_NAME =
      Pattern.compile("(?<![0-9])\\d{12}(?=\\.dkr\\.ecr\\.)");

  private Masking() {}

  /** Return a text without keys, tokens and passwords. */
  public static String secrets(String text) {
    String masked = text;
    for (Pattern pattern : WHOLE) {
      masked = pattern.matcher(masked).replaceAll(MASK);
    }
    masked = NAMED.matcher(masked).replaceAll(Masking::named);
    masked = BEARER.matcher(masked).replaceAll("$1 " + MASK);
    masked = IN_ADDRESS.matcher(masked).replaceAll("$1:" + MASK + "@");
    return XML_SECRET.matcher(masked).replaceAll("<$1>" + MASK + "</");
  }

  private static String named(java.util.regex.MatchResult match) {
    String value = match.group(2);
    if (value.equals(MASK) || value.equals("null") || value.startsWith("arn:")) {
      return Matcher.quoteReplacement(match.group());
    }
    String quote =
        value.startsWith("\\\"")
            ? "\\\""
            : value.startsWith("\"") || value.startsWith("'") ? value.substring(0, 1) : "";
    return Matcher.quoteReplacement(match.group(1) + quote + MASK + quote);
  }

  /** Return a text without account ids, and without ARNs but for what kind they are. */
  public static String ids(String text) {
    String masked =
        ARN.matcher(text)
            .replaceAll(
                m -> Matcher.quoteReplacement("arn:" + m.group(1) + ":" + m.group(2) + ":" + MASK));
    masked = ACCOUNT_IN_NAME.matcher(masked).replaceAll(MASK);
    return ACCOUNT.matcher(masked).replaceAll(MASK);
  }
}
