package deployctl.coordinator.lock;

import org.jspecify.annotations.Nullable;

/**
 * Where a stack was deployed before, by the registry or the history.
 *
 * @param correlationId the deployment that says so
 * @param account the AWS account, or null where that is not written down
 */
public record KnownStack(String correlationId, String region, @Nullable String account) {}
