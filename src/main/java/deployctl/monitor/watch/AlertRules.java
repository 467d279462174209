package deployctl.monitor.watch;

import deployctl.aws.cloudformation.Stack;
import deployctl.monitor.checkpoint.WatchRequest;
import deployctl.monitor.watch.Alert.AlertKind;
import deployctl.operation.OperationFailure;
import deployctl.operation.StackOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which turns of an operation are worth saying; each by a key, so that it is said once. */
final class AlertRules {
  /** Without these a system does not run: their failures are told whatever failed before. */
  private static final Set<String> CRITICAL =
      Set.of(
          "AWS::RDS::DBInstance",
          "AWS::RDS::DBCluster",
          "AWS::ECS::Service",
          "AWS::ECS::Cluster",
          "AWS::EC2::VPC",
          "AWS::ElasticLoadBalancingV2::LoadBalancer",
          "AWS::OpenSearchService::Domain",
          "AWS::EKS::Cluster",
          "AWS::SecretsManager::Secret");

  private AlertRules() {}

  static List<Alert> of(WatchRequest request, Stack stack, StackOperation operation) {
    List<Alert> alerts = new ArrayList<>();
    String cause = operation.rootCause().map(OperationFailure::eventId).orElse("");
    for (OperationFailure failure : operation.failures()) {
      boolean first = failure.eventId().equals(cause);
      boolean matters = first || CRITICAL.contains(failure.type());
      if (matters && !failure.follows() && !failure.stackItself()) {
        alerts.add(
            new Alert(
                AlertKind.RESOURCE_FAILED, "failed-" + failure.eventId(), failure.line(), failure));
      }
    }
    String status = stack.status().name();
    if (operation.rollbackSince() != null) {
      String why = operation.rollbackReason() == null ? "" : ": " + operation.rollbackReason();
      alerts.add(
          Alert.of(
              AlertKind.ROLLING_BACK, "rolling-back", stack.name() + " is rolling back" + why));
    }
    if (status.equals("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")) {
      alerts.add(
          Alert.of(
              AlertKind.CLEANING_UP,
              "cleaning-up",
              "The update is done; CloudFormation removes what it replaced"));
    }
    if (status.equals("DELETE_IN_PROGRESS")
        && operation.kind() != StackOperation.OperationKind.DELETE) {
      alerts.add(
          Alert.of(
              AlertKind.DELETED_UNDER_IT,
              "deleted-under-it",
              stack.name() + " is being deleted during the deployment " + request.correlationId()));
    }
    return alerts;
  }
}
