package deployctl.registry;

import org.jspecify.annotations.Nullable;

/** Where a deployment stands in the registry. */
public enum DeploymentStatus {
  /** Waiting for its turn. */
  QUEUED,
  /** Holds the deployment lock. */
  IN_PROGRESS,
  /** Over, and good. */
  SUCCEEDED,
  /** Over, and not good. */
  FAILED,
  /** Given up by its owner, or taken over from an owner that died. */
  CANCELLED;

  /** Tell whether the deployment is over. */
  public boolean finished() {
    return this == SUCCEEDED || this == FAILED || this == CANCELLED;
  }

  /** Return the status that {@code name} names, or null for none. */
  public static @Nullable DeploymentStatus find(@Nullable String name) {
    for (DeploymentStatus status : values()) {
      if (status.name().equals(name)) {
        return status;
      }
    }
    return null;
  }
}
