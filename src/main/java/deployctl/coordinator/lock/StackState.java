package deployctl.coordinator.lock;

import deployctl.aws.client.AwsErrorKind;
import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.Stack;

/** What CloudFormation says of a stack, as far as deploying goes. */
sealed interface StackState {
  /** There is no such stack, on AWS's word. */
  record Absent() implements StackState {}

  /** Nothing is at work on the stack; it may still need cleaning up. */
  record Idle(Stack stack) implements StackState {}

  /** CloudFormation is at work on it. */
  record Busy(Stack stack) implements StackState {}

  /** AWS gave no answer. */
  record Unknown(AwsFailure failure) implements StackState {}

  /** Tell whether nothing is at work on the stack, for certain. */
  default boolean seenIdle() {
    return this instanceof Absent || this instanceof Idle;
  }

  /** Return the view of a stack that was found. */
  static StackState of(Stack stack) {
    if (stack.status().deleted()) {
      return new Absent();
    }
    if (stack.status().inProgress()) {
      return new Busy(stack);
    }
    if (stack.status().atRest()) {
      return new Idle(stack);
    }
    return new Unknown(
        new AwsFailure(
            AwsErrorKind.REJECTED,
            "CloudFormation reports "
                + stack.name()
                + " as "
                + stack.status()
                + ", from which no deployment is known to start",
            "Look at the stack in the console; update deployctl if the status is a new one",
            new IllegalStateException(stack.status().name())));
  }
}
