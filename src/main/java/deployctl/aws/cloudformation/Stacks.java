package deployctl.aws.cloudformation;

import deployctl.aws.client.AwsErrorKind;
import deployctl.aws.client.AwsFailure;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * CloudFormation's stacks. A stack is named by its name or its ARN.
 *
 * <p>Every method throws {@link AwsFailure} when AWS gave no answer; only {@link #find} reports a
 * stack that does not exist as empty, and only on AWS's word.
 */
public interface Stacks {
  /**
   * Return the stack, or empty when AWS says that there is none. A deleted one is returned when
   * named by its ARN.
   */
  Optional<Stack> find(String stack);

  /**
   * Return the events, newest first, a hundred or less a page; further pages are fetched as they
   * are read, so a caller that stops early pays for one.
   */
  Stream<List<StackEvent>> eventPages(String stack);

  /** Return all resources. */
  List<StackResource> resources(String stack);

  /**
   * Return what a change set changes.
   *
   * @param stack the stack
   * @param changeSet name or ARN of the change set
   * @return logical ids of the resources that it adds, changes, imports or removes
   */
  List<String> changes(String stack, String changeSet);

  /** Return the template as it was last given to CloudFormation, JSON or YAML. */
  String template(String stack);

  /**
   * Begin to delete the stack.
   *
   * @param retain logical ids of resources to be left behind; AWS allows it only in {@code
   *     DELETE_FAILED}
   */
  void delete(String stack, List<String> retain);

  /** Switch the stack's termination protection on or off. */
  void protect(String stack, boolean on);

  /** Cancel the update that runs; the stack rolls back. */
  void cancelUpdate(String stack);

  /**
   * Go on with a rollback that failed.
   *
   * @param skip logical ids of resources to be taken as rolled back as they are
   */
  void continueRollback(String stack, List<String> skip);

  /**
   * Have AWS check a template.
   *
   * @return the capabilities that it needs acknowledged; empty for none
   * @throws AwsFailure of {@link AwsErrorKind#REJECTED} with AWS's words when it is not valid
   */
  List<String> validate(String templateBody);
}
