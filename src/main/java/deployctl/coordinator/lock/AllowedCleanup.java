package deployctl.coordinator.lock;

import deployctl.aws.cloudformation.StackStatus;

/** Which stacks that need cleaning up are no obstacle. */
public enum AllowedCleanup {
  /** None. */
  NONE,
  /** One whose creation was rolled back: CDK replaces it itself. */
  ROLLED_BACK_CREATION,
  /** Any: the one who deploys cleans up first. */
  ANY;

  boolean allows(StackStatus status) {
    return switch (this) {
      case NONE -> false;
      case ROLLED_BACK_CREATION -> status.name().equals("ROLLBACK_COMPLETE");
      case ANY -> true;
    };
  }
}
