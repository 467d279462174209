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

  /** Return the account that the stack is in, or null where its id is no ARN. */
  public @Nullable String account() {
    return part(4);
  }

  /** Return the region that the stack is in, or null where its id is no ARN. */
  public @Nullable String region() {
    return part(3);
  }

  private @Nullable String part(int index) {
    // An answer that is not AWS's may lack it.
    String[] parts = String.valueOf(id).split(":", -1);
    return parts[0].equals("arn") && parts.length > index && !parts[index].isEmpty()
        ? parts[index]
        : null;
  }

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
