package deployctl.aws;

import deployctl.aws.client.AwsClients;
import deployctl.aws.client.AwsErrorKind;
import deployctl.aws.client.AwsFailure;
import deployctl.aws.client.AwsSettings;
import deployctl.aws.client.Gateway;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.Filter;
import software.amazon.awssdk.services.secretsmanager.model.FilterNameStringType;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/** The secrets behind Secrets Manager's API. */
public final class SecretsManagerSecrets extends Gateway<SecretsManagerClient> implements Secrets {
  private static final long DAYS_KEPT = 7;

  /** Make a gateway that reaches AWS as {@code settings} say. */
  public SecretsManagerSecrets(AwsSettings settings) {
    super(
        "secretsmanager",
        settings,
        () -> AwsClients.build(SecretsManagerClient.builder(), settings));
  }

  @Override
  public String text(String id) {
    return call(
        "GetSecretValue",
        "secret " + id,
        client -> {
          String text = client.getSecretValue(r -> r.secretId(id)).secretString();
          if (text == null) {
            throw new AwsFailure(
                AwsErrorKind.REJECTED,
                "The secret " + id + " holds no text",
                "Store the token as text, or as {\"token\":...}",
                new IllegalStateException("binary"));
          }
          return text;
        });
  }

  @Override
  public Optional<SecretDescription> find(String id) {
    return call(
        "DescribeSecret",
        "secret " + id,
        client -> {
          try {
            var found = client.describeSecret(r -> r.secretId(id));
            return Optional.of(
                new SecretDescription(
                    text(found.name(), id), text(found.arn(), id), found.deletedDate()));
          } catch (ResourceNotFoundException e) {
            return Optional.empty();
          }
        });
  }

  @Override
  public Set<String> fieldNames(String id) {
    return call(
        "GetSecretValue",
        "secret " + id,
        client -> {
          try {
            String text = client.getSecretValue(r -> r.secretId(id)).secretString();
            return text == null ? Set.of() : Set.copyOf(Json.parseObject(text).names());
          } catch (JsonException e) {
            return Set.of();
          }
        });
  }

  @Override
  public List<SecretDescription> named(String part) {
    return call(
        "ListSecrets",
        "secrets named " + part,
        client ->
            client
                .listSecretsPaginator(
                    r ->
                        r.maxResults(100)
                            .filters(
                                Filter.builder()
                                    .key(FilterNameStringType.NAME)
                                    .values(part)
                                    .build()))
                .stream()
                .flatMap(page -> page.secretList().stream())
                // AWS matches beginnings of words; what is asked for is a part of the name.
                .filter(s -> text(s.name(), "").contains(part))
                .map(
                    s ->
                        new SecretDescription(
                            text(s.name(), ""), text(s.arn(), ""), s.deletedDate()))
                .toList());
  }

  @Override
  public void create(String name, String text) {
    call(
        "CreateSecret",
        "secret " + name,
        client -> client.createSecret(r -> r.name(name).secretString(text)));
  }

  @Override
  public void restore(String id) {
    call("RestoreSecret", "secret " + id, client -> client.restoreSecret(r -> r.secretId(id)));
  }

  @Override
  public void delete(String id) {
    call(
        "DeleteSecret",
        "secret " + id,
        client -> client.deleteSecret(r -> r.secretId(id).recoveryWindowInDays(DAYS_KEPT)));
  }

  private static String text(@Nullable String value, String fallback) {
    return value == null ? fallback : value;
  }
}
