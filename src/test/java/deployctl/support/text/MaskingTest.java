package deployctl.support.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.support.json.JsonMasking;
import deployctl.support.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
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
    SECRETS.put("mysql --password hunter22", "hunter22");
    SECRETS.put("run --db-password 'hun ter 23'", "ter 23");
    SECRETS.put("password => hunter24", "hunter24");
    SECRETS.put("password   =    hunter25", "hunter25");
    SECRETS.put("password:\t\thunter26", "hunter26");
    SECRETS.put("password=\"never closed hunter27", "hunter27");
    SECRETS.put("password=\"with \\\" quote hunter28\"", "hunter28");
    SECRETS.put("&quot;password&quot;:&quot;hunter29 x&quot;", "hunter29");
    SECRETS.put(
        "{\\\"a\\\":\\\"{\\\\\\\"password\\\\\\\":\\\\\\\"hunter30 y\\\\\\\"}\\\"}", "hunter30");
    SECRETS.put("[\"--password\", \"hunter31\"]", "hunter31");
    SECRETS.put("password=ab,hunter32", "hunter32");
    SECRETS.put("password := hunter33", "hunter33");
    SECRETS.put("DB_PASS=hunter34", "hunter34");
    SECRETS.put("masterUserPassword%3Dhunter35", "hunter35");
    SECRETS.put("<SecretString>open up hunter36</SecretString>", "hunter36");
    SECRETS.put("-----BEGIN PRIVATE KEY-----\nMIIEhunter37", "MIIEhunter37");
    SECRETS.put(
        "-----BEGIN PRIVATE KEY-----\\nMIIEhunter38\\n-----END PRIVATE KEY-----", "hunter38");
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

  /** However a secret is written, called, or wrapped: nothing of it is left. */
  private static final List<String> WRITTEN =
      List.of(
          "password=a\\ canary",
          "{\"password\":\n\"canary\"}",
          "{\"password\"\n:\"canary\"}",
          "<db:password>canary</db:password>",
          "<password value=\"canary\"/>",
          "--password \\\n  canary",
          "{\"token\":{\"S\":\"canary\"}}",
          "\"password\": [[\"canary\"]]",
          "<key>password</key><string>canary</string>",
          "password:\n  value: canary",
          "**password**: canary",
          "ENV DB_PASSWORD canary",
          "set -x DB_PASSWORD canary",
          "aws configure set aws_secret_access_key canary",
          "aws ssm put-parameter --name /prod/db/password --value canary",
          "DB_PW=canary",
          "SECRET_KEY_BASE=canary",
          "DBPASS=canary",
          "passcode=canary",
          "creds=canary",
          "JWT_KEY=canary",
          "AccountKey=canary",
          "_auth=canary",
          "pypi-canary0123456789abcdef",
          "dckr_pat_canary0123456789abc",
          "{\"name\":\"DB_PASSWORD\",\"value\":\"canary\"}",
          "{\"value\":\"canary\",\"name\":\"DB_PASSWORD\"}",
          "{\"ParameterKey\":\"DbPassword\",\"ParameterValue\":\"canary\"}",
          "ParameterKey=DbPassword,ParameterValue=canary",
          "- name: DB_PASSWORD\n  value: canary",
          "<Key>password</Key><Value>canary</Value>",
          "<entry key=\"password\">canary</entry>",
          "<add key=\"DbPassword\" value=\"canary\"/>",
          "<password type=\"x\">canary</password>",
          "<password><![CDATA[canary]]></password>",
          "password: |\n  canary\n  two canary",
          "password: >-\n  canary",
          "password:\n  canary",
          "password:\n  - canary\n  - canary2",
          "password: !!str canary",
          "password: &a canary",
          "\"password\":[\"canary\"]",
          "\"password\":[ \"one\", \"canary\" ]",
          "\"password\":{\"value\":\"canary\"}",
          "password=[canary",
          "password={can,canary}",
          "PWD={ab;canary}",
          "password=arn:canary",
          "password=ab&canary",
          "password=ab\"canary",
          "password=ab<canary",
          "password='ab'\\''canary'",
          "password=\"\"\"canary\"\"\"",
          "password=\"ab\ncanary\"",
          "%22password%22%3A%22canary%22",
          "password%3Acanary",
          "password%253Dcanary",
          "\\u0022password\\u0022:\\u0022canary\\u0022",
          "password\\u003dcanary",
          "\33[31mpass\33[1mword\33[0m=canary",
          "pass\000word=canary",
          "pass\u200bword=canary",
          "password\u200b=canary",
          "config[\"password\"] = \"canary\"",
          "os.environ['DB_PASSWORD'] = 'canary'",
          "PASSWORD[0]=canary",
          "password                                      = canary",
          "password\u00a0=\u00a0canary",
          "passwords=canary",
          "tokens: canary",
          "DB_SECRETS=canary",
          "credentials=canary",
          "password1=canary",
          "DB_PASSWORD_PROD=canary",
          "DB_PASSWORD_V2X=canary",
          "API_TOKEN_LIVE=canary",
          "amqp:\\/\\/u:canary@h",
          "postgres://u:12345/canary@h",
          "postgres://u:p@sscanary@h/db",
          "https://u:p@ss-canary@h/",
          "postgres%3A%2F%2Fu%3Acanary%40h",
          "Authorization: Token canary",
          "Authorization: Digest username=\"x\", response=\"canary\"",
          "Authorization: canary123",
          "Authorization: AWS4-HMAC-SHA256 Credential=AKID/2026, SignedHeaders=host, Signature=canary",
          "curl -H \"Authorization: Basic canary\" x",
          "Bearer \"canary12\"",
          "Bearer%20canary12",
          "[\"Bearer\",\"canary12\"]",
          "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\ncanary\n-----END PGP PRIVATE KEY BLOCK-----",
          "-----BEGIN%20RSA%20PRIVATE%20KEY-----%0Acanary%0A-----END%20RSA%20PRIVATE%20KEY-----",
          "-----BEGIN+RSA+PRIVATE+KEY-----%0Acanary%0A-----END+RSA+PRIVATE+KEY-----",
          "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES,1\n\ncanary",
          "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\ncanary\n---- END SSH2 ENCRYPTED PRIVATE KEY ----",
          "glptt-canary0123456789abcdef",
          "sk_test_canary0123456789abcdef",
          "whsec_canary0123456789abcdef",
          "https://hooks.slack.com/workflows/T0/canary",
          "https://hooks.slack.com/triggers/T0/canary",
          "SecretString: \"{\\\"username\\\":\\\"bob\\\",\\\"dsn\\\":\\\"canary\\\"}\"",
          "net use x: /password:canary",
          "&amp;quot;password&amp;quot;:&amp;quot;canary&amp;quot;",
          "{\\\"a\\\":\\\"{\\\\\\\"password\\\\\\\":\\\\\\\"ab\\\\u0026canary\\\\\\\"}\\\"}");

  /** Numbers and words in capitals are secrets, too, where nothing says otherwise. */
  @Test
  void aSecretMayLookLikeAVersionOrAState() {
    for (String text :
        List.of(
            "db-password=12345",
            "api-key=123456",
            "\"db-password\":12345",
            "mfa_token: 123456",
            "secret: 1234",
            "token: MY_VERY_OWN",
            "Pwd=/x1y2z3;",
            "password: CREATE_FAILED")) {
      assertTrue(Masking.secrets(text).contains(Masking.MASK), text);
    }
  }

  @Test
  void howeverASecretIsWrittenItGoes() {
    List<String> left = new ArrayList<>();
    for (String place : List.of("%s", "before\n%s\nafter", "  %s")) {
      for (String text : WRITTEN) {
        String placed = place.startsWith(" ") ? text.replace("\n", "\n  ") : text;
        String masked = Masking.secrets(place.formatted(placed));
        if (masked.contains("canary")) {
          left.add(masked);
        }
      }
    }
    assertEquals("", String.join("\n---\n", left));
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
            "the user name and password: ",
            "fencing_token=12",
            "\"nextToken\":\"abc\"",
            "{\"password\":null,\"credential\":{\"kind\":\"x\"}}",
            "https://localhost:4566/path@x and basic authentication",
            "::error title=password::wrong",
            "task-definition/auth-token:42",
            "1.dkr.ecr.us-east-1.amazonaws.com/app-secret:1.2.3: not found",
            "token: *** of x",
            "Could not read secret: AccessDeniedException",
            "reset-password:42",
            "auth-token:1.2.3",
            "DbSecret: CREATE_FAILED",
            "CourtCaseSecrets: UPDATE_ROLLBACK_COMPLETE",
            "unable to pull secrets: AccessDenied",
            "ExpiredToken: 403",
            "SLACK_BOT_TOKEN: missing",
            "fencing token: 17",
            "PWD=/home/runner/work",
            "Authorization: failed",
            "id-token: write",
            "secrets: inherit",
            "password: ${DB_PASSWORD}",
            "https://x:8443,ops@example.org",
            "docker login --password-stdin 123.dkr.ecr",
            "sk-proxy-backend-service-v2",
            "glue-etl-job-courtcase-production",
            "npm_config_registry_production",
            "SG.courtcase-backend-service-prod",
            "credential: could not be read",
            "{\"name\":\"DB_PASSWORD\",\"valueFrom\":\"arn:aws:ssm:x\"},{\"name\":\"LOG\",\"value\":\"info\"}",
            "DB_SECRET_ARN=arn:aws:secretsmanager:x",
            "TOKEN_FILE=/var/run/token",
            "password_policy: strong",
            "max_tokens=4096",
            "--secret-string file://<(printf %s x)",
            "\"secrets\":[{\"name\":\"A\",\"valueFrom\":\"b\"}]",
            "100%25 of \\\"it\\\" &amp; more",
            "2026-01-31T12:00:00Z")) {
      assertEquals(text, Masking.secrets(text));
    }
  }

  @Test
  void whatTheProgramHoldsGoesByItsValueWhereverItStands() {
    KnownSecrets.hide("held/by+the=program");
    KnownSecrets.hide("first line of it\nsecond-line-of-it");
    KnownSecrets.hide("short");
    assertEquals(
        "a***b***c short", Masking.secrets("aheld/by+the=programbsecond-line-of-itc short"));
    assertEquals(
        "{\"said\":\"***\"}",
        JsonMasking.object(new JsonObject().put("said", "held/by+the=program")).toString());
  }

  @Test
  void fieldsThatSaySecretGoWithTheirTexts() {
    JsonObject document =
        new JsonObject()
            .put("fencing_token", 3)
            .put("slack_token", "abc def")
            .put("list", List.of(new JsonObject().put("Password", "x y"), "password=z"))
            .put("empty_secret", "");
    assertEquals(
        "{\"fencing_token\":3,\"slack_token\":\"***\","
            + "\"list\":[{\"Password\":\"***\"},\"password=***\"],\"empty_secret\":\"\"}",
        JsonMasking.object(document).toString());
  }

  /** What is bad for a matcher that goes back, calls itself, or looks far ahead. */
  private static final List<String> HOSTILE =
      List.of(
          "-----BEGIN PRIVATE KEY-----!",
          "-----BEGIN PRIVATE KEY-----\n",
          "-eyJ",
          "eyJa.",
          "://a:",
          "password=",
          "password=\"",
          "\"password\":\"\\",
          "a_",
          "bearer ",
          "\\",
          "\"",
          "&quot;",
          "password=\\\"",
          "AKIA",
          "xoxb-",
          "secret:",
          "secret=[",
          "secret={",
          "password=[\"x\",",
          "password:\n ",
          "password: |\n",
          "\"name\":\"password\",\"value\":",
          "value=x;name=password;",
          "value:x:name:password:",
          "%2570",
          "&amp;",
          "\\u0041",
          "\u001b[31m",
          "password='a'\\''",
          "password=\"\"\"",
          "Authorization: digest a=\"b\"",
          " ",
          "<password>",
          "password=,");

  private static final List<String> LONGEST = List.of("password=", "\\", "secret=[", "eyJa.");

  /** A quadratic one would take hours for the long ones, and minutes for the others. */
  @Test
  void noTextIsTooLongOrTooOdd() {
    for (String part : HOSTILE) {
      int length = LONGEST.contains(part) ? 10_000_000 : 1_000_000;
      String text = part.repeat(length / part.length());
      assertTrue(Masking.secrets(text).length() <= 4 * text.length(), part);
    }
    String quoted = "{\"password\":\"" + "x\\\"y".repeat(2_000_000) + "\"} after";
    assertEquals("{\"password\":\"***\"} after", Masking.secrets(quoted));
  }

  @Test
  void whateverComesTheSecretGoesAndTheRestStays() {
    long seed = Long.getLong("deployctl.seed", 20_261_127);
    RandomGenerator random = new SplittableRandom(seed);
    List<String> parts = new ArrayList<>(HOSTILE);
    SECRETS.keySet().stream().filter(text -> !text.contains("BEGIN")).forEach(parts::add);
    for (int round = 0; round < 3_000; round++) {
      StringBuilder before = new StringBuilder();
      for (int i = random.nextInt(8); i > 0; i--) {
        before.append(parts.get(random.nextInt(parts.size())));
      }
      String text = before + "\npassword: canary-" + round + "\nthe rest " + round;
      String masked = Masking.secrets(text);
      assertFalse(masked.contains("canary-" + round), () -> seed + ": " + text);
      assertTrue(
          masked.endsWith("\nthe rest " + round), () -> seed + ": " + text + " -> " + masked);
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
