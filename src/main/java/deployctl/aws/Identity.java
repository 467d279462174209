package deployctl.aws;

import deployctl.aws.client.AwsClients;
import deployctl.aws.client.AwsFailure;
import deployctl.aws.client.AwsSettings;
import deployctl.aws.client.Gateway;
import software.amazon.awssdk.services.sts.StsClient;

/** Who asks. Every method throws {@link AwsFailure}. */
public final class Identity extends Gateway<StsClient> {
  /** Make a gateway that reaches AWS as {@code settings} say. */
  public Identity(AwsSettings settings) {
    super("sts", settings, () -> AwsClients.build(StsClient.builder(), settings));
  }

  /** Return the ARN of the caller, which holds the account. */
  public String arn() {
    return call("GetCallerIdentity", "this identity", client -> client.getCallerIdentity().arn());
  }
}
