package deployctl.aws;

import deployctl.aws.client.AwsClients;
import deployctl.aws.client.AwsFailure;
import deployctl.aws.client.AwsSettings;
import deployctl.aws.client.Gateway;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.servicequotas.ServiceQuotasClient;
import software.amazon.awssdk.services.servicequotas.model.NoSuchResourceException;
import software.amazon.awssdk.services.servicequotas.model.ServiceQuota;

/** Service Quotas. Every method throws {@link AwsFailure}. */
public final class Quotas extends Gateway<ServiceQuotasClient> {
  /** Make a gateway that reaches AWS as {@code settings} say. */
  public Quotas(AwsSettings settings) {
    super(
        "servicequotas", settings, () -> AwsClients.build(ServiceQuotasClient.builder(), settings));
  }

  /** Return the account's quota, or empty when AWS knows none of that code. */
  public OptionalDouble value(String service, String code) {
    return call(
        "GetServiceQuota",
        "quota " + code + " of " + service,
        client -> {
          try {
            ServiceQuota quota =
                client.getServiceQuota(r -> r.serviceCode(service).quotaCode(code)).quota();
            @Nullable Double value = quota == null ? null : quota.value();
            return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
          } catch (NoSuchResourceException e) {
            return OptionalDouble.empty();
          }
        });
  }
}
