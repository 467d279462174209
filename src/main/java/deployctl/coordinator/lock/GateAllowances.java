package deployctl.coordinator.lock;

/**
 * What a deployment may start in spite of.
 *
 * @param cleanup which stacks that need cleaning up are no obstacle
 * @param newStack whether a stack may be made where none is, although it is known elsewhere
 */
public record GateAllowances(AllowedCleanup cleanup, boolean newStack) {
  /** In spite of nothing. */
  public static final GateAllowances NONE = new GateAllowances(AllowedCleanup.NONE, false);

  /** In spite of everything that can be in spite of; for who only looks. */
  public static final GateAllowances ALL = new GateAllowances(AllowedCleanup.ANY, true);

  /** Return what a command's {@code --allow-cleanup} and {@code --new-stack} say. */
  public static GateAllowances of(boolean allowCleanup, boolean newStack) {
    return new GateAllowances(allowCleanup ? AllowedCleanup.ANY : AllowedCleanup.NONE, newStack);
  }
}
