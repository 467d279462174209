package deployctl.aws;

import deployctl.aws.cloudformation.Stacks;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The parts of AWS that are looked at; each is made at its first use.
 *
 * @param region null where the SDK's own chain decides
 */
public record AwsGateways(
    Supplier<Stacks> stacks,
    Supplier<EcsServices> services,
    Supplier<Databases> databases,
    Supplier<Secrets> secrets,
    Supplier<Logs> logs,
    Supplier<Quotas> quotas,
    Supplier<Identity> identity,
    Supplier<Images> images,
    Supplier<LoadBalancing> loadBalancing,
    Supplier<TaggedResources> tagged,
    Supplier<@Nullable String> region) {}
