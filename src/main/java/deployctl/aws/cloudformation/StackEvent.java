package deployctl.aws.cloudformation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a resource of a stack, or to the stack itself.
 *
 * @param eventId unique
 * @param stackId ARN of the stack that tells it
 * @param logicalResourceId the resource's name in the template
 * @param physicalResourceId its name in AWS, or null while it has none
 * @param resourceType for instance {@code AWS::RDS::DBInstance}
 * @param status for instance {@code CREATE_IN_PROGRESS}
 * @param detailedStatus {@code CONFIGURATION_COMPLETE}, {@code VALIDATION_FAILED}, or null
 * @param reason AWS's words, as they came, or null
 * @param clientRequestToken what ties the events of one operation together, or null
 */
public record StackEvent(
    String eventId,
    String stackId,
    String stackName,
    Instant timestamp,
    String logicalResourceId,
    @Nullable String physicalResourceId,
    String resourceType,
    String status,
    @Nullable String detailedStatus,
    @Nullable String reason,
    @Nullable String clientRequestToken) {}
