package deployctl.app;

import deployctl.aws.AwsGateways;
import deployctl.aws.Databases;
import deployctl.aws.EcsServices;
import deployctl.aws.Identity;
import deployctl.aws.Images;
import deployctl.aws.LoadBalancing;
import deployctl.aws.Logs;
import deployctl.aws.Quotas;
import deployctl.aws.SecretsManagerSecrets;
import deployctl.aws.TaggedResources;
import deployctl.aws.client.AwsSettings;
import deployctl.aws.cloudformation.Stacks;
import deployctl.support.Lazy;
import java.time.Duration;
import java.util.function.Supplier;

/** The parts of AWS that a diagnosis looks at, with time limits of its own. */
final class CloudParts {
  /** One of many that are asked side by side: a slow one must not hold up the others. */
  private static final Duration CALL = Duration.ofSeconds(6);

  private static final Duration DEADLINE = Duration.ofSeconds(18);

  private final AwsParts aws;
  private final Supplier<Stacks> stacks;

  CloudParts(AwsParts aws, Supplier<Stacks> stacks) {
    this.aws = aws;
    this.stacks = stacks;
  }

  AwsGateways cloud() {
    return new AwsGateways(
        stacks,
        Lazy.of(() -> new EcsServices(settings("ECS"))),
        Lazy.of(() -> new Databases(settings("RDS"))),
        Lazy.of(() -> new SecretsManagerSecrets(settings("SECRETS_MANAGER"))),
        Lazy.of(() -> new Logs(settings("CLOUDWATCH_LOGS"))),
        Lazy.of(() -> new Quotas(settings("SERVICE_QUOTAS"))),
        Lazy.of(() -> new Identity(settings("STS"))),
        Lazy.of(() -> new Images(settings("ECR"))),
        Lazy.of(() -> new LoadBalancing(settings("ELASTIC_LOAD_BALANCING_V2"))),
        Lazy.of(() -> new TaggedResources(settings("RESOURCE_GROUPS_TAGGING_API"))),
        aws::region);
  }

  private AwsSettings settings(String service) {
    return aws.settings(service, CALL, DEADLINE);
  }
}
