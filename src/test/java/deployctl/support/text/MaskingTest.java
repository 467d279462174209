package deployctl.support.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What must not leave the machine, in every place where it turns up. */
class MaskingTest {
  /** From what gives a secret away to the part that must go. */
  private static final Map<String, String> SECRETS = new LinkedHashMap<>();

  static {
    SECRETS.put("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE");
    SECRETS.put("ASIAQQQQQQQQQQQQQQQQ", "ASIAQQQQQQQQQQQQQQQQ");
    SECRETS.put("xoxb-123456789012-abcdefGHIJKL", "abcdefGHIJKL");
    SECRETS.put("xoxp-1-2-3abcdef", "3abcdef");
    SECRETS.put("xapp-1-A0-123-abcdef", "abcdef");
    SECRETS.put("https://hooks.slack.com/services/T0/B0/XyZ123", "XyZ123");
    SECRETS.put("ghp_abcdefghijklmnopqrstuvwx", "ghijklmnop");
    SECRETS.put("github_pat_11ABCDEFG0abcdefghijkl", "11ABCDEFG0");
    SECRETS.put("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc-DEF_123", "eyJzdWIi");
    SECRETS.put("-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----", "MIIEow");
    SECRETS.put("password=hunter2", "hunter2");
    SECRETS.put("DB_PASSWORD: correct-horse", "correct-horse");
    SECRETS.put("\"password\":\"s3cr3t value\"", "s3cr3t");
    SECRETS.put("'client_secret': 'abcd1234'", "abcd1234");
    SECRETS.put("{\\\"password\\\":\\\"esc4ped\\\"}", "esc4ped");
    SECRETS.put("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG", "wJalrXUtnFEMI");
    SECRETS.put("api-key=0123456789abcdef", "0123456789abcdef");
    SECRETS.put("postgres://app:pa55w0rd@db.internal:5432/court", "pa55w0rd");
    SECRETS.put("Authorization: Bearer abcdef0123456789", "abcdef0123456789");
    SECRETS.put("X-Amz-Signature=deadbeef01", "deadbeef01");
    SECRETS.put("<MasterUserPassword>open-sesame</MasterUserPassword>", "open-sesame");
  }

  @Test
  void secretsGoInEveryPlace() {
    List<String> places =
        List.of("%s", "before %s after", "log: {\"message\":\"%s\"}", "a=1 %s, b=2", "(%s)\nnext");
    List<String> left = new ArrayList<>();
    SECRETS.forEach(
        (text, secret) -> {
          for (String place : places) {
            String masked = Masking.secrets(place.formatted(text));
            if (masked.contains(secret)) {
              left.add(masked);
            }
          }
        });
    assertEquals(List.of(), left);
  }

  @Test
  void whatIsNoSecretStays() {
    for (String text :
        List.of(
            "the password is wrong",
            "arn:aws:secretsmanager:us-east-1:123456789012:secret:courtcase-database-credentials-AbCdEf",
            "Secrets Manager can't find the specified secret.",
            "Backend AWS::ECS::Service CREATE_FAILED",
            "token expired",
            "2026-01-31T12:00:00Z")) {
      assertEquals(text, Masking.secrets(text));
    }
  }

  @Test
  void idsGoOnRequest() {
    String masked =
        Masking.ids(
            "User: arn:aws:sts::123456789012:assumed-role/deploy/x in 123456789012 pulls"
                + " 123456789012.dkr.ecr.us-east-1.amazonaws.com/court:v1");
    assertFalse(masked.contains("123456789012"), masked);
    assertTrue(masked.contains("arn:aws:sts:***"), masked);
    assertTrue(masked.contains("court:v1"), masked);
  }
}
