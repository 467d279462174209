package deployctl.diagnose;

import deployctl.aws.Databases;
import deployctl.aws.Identity;
import deployctl.aws.Images;
import deployctl.aws.LoadBalancing;
import deployctl.aws.Logs;
import deployctl.aws.Quotas;
import deployctl.aws.Secrets;
import deployctl.aws.Services;
import deployctl.aws.Stacks;
import deployctl.aws.TaggedResources;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The parts of AWS that are looked at; each is made at its first use.
 *
 * @param region null where the SDK's own chain decides
 */
public record Cloud(
    Supplier<Stacks> stacks,
    Supplier<Services> services,
    Supplier<Databases> databases,
    Supplier<Secrets> secrets,
    Supplier<Logs> logs,
    Supplier<Quotas> quotas,
    Supplier<Identity> identity,
    Supplier<Images> images,
    Supplier<LoadBalancing> loadBalancing,
    Supplier<TaggedResources> tagged,
    Supplier<@Nullable String> region) {}
