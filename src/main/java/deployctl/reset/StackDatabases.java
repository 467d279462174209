package deployctl.reset;

import deployctl.aws.AwsGateways;
import deployctl.aws.Database;
import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.StackResource;
import deployctl.cli.Console;
import deployctl.support.Failure;
import java.util.List;
import java.util.Optional;

/** The databases that go with a stack: what they hold is what a reset costs most. */
final class StackDatabases {
  private final AwsGateways aws;
  private final Console console;
  private final boolean yes;

  StackDatabases(AwsGateways aws, Console console, boolean yes) {
    this.aws = aws;
    this.console = console;
    this.yes = yes;
  }

  /** Return the names of the instances and clusters among a stack's resources. */
  static List<String> named(List<StackResource> resources) {
    return resources.stream()
        .filter(
            one ->
                one.resourceType().equals("AWS::RDS::DBInstance")
                    || one.resourceType().equals("AWS::RDS::DBCluster"))
        .map(
            one ->
                one.physicalResourceId() == null
                    ? one.logicalResourceId()
                    : one.physicalResourceId())
        .toList();
  }

  /**
   * See that no instance refuses to be deleted.
   *
   * @param lift whether protection may be switched off, each instance asked for by name
   * @throws Failure when one is protected and that may not be lifted, or is not to be
   */
  void unprotect(String stack, boolean lift) {
    for (StackResource one : aws.stacks().get().resources(stack)) {
      String id = one.physicalResourceId();
      if (id != null && one.resourceType().equals("AWS::RDS::DBInstance") && isProtected(id)) {
        unprotectOne(id, lift);
      }
    }
  }

  private boolean isProtected(String id) {
    try {
      Optional<Database> found = aws.databases().get().find(id);
      return found.map(Database::deletionProtection).orElse(false);
    } catch (AwsFailure e) {
      // CloudFormation says so itself when it comes to it.
      return false;
    }
  }

  private void unprotectOne(String id, boolean lift) {
    if (!lift) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          "The database " + id + " is protected against deletion",
          "If it and what it holds are really to go: 'deployctl reset --resume --lift-protection'");
    }
    if (!console.confirm(
        "Switch off the deletion protection of the database " + id + ", which is then deleted?",
        yes)) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          "The database " + id + " stays protected, as you said",
          "Nothing was deleted; 'deployctl reset --resume' goes on");
    }
    aws.databases().get().protect(id, false);
  }
}
