package deployctl.coordinator.lock;

/** Why a deployment may start or may not. The names are the interface. */
public enum GateReason {
  /** There is no stack: it will be created. */
  NO_STACK_EXISTS,
  /** The stack is there and nothing is at work on it. */
  STACK_IDLE,
  /** CloudFormation is at work on the stack. */
  ACTIVE_DEPLOYMENT_IN_PROGRESS,
  /** The registry has a deployment that holds the lock. */
  REGISTERED_DEPLOYMENT_IN_PROGRESS,
  /** The stack is in a state that no deployment can start from. */
  STACK_NEEDS_CLEANUP,
  /** AWS could not be asked. */
  AWS_UNREACHABLE,
  /** AWS did not let us ask. */
  AWS_ACCESS_DENIED
}
