package deployctl.aws.cloudformation;

import java.util.Set;

/**
 * What CloudFormation says a stack is in. Kept as its word, so that one added later is still read
 * right by its ending.
 *
 * @param name for instance {@code UPDATE_IN_PROGRESS}
 */
public record StackStatus(String name) {
  private static final Set<String> NEEDS_CLEANUP =
      Set.of(
          "ROLLBACK_COMPLETE",
          "ROLLBACK_FAILED",
          "CREATE_FAILED",
          "DELETE_FAILED",
          "UPDATE_ROLLBACK_FAILED");

  private static final Set<String> IDLE =
      Set.of(
          "CREATE_COMPLETE",
          "UPDATE_COMPLETE",
          "UPDATE_FAILED",
          "UPDATE_ROLLBACK_COMPLETE",
          "IMPORT_COMPLETE",
          "IMPORT_ROLLBACK_COMPLETE",
          "REVIEW_IN_PROGRESS");

  /**
   * Tell whether a deployment can start from here (CloudFormation user guide, "Stack status codes";
   * from {@code UPDATE_FAILED}, where a rollback was declined, the update can be repeated).
   */
  public boolean idle() {
    return IDLE.contains(name);
  }

  /**
   * Tell whether CloudFormation is at work on the stack; one that only awaits a change set is idle.
   */
  public boolean inProgress() {
    return name.endsWith("_IN_PROGRESS") && !name.equals("REVIEW_IN_PROGRESS");
  }

  /**
   * Tell whether no deployment can succeed before the stack was deleted or its rollback was
   * finished.
   */
  public boolean needsCleanup() {
    return NEEDS_CLEANUP.contains(name);
  }

  /**
   * Tell whether nothing is at work on the stack, for certain; false for a status that this version
   * does not know.
   */
  public boolean atRest() {
    return deleted() || idle() || needsCleanup();
  }

  /** Tell whether an update failed and, as it was wanted, nothing was rolled back. */
  public boolean halfway() {
    return name.equals("UPDATE_FAILED");
  }

  /** Tell whether the stack is gone. */
  public boolean deleted() {
    return name.equals("DELETE_COMPLETE");
  }

  @Override
  public String toString() {
    return name;
  }
}
