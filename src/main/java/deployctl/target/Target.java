package deployctl.target;

/**
 * What a deployment goes to. Two that share the environment or the stack exclude each other.
 *
 * @param environment for instance {@code production}
 * @param stackName plain name of its CloudFormation stack
 */
public record Target(String environment, String stackName) {
  @Override
  public String toString() {
    return stackName + " (" + environment + ")";
  }
}
