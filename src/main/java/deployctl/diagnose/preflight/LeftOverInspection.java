package deployctl.diagnose.preflight;

import deployctl.aws.Database;
import deployctl.aws.SecretDescription;
import deployctl.diagnose.check.CheckResult;
import deployctl.diagnose.check.CheckRunner;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.finding.Remediation;
import deployctl.registry.KnownLeftOvers;
import deployctl.state.StateUnavailable;
import deployctl.target.ResourceNames;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a stack that is not there any more has left: by its tag, by its name in the name, and by the
 * names that the application's resources are called. A new deployment that makes the same names
 * fails on them.
 */
final class LeftOverInspection {
  private final DiagnosisRun run;
  private final KnownLeftOvers known;
  private final List<String> others;
  private final String stack;

  /**
   * Make it.
   *
   * @param others the stacks of all environments, whose resources are not this one's
   */
  LeftOverInspection(DiagnosisRun run, KnownLeftOvers known, List<String> others) {
    this.others = others;
    this.known = known;
    this.run = run;
    this.stack = run.target().stackName();
  }

  void inspect() {
    ResourceNames names = run.names();
    List<CheckRunner.CheckAnswer<List<String>>> asked = new ArrayList<>();
    asked.add(ask("left-over clusters", () -> clusters(names)));
    asked.add(ask("left-over databases", () -> databases(names)));
    asked.add(ask("left-over secrets", () -> secrets(names)));
    asked.add(ask("left-over load balancers", this::loadBalancers));
    asked.add(ask("tagged resources", () -> run.cached().tagged(stack)));
    Set<String> all = new LinkedHashSet<>();
    asked.forEach(answer -> answer.get().ifPresent(all::addAll));
    if (asked.stream().allMatch(answer -> answer.get().isPresent())) {
      keep(List.copyOf(all));
    }
    if (!all.isEmpty()) {
      run.add(leftOver(List.copyOf(all)));
    }
  }

  private void keep(List<String> found) {
    try {
      if (!found.isEmpty() || !known.of(stack).isEmpty()) {
        known.keep(stack, found);
      }
    } catch (StateUnavailable e) {
      run.checks().tell("left-overs kept in mind", CheckResult.skipped(e.what()));
    }
  }

  private CheckRunner.CheckAnswer<List<String>> ask(
      String name, java.util.function.Supplier<List<String>> question) {
    return run.checks()
        .ask(
            name,
            question,
            found ->
                found.isEmpty()
                    ? CheckResult.pass("none")
                    : CheckResult.fail(
                        found.size()
                            + ": "
                            + String.join(", ", found.subList(0, Math.min(5, found.size())))
                            + (found.size() > 5 ? " and " + (found.size() - 5) + " more" : "")));
  }

  private List<String> clusters(ResourceNames names) {
    return run.gateways().services().get().clusters().stream()
        .filter(name -> name.equals(names.cluster()) || isOurs(name))
        .map(name -> "cluster " + name)
        .toList();
  }

  private List<String> databases(ResourceNames names) {
    return run.cached().databases().stream()
        .filter(one -> one.id().contains(names.databases()) || isOurs(one.id()))
        .filter(one -> !isOfAnother(one.id().toLowerCase(Locale.ROOT)))
        .map(LeftOverInspection::describe)
        .toList();
  }

  private static String describe(Database one) {
    return "database "
        + one.id()
        + (one.status().equals("deleting") ? " (is being deleted)" : "")
        + (one.deletionProtection() ? " (protected against deletion)" : "");
  }

  private List<String> secrets(ResourceNames names) {
    Set<SecretDescription> found = new LinkedHashSet<>(run.cached().secretsNamed(names.secrets()));
    found.addAll(run.cached().secretsNamed(stack));
    return found.stream()
        // What a deployment needs beforehand is no left-over of one.
        .filter(one -> !names.requiredSecrets().contains(one.name()))
        .filter(one -> !isOfAnother(one.name().toLowerCase(Locale.ROOT)))
        .map(
            one ->
                "secret "
                    + one.name()
                    + (one.deletedAt() == null ? "" : " (is being deleted, its name is taken)"))
        .distinct()
        .toList();
  }

  private List<String> loadBalancers() {
    return run.gateways().loadBalancing().get().names().stream()
        .filter(this::isOurs)
        .map(name -> "load balancer " + name)
        .toList();
  }

  private boolean isOurs(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.contains(stack.toLowerCase(Locale.ROOT)) && !isOfAnother(lower);
  }

  /** What bears the longer name of another stack is that one's. */
  private boolean isOfAnother(String lower) {
    return others.stream()
        .filter(other -> !stack.contains(other))
        .anyMatch(other -> lower.contains(other.toLowerCase(Locale.ROOT)));
  }

  private Finding leftOver(List<String> found) {
    return Finding.cause(
        FindingCode.LEFT_OVER_RESOURCES,
        found.size() == 1
            ? "There is no stack " + stack + ", and one resource of it is left"
            : "There is no stack " + stack + ", and " + found.size() + " resources of it are left",
        found.subList(0, Math.min(20, found.size())),
        stack,
        Remediation.of(
            "Remove what is not needed; a new deployment fails on names that are taken",
            run.own("reset --only left-overs --confirm " + stack),
            run.aws(
                "resourcegroupstaggingapi get-resources --tag-filters Key=aws:cloudformation:stack-name,Values="
                    + stack)));
  }
}
