package deployctl.diagnose.ecs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a task definition's {@code valueFrom} names: {@code
 * arn:aws:secretsmanager:region:account:secret:name-suffix[:json-key[:stage[:version]]]} (ECS
 * developer guide, "Pass Secrets Manager secrets").
 *
 * @param id the secret's ARN without what follows it
 * @param key a field of the secret's JSON; empty for the whole
 */
record SecretReference(String id, String key) {
  private static final int ARN_PARTS = 7;

  /** Take a value apart; null when it names no secret but a parameter. */
  static @Nullable SecretReference parse(String value) {
    if (!value.contains(":secretsmanager:")) {
      return null;
    }
    List<String> parts = List.of(value.split(":", -1));
    if (parts.size() < ARN_PARTS) {
      return new SecretReference(value, "");
    }
    return new SecretReference(
        String.join(":", parts.subList(0, ARN_PARTS)),
        parts.size() > ARN_PARTS ? parts.get(ARN_PARTS) : "");
  }

  String name() {
    return nameOf(id);
  }

  /** Return the name in a secret's ARN, without the six characters that AWS adds. */
  static String nameOf(String arn) {
    String name = arn.substring(arn.lastIndexOf(':') + 1);
    return arn.startsWith("arn:")
        ? name.replaceFirst("-(?=[A-Za-z0-9]*[A-Z0-9])[A-Za-z0-9]{6}$", "")
        : name;
  }
}
