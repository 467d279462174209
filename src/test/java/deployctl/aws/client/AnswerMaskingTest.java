package deployctl.aws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerMaskingTest {
  @Test
  void ofASecretsValueOnlyTheNamesOfItsFieldsAreKept() {
    String answer =
        AnswerMasking.masked(
            "GetSecretValue",
            "{\"Name\":\"n\",\"SecretString\":\"{\\\"username\\\":\\\"root\\\",\\\"host\\\":\\\"db\\\"}\"}");
    assertFalse(answer.contains("root"), answer);
    assertTrue(answer.contains("host"), answer);
    assertFalse(
        AnswerMasking.masked("GetSecretValue", "{\"SecretString\":\"plain-value\"}")
            .contains("plain-value"));
  }

  @Test
  void whatOnlyItsPlaceSaysToBeSomebodysOwnIsHidden() {
    String answer =
        AnswerMasking.masked(
            "DescribeTaskDefinition",
            """
            {"taskDefinition":{"family":"web","containerDefinitions":[{"name":"web","image":"web:1",
            "command":["serve","CANARY"],"entryPoint":["sh","-c","CANARY"],
            "environment":[{"name":"GREETING","value":"CANARY"}],
            "secrets":[{"name":"DB","valueFrom":"arn:aws:secretsmanager:x"}],
            "dockerLabels":{"team":"CANARY"},"healthCheck":{"command":["CMD-SHELL","curl localhost"]},
            "logConfiguration":{"logDriver":"awslogs",
            "options":{"awslogs-group":"/web","splunk-url":"CANARY"}}}]},
            "tags":[{"key":"owner","value":"CANARY"},{"key":"aws:cloudformation:stack-name","value":"web"}]}
            """);
    assertFalse(answer.contains("CANARY"), answer);
    for (String kept :
        List.of(
            "GREETING",
            "arn:aws:secretsmanager:x",
            "curl localhost",
            "/web",
            "owner",
            "{\"key\":\"aws:cloudformation:stack-name\",\"value\":\"web\"}",
            "web:1")) {
      assertTrue(answer.contains(kept), kept + " in " + answer);
    }
  }

  @Test
  void aStacksParametersOutputsAndTagsAreHidden() {
    assertEquals(
        "<ParameterKey>Size</ParameterKey><ParameterValue>***</ParameterValue>"
            + "<OutputKey>Url</OutputKey><OutputValue>***</OutputValue>"
            + "<Tags><member><Key>owner</Key>\n<Value>***</Value></member>"
            + "<member><Value>***</Value><Key>cost</Key></member>"
            + "<member><Key>aws:x</Key><Value>kept</Value></member></Tags>"
            + "<ResourceProperties>***</ResourceProperties>",
        AnswerMasking.masked(
            "DescribeStacks",
            "<ParameterKey>Size</ParameterKey><ParameterValue>small</ParameterValue>"
                + "<OutputKey>Url</OutputKey><OutputValue>https://x</OutputValue>"
                + "<Tags><member><Key>owner</Key>\n<Value>me</Value></member>"
                + "<member><Value>me</Value><Key>cost</Key></member>"
                + "<member><Key>aws:x</Key><Value>kept</Value></member></Tags>"
                + "<ResourceProperties>{&quot;Env&quot;:1}</ResourceProperties>"));
  }

  @Test
  void largeAnswersAreMaskedAndBrokenOnesAreNotKeptWhereAllIsSecret() {
    String large = "a".repeat(2_000_000);
    assertFalse(
        AnswerMasking.masked("GetSecretValue", "{\"SecretString\":\"" + large + "\"}")
            .contains("aaa"));
    assertEquals(
        "<ParameterValue>***</ParameterValue>",
        AnswerMasking.masked("DescribeStacks", "<ParameterValue>" + large + "</ParameterValue>"));
    assertEquals("***", AnswerMasking.masked("GetSecretValue", "{\"SecretString\":\"CANARY"));
  }

  @Test
  void anyOtherAnswerOnlyLosesWhatLooksLikeASecret() {
    assertEquals(
        "{\"value\":\"plain\",\"key\":\"***\"}",
        AnswerMasking.masked(
            "ListClusters", "{\"value\":\"plain\",\"key\":\"AKIAIOSFODNN7EXAMPLE\"}"));
  }
}
