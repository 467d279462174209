package deployctl.reset;

import deployctl.aws.cloudformation.Stack;
import deployctl.target.Target;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What there is now and what each step would do.
 *
 * @param stack null when there is none
 * @param resources how many resources the stack has; -1 where that is not known
 */
record ResetPlan(Target target, @Nullable Stack stack, int resources, List<ResetStep> steps) {
  /**
   * What is asked for.
   *
   * @param only these steps; empty for all
   * @param deploy whether the workflow is started at the end
   * @param retain logical ids of resources that are left behind
   */
  record ResetRequest(Set<ResetStep.StepName> only, boolean deploy, List<String> retain) {}
}
