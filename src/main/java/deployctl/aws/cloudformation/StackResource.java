package deployctl.aws.cloudformation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A resource of a stack as it is now.
 *
 * @param logicalResourceId its name in the template
 * @param physicalResourceId its name in AWS, or null while it has none
 * @param resourceType for instance {@code AWS::ECS::Service}
 * @param status for instance {@code UPDATE_IN_PROGRESS}
 * @param reason AWS's words on the status, or null
 * @param updatedAt the last change of the status
 */
public record StackResource(
    String logicalResourceId,
    @Nullable String physicalResourceId,
    String resourceType,
    String status,
    @Nullable String reason,
    Instant updatedAt) {}
