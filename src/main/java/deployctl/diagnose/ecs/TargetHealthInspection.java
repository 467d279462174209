package deployctl.diagnose.ecs;

import deployctl.aws.EcsService;
import deployctl.aws.LoadBalancing.RegisteredTarget;
import deployctl.aws.LoadBalancing.TargetGroup;
import deployctl.diagnose.check.CachedAws;
import deployctl.diagnose.check.CheckResult;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the load balancer takes the service's tasks for healthy. */
final class TargetHealthInspection {
  private final EcsInspection inspection;
  private final EcsService service;
  private final boolean steady;
  private final EcsRemediations remediations;

  TargetHealthInspection(
      EcsInspection inspection, EcsService service, boolean steady, EcsRemediations remediations) {
    this.inspection = inspection;
    this.service = service;
    this.steady = steady;
    this.remediations = remediations;
  }

  List<Finding> find() {
    List<Finding> found = new ArrayList<>();
    for (EcsService.ServiceLoadBalancer balancer : service.loadBalancers()) {
      String group = balancer.targetGroupArn();
      if (group != null && !group.isBlank()) {
        inspection
            .ask(
                "target health",
                () -> inspection.run().cached().targets(group),
                TargetHealthInspection::seen)
            .get()
            .flatMap(targets -> finding(group, targets))
            .ifPresent(found::add);
      }
    }
    return found;
  }

  private static CheckResult seen(Optional<List<RegisteredTarget>> targets) {
    if (targets.isEmpty()) {
      return CheckResult.fail("there is no such target group");
    }
    long healthy = targets.get().stream().filter(t -> t.state().equals("healthy")).count();
    List<RegisteredTarget> bad = unhealthy(targets.get());
    return bad.isEmpty()
        ? CheckResult.pass(healthy + " of " + targets.get().size() + " healthy")
        : CheckResult.fail(
            bad.size() + " of " + targets.get().size() + " unhealthy: " + describe(bad.get(0)));
  }

  private static List<RegisteredTarget> unhealthy(List<RegisteredTarget> targets) {
    return targets.stream().filter(t -> t.state().equals("unhealthy")).toList();
  }

  private Optional<Finding> finding(String arn, Optional<List<RegisteredTarget>> targets) {
    if (targets.isEmpty()) {
      return steady
          ? Optional.empty()
          : Optional.of(
              Finding.cause(
                  FindingCode.HEALTH_CHECK_FAILED,
                  "The target group of " + service.name() + " does not exist",
                  List.of("Elastic Load Balancing has no target group " + arn),
                  service.name(),
                  remediations.healthCheck()));
    }
    List<RegisteredTarget> bad = unhealthy(targets.get());
    if (bad.isEmpty()) {
      return Optional.empty();
    }
    List<String> evidence = new ArrayList<>();
    bad.stream().limit(3).forEach(target -> evidence.add("load balancer: " + describe(target)));
    CachedAws.orElse(
            Optional.<TargetGroup>empty(), () -> inspection.run().cached().targetGroup(arn))
        .ifPresent(
            group ->
                evidence.add(
                    "it asks "
                        + (group.path() == null
                            ? group.protocol()
                            : group.path() + " for " + group.expectedCodes())
                        + " on port "
                        + (group.healthPort().equals("traffic-port")
                            ? String.valueOf(group.port())
                            : group.healthPort())
                        + " every "
                        + group.intervalSeconds()
                        + " s, unhealthy after "
                        + group.unhealthyAfter()
                        + "; grace period "
                        + (service.healthGraceSeconds() == null
                            ? "none"
                            : service.healthGraceSeconds() + " s")));
    return Optional.of(
        Finding.cause(
            FindingCode.HEALTH_CHECK_FAILED,
            "The load balancer finds "
                + bad.size()
                + " of "
                + targets.get().size()
                + " tasks of "
                + service.name()
                + " unhealthy",
            evidence,
            service.name(),
            remediations.healthCheck()));
  }

  private static String describe(RegisteredTarget target) {
    return target.id()
        + ":"
        + target.port()
        + " "
        + target.state()
        + (target.reason().isEmpty() ? "" : ", " + target.reason())
        + (target.description().isEmpty() ? "" : ": " + DiagnosisRun.quoted(target.description()));
  }
}
