package deployctl.testing;

import deployctl.aws.cloudformation.Stack;
import deployctl.aws.cloudformation.StackEvent;
import deployctl.aws.cloudformation.StackResource;
import deployctl.aws.cloudformation.Stacks;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A CloudFormation that nothing may be asked of; fakes answer what their tests need. */
abstract class UnaskedStacks implements Stacks {
  @Override
  public Optional<Stack> find(String stack) {
    throw notAsked();
  }

  @Override
  public Stream<List<StackEvent>> eventPages(String stack) {
    throw notAsked();
  }

  @Override
  public List<StackResource> resources(String stack) {
    throw notAsked();
  }

  @Override
  public List<String> changes(String stack, String changeSet) {
    throw notAsked();
  }

  @Override
  public String template(String stack) {
    throw notAsked();
  }

  @Override
  public void delete(String stack, List<String> retain) {
    throw notAsked();
  }

  @Override
  public void protect(String stack, boolean on) {
    throw notAsked();
  }

  @Override
  public void cancelUpdate(String stack) {
    throw notAsked();
  }

  @Override
  public void continueRollback(String stack, List<String> skip) {
    throw notAsked();
  }

  @Override
  public List<String> validate(String templateBody) {
    throw notAsked();
  }

  private static AssertionError notAsked() {
    return new AssertionError("not asked here");
  }
}
