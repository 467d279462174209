package deployctl.aws.cloudformation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A CloudFormation stack.
 *
 * @param name its name
 * @param id its ARN, which stays the same through updates and differs from that of a stack made
 *     anew under the name
 * @param statusReason AWS's words on the status, or null
 * @param createdAt when the stack was made, or null where the answer does not say
 * @param updatedAt when its last update began, or null when it was never updated
 * @param deletedAt when its deletion began, or null
 * @param terminationProtection whether it refuses to be deleted
 * @param changeSetId ARN of the change set that was last executed, or null
 */
public record Stack(
    String name,
    String id,
    StackStatus status,
    @Nullable String statusReason,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt,
    @Nullable Instant deletedAt,
    boolean terminationProtection,
    @Nullable String changeSetId) {

  /**
   * Return when the latest operation began, as far as the stack itself tells; null when it does
   * not.
   */
  public @Nullable Instant operationStartedAt() {
    if (deletedAt != null) {
      return deletedAt;
    }
    return updatedAt == null ? createdAt : updatedAt;
  }
}
