package deployctl.aws;

import deployctl.aws.client.AwsSettings;
import deployctl.aws.cloudformation.Stacks;
import deployctl.support.Lazy;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The services of AWS that are looked at; each gateway is made at its first use. */
public final class AwsGateways {
  private final Supplier<Stacks> stacks;
  private final Supplier<@Nullable String> region;
  private final Lazy<EcsServices> services;
  private final Lazy<Databases> databases;
  private final Lazy<Secrets> secrets;
  private final Lazy<Logs> logs;
  private final Lazy<Quotas> quotas;
  private final Lazy<Identity> identity;
  private final Lazy<Images> images;
  private final Lazy<LoadBalancing> loadBalancing;
  private final Lazy<TaggedResources> tagged;

  /**
   * Make them.
   *
   * @param settings how to reach a service, by the name that the SDK's variables have for it
   * @param region null where the SDK's own chain decides
   */
  public AwsGateways(
      Function<String, AwsSettings> settings,
      Supplier<Stacks> stacks,
      Supplier<@Nullable String> region) {
    this.stacks = stacks;
    this.region = region;
    this.services = Lazy.of(() -> new EcsServices(settings.apply("ECS")));
    this.databases = Lazy.of(() -> new Databases(settings.apply("RDS")));
    this.secrets = Lazy.of(() -> new SecretsManagerSecrets(settings.apply("SECRETS_MANAGER")));
    this.logs = Lazy.of(() -> new Logs(settings.apply("CLOUDWATCH_LOGS")));
    this.quotas = Lazy.of(() -> new Quotas(settings.apply("SERVICE_QUOTAS")));
    this.identity = Lazy.of(() -> new Identity(settings.apply("STS")));
    this.images = Lazy.of(() -> new Images(settings.apply("ECR")));
    this.loadBalancing =
        Lazy.of(() -> new LoadBalancing(settings.apply("ELASTIC_LOAD_BALANCING_V2")));
    this.tagged = Lazy.of(() -> new TaggedResources(settings.apply("RESOURCE_GROUPS_TAGGING_API")));
  }

  /** Return CloudFormation's stacks. */
  public Supplier<Stacks> stacks() {
    return stacks;
  }

  /** Return the region that is asked, or null where the SDK's own chain decides. */
  public @Nullable String region() {
    return region.get();
  }

  /** Return ECS's services, clusters and tasks. */
  public Supplier<EcsServices> services() {
    return services;
  }

  /** Return RDS's databases. */
  public Supplier<Databases> databases() {
    return databases;
  }

  /** Return Secrets Manager's secrets. */
  public Supplier<Secrets> secrets() {
    return secrets;
  }

  /** Return CloudWatch's logs. */
  public Supplier<Logs> logs() {
    return logs;
  }

  /** Return Service Quotas. */
  public Supplier<Quotas> quotas() {
    return quotas;
  }

  /** Return who asks. */
  public Supplier<Identity> identity() {
    return identity;
  }

  /** Return ECR's images. */
  public Supplier<Images> images() {
    return images;
  }

  /** Return the load balancers. */
  public Supplier<LoadBalancing> loadBalancing() {
    return loadBalancing;
  }

  /** Return resources by their tags. */
  public Supplier<TaggedResources> tagged() {
    return tagged;
  }
}
