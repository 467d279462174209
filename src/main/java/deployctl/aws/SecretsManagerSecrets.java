package deployctl.aws;

import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The secrets behind Secrets Manager's API. A client is made for each question: there is one. */
public final class SecretsManagerSecrets implements Secrets {
  private final AwsSettings settings;

  /** Make a gateway that reaches AWS as {@code settings} say. */
  public SecretsManagerSecrets(AwsSettings settings) {
    this.settings = settings;
  }

  @Override
  public String text(String id) {
    return AwsErrors.call(
        "secretsmanager:GetSecretValue",
        "secret " + id,
        settings,
        () -> {
          try (SecretsManagerClient client =
              AwsClients.build(SecretsManagerClient.builder(), settings)) {
            String text = client.getSecretValue(r -> r.secretId(id)).secretString();
            if (text == null) {
              throw new AwsFailure(
                  AwsProblem.REJECTED,
                  "The secret " + id + " holds no text",
                  "Store the token as text, or as {\"token\":...}",
                  new IllegalStateException("binary"));
            }
            return text;
          }
        });
  }
}
