package deployctl.support.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds secrets by what they look like.
 *
 * <p>Forms: AWS's unique identifiers (IAM user guide), Slack's token types (api.slack.com),
 * GitHub's and GitLab's token prefixes, Stripe's keys, JSON web tokens (RFC 7519), PEM blocks (RFC
 * 7468), HTTP's authorization (RFC 9110), and passwords in addresses (RFC 3986, "userinfo").
 */
final class SecretForms {
  /**
   * Prefixes with what follows: each match takes all that it looked at, so that nothing is looked
   * at twice.
   */
  private static final Pattern PREFIXED =
      Pattern.compile(
          "(?<![A-Z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,124}+(?![A-Z0-9])"
              + "|(?<![A-Za-z0-9])(?:xox[a-z]?+-[A-Za-z0-9-]{6,}+|x(?:app|wfp)-[A-Za-z0-9-]{6,}+"
              + "|gh[pousr]_[A-Za-z0-9]{16,}+|github_pat_[A-Za-z0-9_]{20,}+"
              + "|(?:gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|wt|soat|ffct)-|[sr]k_(?:live|test)_|whsec_|pypi-|dckr_pat_|AIza|ya29\\.|hvs\\.|dop_v1_)[A-Za-z0-9_.-]{16,}+"
              + "|(?:sk-|npm_|SG\\.)(?=[a-z_.-]{0,200}+[A-Z0-9])(?=[a-z0-9_.-]{0,200}+[A-Z])[A-Za-z0-9_.-]{16,}+|AGE-SECRET-KEY-[A-Z0-9]{16,}+)"
              + "|https://hooks\\.slack(?:-gov)?\\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]++");

  private static final Pattern PEM_HEAD =
      Pattern.compile("-{4,5}[ ]?BEGIN[ +][A-Z0-9 +]{0,40}PRIVATE[ +]KEY(?:[ +]BLOCK)?[ ]?-{4,5}");
  private static final Pattern PEM_HEADERS =
      Pattern.compile(
          "(?:\\s{0,4}(?:Proc-Type|DEK-Info|Version|Comment|Charset|Hash): [^\n]{0,200}){0,16}+");
  private static final Pattern PEM_FOOT =
      Pattern.compile("-{4,5}[ ]?END[ +][A-Z0-9 +]{1,40}[ ]?-{0,5}");
  private static final int LONGEST_KEY = 20_000;
  private static final int SHORTEST_CREDENTIAL = 8;
  private static final int MOST_BETWEEN = 16;
  private static final int LONGEST_USER = 128;
  private static final int LONGEST_PASSWORD = 256;
  private static final int LONGEST_SCHEME = 16;

  private SecretForms() {}

  static void find(String text, Spans spans) {
    Matcher matcher = PREFIXED.matcher(text);
    while (matcher.find()) {
      spans.add(matcher.start(), matcher.end());
    }
    webTokens(text, spans);
    privateKeys(text, spans);
    authorization(text, "bearer", spans);
    authorization(text, "basic", spans);
    addresses(text, spans);
  }

  private static boolean inToken(int c) {
    return Scan.letterOrDigit(c) || c == '_' || c == '-';
  }

  private static void webTokens(String text, Spans spans) {
    int at = text.indexOf("eyJ");
    while (at >= 0) {
      int header = Scan.over(text, at, SecretForms::inToken);
      boolean begins = !Scan.is(text, at - 1, SecretForms::inToken);
      int payload =
          Scan.is(text, header, '.') ? Scan.over(text, header + 1, SecretForms::inToken) : header;
      if (payload - header > 5 && header - at > 7) {
        int from = begins ? at : Scan.back(text, at, SecretForms::inToken, LONGEST_PASSWORD);
        int end =
            Scan.is(text, payload, '.')
                ? Scan.over(text, payload + 1, SecretForms::inToken)
                : payload;
        spans.add(from, end);
        header = end;
      }
      // All that was looked at had no other beginning that would end otherwise.
      at = text.indexOf("eyJ", Math.max(header, at + 3));
    }
  }

