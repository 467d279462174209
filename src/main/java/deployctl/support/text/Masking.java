package deployctl.support.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hides what must not leave the machine: keys, tokens and passwords always, account ids and ARNs on
 * request.
 *
 * <p>A secret is known by its value ({@link KnownSecrets}), by its form ({@link SecretForms}), or
 * by what it is called ({@link NamedSecrets}). Each looks at every character a bounded number of
 * times, without recursion: the time is linear in the text, and no text makes it fail.
 */
public final class Masking {
  /** What stands for a secret. */
  public static final String MASK = "***";

  /** An escape in an escape in an escape: more is nobody's log. */
  private static final int MOST_LAYERS = 4;

  private static final Pattern ARN =
      Pattern.compile(
          "arn:(aws[a-z-]*):([a-z0-9-]*):([a-z0-9-]*):(\\d{12}|aws)?:[^\\s\"',)\\]<>]*");
  private static final Pattern ACCOUNT =
      Pattern.compile("(?<![0-9A-Za-z.])\\d{12}(?![0-9A-Za-z.])");
  private static final Pattern ACCOUNT_IN_NAME =
      Pattern.compile("(?<![0-9])\\d{12}(?=\\.dkr\\.ecr\\.)");

  private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Cntrl}]+");

  private Masking() {}

  /**
   * Return a text without keys, tokens and passwords, be they written plainly or in the escapes of
   * JSON, HTML or addresses, with colours or characters of no width between.
   */
  public static String secrets(String text) {
    Spans spans = new Spans();
    KnownSecrets.findWrapped(text, spans);
    DecodedText decoded = DecodedText.of(text);
    for (int layer = 0; decoded != null && layer <= MOST_LAYERS; layer++) {
      Spans found = new Spans();
      KnownSecrets.find(decoded.text(), found);
      SecretForms.find(decoded.text(), found);
      NamedSecrets.find(decoded.text(), found);
      spans.addAll(found, decoded);
      decoded = decoded.decoded();
    }
    return spans.replaced(text, MASK);
  }

  /**
   * Return a text without secrets on one line, its blanks and control characters single blanks.
   * Masked first: what ends with a line might not be known for a secret any more.
   */
  public static String line(String text) {
    return BLANKS.matcher(Cleaning.text(secrets(text))).replaceAll(" ").strip();
  }

  /** Return {@link #line} cut to so many characters, the last of them an ellipsis then. */
  public static String line(String text, int most) {
    String line = line(text);
    return line.length() <= most ? line : line.substring(0, most - 1) + "…";
  }

  /** Tell whether a name says that its value is a secret. */
  public static boolean isSecretName(String name) {
    return SecretNames.isSecret(name);
  }

  /** Tell whether a field of this name says what another field of the same object holds. */
  public static boolean isNamingField(String field) {
    return SecretNames.names(field);
  }

  /** Tell whether a field of this name holds what another field of the same object names. */
  public static boolean isHoldingField(String field) {
    return SecretNames.holds(field);
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
