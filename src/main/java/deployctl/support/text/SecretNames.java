package deployctl.support.text;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells by a name whether its value is a secret: {@code DB_PASSWORD}, {@code apiKey}, {@code
 * tokens}, {@code DB_PASSWORD_PROD}.
 */
final class SecretNames {
  /** How a name ends that says "secret"; one in the plural does, too. */
  private static final List<String> ENDS =
      List.of(
          "password",
          "passwd",
          "passphrase",
          "pwd",
          "_pass",
          "-pass",
          "secret",
          "secretkey",
          "secret_key",
          "secret-key",
          "secretaccesskey",
          "secret_access_key",
          "secret-access-key",
          "secretstring",
          "secretbinary",
          "apikey",
          "api_key",
          "api-key",
          "privatekey",
          "private_key",
          "private-key",
          "token",
          "credential",
          "cred",
          "passcode",
          "dbpass",
          "_pw",
          "-pw",
          "_auth",
          "accesskey",
          "access_key",
          "access-key",
          "accountkey",
          "account_key",
          "jwt_key",
          "signing_key",
          "encryption_key",
          "auth_key",
          "authorization",
          "x-amz-signature",
          "signature");

  /** Tokens that say where a listing goes on, or in which order deployments began; AWS's errors. */
  private static final List<String> NO_SECRETS =
      List.of(
          "requesttoken",
          "request_token",
          "request-token",
          "nexttoken",
          "next_token",
          "next-token",
          "startingtoken",
          "starting-token",
          "fencingtoken",
          "fencing_token",
          "fencing-token",
          "expiredtoken",
          "invalidtoken",
          "max_tokens",
          "max-tokens",
          "maxtokens");

  /** What follows the secret's word in a name: a number, or which of several it is. */
  private static final Pattern NUMBERED = Pattern.compile("[._-]?[0-9]{1,3}$");

  private static final Pattern LAST_WORD = Pattern.compile("[._-]([a-z0-9]{1,16})$");

  /** Last words that say which secret, where "password" and its like may have others still. */
  private static final Set<String> WHICH =
      Set.of(
          "prod",
          "production",
          "staging",
          "stage",
          "dev",
          "development",
          "test",
          "live",
          "old",
          "new",
          "main",
          "backup",
          "primary",
          "secondary",
          "master",
          "admin",
          "root",
          "ro",
          "rw",
          "next",
          "previous",
          "current",
          "value",
          "b64",
          "base64",
          "plain",
          "plaintext",
          "text",
          "string",
          "data",
          "base");

  /** Last words of names that speak about a password and are none. */
  private static final Set<String> ABOUT =
      Set.of(
          "file",
          "path",
          "dir",
          "arn",
          "name",
          "id",
          "policy",
          "length",
          "min",
          "max",
          "expiry",
          "expires",
          "expiration",
          "ttl",
          "age",
          "days",
          "rotation",
          "version",
          "type",
          "url",
          "uri",
          "host",
          "endpoint",
          "count",
          "field",
          "key",
          "required",
          "enabled",
          "disabled",
          "change",
          "changed",
          "reset",
          "at",
          "date",
          "time",
          "updated",
          "created",
          "status",
          "manager",
          "stdin",
          "prompt",
          "set");

  private static final Set<String> PASSWORDS =
      Set.of("password", "passwd", "passphrase", "pwd", "api_key", "api-key", "apikey");

  /** Fields that name what another field holds. */
  private static final Set<String> NAMING =
      Set.of(
          "name", "key", "id", "variable", "parameter", "parametername", "parameterkey", "field");

  /** Fields that hold it. */
  private static final Set<String> HOLDING =
      Set.of(
          "value",
          "parametervalue",
          "plaintext",
          "stringvalue",
          "string",
          "s",
          "default",
          "content");

  /** Parts of names of passwords, which may be any word. */
  private static final List<String> PASSWORD_WORDS = List.of("pass", "pwd", "_pw", "-pw");

  /** How many characters of a name decide. */
  private static final int LONGEST_END = 40;

  private SecretNames() {}

  /** Tell whether a name says that its value is a secret. */
  static boolean isSecret(String name) {
    return isSecret(name, 0, name.length());
  }

  /** Tell whether a part of a text is such a name; of a long one, its end is looked at. */
  static boolean isSecret(String text, int from, int to) {
    String end = Scan.lower(text, Math.max(from, to - LONGEST_END), to);
    if (says(end)) {
      return true;
    }
    Matcher number = NUMBERED.matcher(end);
    if (number.find()) {
      return says(end.substring(0, number.start()));
    }
    Matcher last = LAST_WORD.matcher(end);
    if (!last.find()) {
      return false;
    }
    String before = end.substring(0, last.start());
    String word = last.group(1);
    return WHICH.contains(word)
        ? says(before)
        : !ABOUT.contains(word) && PASSWORDS.stream().anyMatch(before::endsWith);
  }

  /** Tell whether a name is a password's, which may be any word, where a token is none. */
  static boolean isPassword(String text, int from, int to) {
    String end = Scan.lower(text, Math.max(from, to - LONGEST_END), to);
    return PASSWORD_WORDS.stream().anyMatch(end::contains);
  }

  private static boolean says(String end) {
    String one =
        end.endsWith("s") && !end.endsWith("ss") ? end.substring(0, end.length() - 1) : end;
    return (one.equals("pass") || end.equals("pass") || ENDS.stream().anyMatch(one::endsWith))
        && NO_SECRETS.stream().noneMatch(end::endsWith);
  }

  /** Tell whether a field of this name says what another field of the same thing holds. */
  static boolean names(String field) {
    return NAMING.contains(field.toLowerCase(Locale.ROOT));
  }

  /** Tell whether a field of this name holds what another field names. */
  static boolean holds(String field) {
    return HOLDING.contains(field.toLowerCase(Locale.ROOT));
  }
}