  private static void privateKeys(String text, Spans spans) {
    Matcher head = PEM_HEAD.matcher(text);
    int at = 0;
    int close = -1;
    while (at < text.length() && head.find(at)) {
      int body = head.end();
      Matcher headers = PEM_HEADERS.matcher(text).region(body, text.length());
      int begin = headers.lookingAt() ? headers.end() : body;
      // Where the end is missing, no more than what may be base64, its line ends perhaps escaped
      // or turned into blanks.
      int end = Scan.over(text, begin, c -> Scan.letterOrDigit(c) || "+/=\\- \r\n".indexOf(c) >= 0);
      if (close < body && close != text.length()) {
        Matcher foot = PEM_FOOT.matcher(text);
        close = foot.find(body) ? foot.start() : text.length();
      }
      boolean closed = close < text.length() && close - body <= LONGEST_KEY;
      spans.add(head.start(), closed ? endOfLabel(text, close) : end);
      at = end;
    }
  }

  private static int endOfLabel(String text, int close) {
    Matcher foot = PEM_FOOT.matcher(text);
    return foot.find(close) ? foot.end() : close;
  }

  private static void authorization(String text, String scheme, Spans spans) {
    for (int at = 0; at + scheme.length() < text.length(); at++) {
      char first = text.charAt(at);
      if ((first | 0x20) != scheme.charAt(0)
          || !Scan.word(text, at, scheme)
          || Scan.is(text, at - 1, Scan::letterOrDigit)) {
        continue;
      }
      int blanks =
          Scan.over(
              text,
              at + scheme.length(),
              c -> Scan.blank(c) || "\"',\\".indexOf(c) >= 0,
              MOST_BETWEEN);
      int end = Scan.over(text, blanks, c -> Scan.letterOrDigit(c) || "._~+/=-".indexOf(c) >= 0);
      boolean apart = blanks > at + scheme.length();
      if (apart && end - blanks >= SHORTEST_CREDENTIAL && isNoWord(text, blanks, end)) {
        spans.add(blanks, end);
      }
      at = Math.max(at, end - 1);
    }
  }

  /** "basic authentication" is no credential. */
  private static boolean isNoWord(String text, int from, int to) {
    boolean first = true;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (!(c >= 'a' && c <= 'z') && !(first && Scan.letter(c)) && !(i == to - 1 && c == '.')) {
        return true;
      }
      first = false;
    }
    return false;
  }

  private static void addresses(String text, Spans spans) {
    int at = text.indexOf("://");
    while (at >= 0) {
      int user =
          Scan.over(
              text,
              at + 3,
              c -> c != '/' && c != ':' && c != '@' && !Character.isWhitespace(c),
              LONGEST_USER);
      if (Scan.is(text, user, ':') && Scan.is(text, at - 1, Scan::letterOrDigit)) {
        int end = password(text, user + 1);
        int port = Scan.over(text, user + 1, Scan::digit);
        boolean isPort = port > user + 1 && Scan.is(text, port, c -> "/?#,;".indexOf(c) >= 0);
        if (Scan.is(text, end, '@') && end > user + 1 && (!isPort || isService(text, at))) {
          spans.add(user + 1, end);
        }
      }
      at = text.indexOf("://", at + 3);
    }
  }

  /** Return where a password ends: at the last @ before the host, for it may have some itself. */
  private static int password(String text, int from) {
    int end = Scan.over(text, from, c -> c != '@' && !Character.isWhitespace(c), LONGEST_PASSWORD);
    while (Scan.is(text, end, '@')) {
      int host =
          Scan.over(
              text,
              end + 1,
              c -> c != '@' && "/?#\"'<>,;".indexOf(c) < 0 && !Character.isWhitespace(c),
              LONGEST_PASSWORD);
      if (!Scan.is(text, host, '@')) {
        break;
      }
      end = host;
    }
    return end;
  }

  /** Tell whether an address is of a database or a queue, where a name and a password are usual. */
  private static boolean isService(String text, int colon) {
    int begin = Scan.back(text, colon, c -> Scan.letterOrDigit(c) || c == '+', LONGEST_SCHEME);
    return !Scan.lower(text, begin, colon).startsWith("http");
  }
}
