package deployctl.diagnose.ecs;

import deployctl.aws.EcsCluster;
import deployctl.aws.EcsService;
import deployctl.aws.cloudformation.StackResource;
import deployctl.diagnose.check.CachedAws;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.check.Diagnostic;
import deployctl.diagnose.check.DiagnosticOption;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.finding.Remediation;
import deployctl.support.text.Shell;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code diagnose ecs}: why the tasks of the service do not start or do not stay. */
public final class EcsDiagnostic implements Diagnostic {
  private final KeptEvidence kept;

  /** Make it; {@code kept} is what monitors kept of tasks that ECS has forgotten. */
  public EcsDiagnostic(KeptEvidence kept) {
    this.kept = kept;
  }

  @Override
  public String name() {
    return "ecs";
  }

  @Override
  public String summary() {
    return "Why tasks do not start or do not stay.";
  }

  @Override
  public int order() {
    return 1;
  }

  @Override
  public Set<DiagnosticOption> options() {
    return Set.of(DiagnosticOption.HEALTH_URL);
  }

  @Override
  public boolean usesRules() {
    return true;
  }

  @Override
  public void inspect(DiagnosisRun run) {
    String cluster = run.names().cluster();
    String service = run.names().service();
    EcsInspection inspection = new EcsInspection(run, cluster, service, "");
    Optional<Optional<EcsCluster>> clusterFound = inspection.cluster().get();
    Optional<Optional<EcsService>> serviceFound = inspection.service().get();
    if (serviceFound.isPresent()) {
      run.subjectRead();
    }
    boolean noCluster = clusterFound.isPresent() && !usable(clusterFound.get());
    boolean noService =
        serviceFound.isPresent() && serviceFound.get().filter(EcsService::active).isEmpty();
    if (noService) {
      List<Finding> remembered = new EcsRootCause(inspection, null, null, kept).find();
      remembered.forEach(run::add);
      if (remembered.isEmpty()) {
        run.add(noCluster ? clusterMissing(run, cluster) : serviceMissing(run, cluster, service));
      }
      inspection.finish();
      return;
    }
    serviceFound
        .flatMap(found -> found)
        .ifPresent(
            found -> new EcsRootCause(inspection, found, null, kept).find().forEach(run::add));
    inspection.finish();
  }

  /**
   * Look into a service that a stack is making or has failed to make.
   *
   * @param id the service's ARN or name, or null while it has none
   * @param failedSince when the operation began in which it failed; null while it is in progress
   * @return what is wrong with it; that it is not there is no finding
   */
  public List<Finding> below(DiagnosisRun run, @Nullable String id, @Nullable Instant failedSince) {
    String cluster = run.names().cluster();
    String service = run.names().service();
    if (id != null && id.startsWith("arn:") && id.contains(":service/")) {
      // arn:aws:ecs:region:account:service/cluster/service; older ones leave the cluster out.
      String[] parts = id.substring(id.indexOf(":service/") + 9).split("/", -1);
      service = parts[parts.length - 1];
      cluster = parts.length > 1 ? parts[0] : cluster;
    } else if (id != null && !id.isBlank()) {
      String[] parts = id.split("\\|", -1);
      service = parts[parts.length - 1];
    }
    EcsInspection inspection = new EcsInspection(run, cluster, service, "ecs: ");
    inspection.cluster().get();
    EcsService found =
        inspection.service().get().flatMap(one -> one).filter(EcsService::active).orElse(null);
    List<Finding> rootCauses = new EcsRootCause(inspection, found, failedSince, kept).find();
    inspection.finish();
    return rootCauses;
  }

  private static boolean usable(Optional<EcsCluster> cluster) {
    return cluster.filter(EcsCluster::active).isPresent();
  }

  private static Finding clusterMissing(DiagnosisRun run, String cluster) {
    return Finding.cause(
        FindingCode.CLUSTER_NOT_FOUND,
        "There is no cluster " + cluster,
        List.of("ECS: no active cluster of this name in this account and region", others(run)),
        cluster,
        Remediation.of(
            "Check account, region and the name (ecs.cluster in deployctl.yml); deploy if it was never made",
            run.aws("ecs list-clusters"),
            run.deploy()));
  }

  private static Finding serviceMissing(DiagnosisRun run, String cluster, String service) {
    return Finding.cause(
        FindingCode.SERVICE_NOT_FOUND,
        "There is no service " + service + " in the cluster " + cluster,
        List.of("ECS: no active service of this name", others(run)),
        service,
        Remediation.of(
            "Check the name (ecs.service in deployctl.yml); deploy if it was never made",
            run.aws("ecs list-services --cluster " + Shell.quote(cluster)),
            run.deploy()));
  }

  /** What the stack calls them: CDK makes names that nobody remembers. */
  private static String others(DiagnosisRun run) {
    return CachedAws.orElse(
        "the stack could not be asked for its services",
        () -> {
          List<String> ids =
              run.cached().stack(run.target().stackName()).isEmpty()
                  ? List.of()
                  : run.cached().resources(run.target().stackName()).stream()
                      .filter(resource -> resource.resourceType().equals("AWS::ECS::Service"))
                      .map(StackResource::physicalResourceId)
                      .filter(java.util.Objects::nonNull)
                      .toList();
          return ids.isEmpty()
              ? "the stack " + run.target().stackName() + " has no service"
              : "the stack's services: " + String.join(", ", ids);
        });
  }
}
