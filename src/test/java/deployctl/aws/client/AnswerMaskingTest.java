package deployctl.aws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
  void aVariableOfAContainerIsHiddenWhateverItIsCalled() {
    assertEquals(
        "{\"name\":\"GREETING\",\"value\":\"***\"}",
        AnswerMasking.masked(
            "DescribeTaskDefinition", "{\"name\":\"GREETING\",\"value\":\"hello\"}"));
  }

  @Test
  void aStacksParametersAreHidden() {
    assertEquals(
        "<ParameterKey>Size</ParameterKey><ParameterValue>***</ParameterValue>",
        AnswerMasking.masked(
            "DescribeStacks",
            "<ParameterKey>Size</ParameterKey><ParameterValue>small</ParameterValue>"));
  }

  @Test
  void anyOtherAnswerOnlyLosesWhatLooksLikeASecret() {
    assertEquals(
        "{\"value\":\"plain\",\"key\":\"***\"}",
        AnswerMasking.masked(
            "ListClusters", "{\"value\":\"plain\",\"key\":\"AKIAIOSFODNN7EXAMPLE\"}"));
  }
}
