package deployctl.aws;

/** Secrets Manager's secrets. */
public interface Secrets {
  /**
   * Return the current text of a secret.
   *
   * @param id name or ARN
   * @throws AwsFailure when AWS gave no answer, or there is no such secret, or it holds no text
   */
  String text(String id);
}
