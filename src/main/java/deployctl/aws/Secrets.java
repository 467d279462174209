package deployctl.aws;

import deployctl.aws.client.AwsFailure;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Secrets Manager's secrets. Every method throws {@link AwsFailure} when AWS gave no answer. */
public interface Secrets {
  /**
   * Return the current text of a secret.
   *
   * @param id name or ARN
   * @throws AwsFailure also when there is no such secret, or it holds no text
   */
  String text(String id);

  /**
   * Return what is known of a secret, or empty when there is none.
   *
   * @param id name or ARN
   */
  Optional<SecretDescription> find(String id);

  /**
   * Return the names of the fields in a secret that holds a JSON object; empty for another. The
   * values are dropped at once.
   */
  Set<String> fieldNames(String id);

  /** Return the secrets whose names contain a text, a hundred at most. */
  List<SecretDescription> named(String part);

  /** Make a secret. */
  void create(String name, String text);

  /** Take back a secret's deletion. */
  void restore(String id);

  /** Schedule a secret to be deleted, after the seven days that AWS keeps it at least. */
  void delete(String id);
}
