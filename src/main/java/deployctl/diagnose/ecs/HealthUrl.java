package deployctl.diagnose.ecs;

import deployctl.diagnose.check.CheckResult;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.support.net.HttpProbe;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Whether the application answers at the address that says whether it is well. */
final class HealthUrl {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private HealthUrl() {}

  /** Ask it, where one is set; empty when it is well or none is set. */
  static Optional<Finding> check(EcsInspection inspection) {
    String url = inspection.run().names().healthUrl();
    if (url == null) {
      return Optional.empty();
    }
    Optional<HttpProbe.ProbeResult> result =
        inspection
            .ask(
                "health url",
                () -> HttpProbe.get(url, TIMEOUT),
                found -> CheckResult.of(found.ok(), found.message()))
            .get();
    return result
        .filter(found -> !found.ok())
        .map(
            found ->
                Finding.cause(
                    FindingCode.HEALTH_CHECK_FAILED,
                    "The application does not say that it is well",
                    List.of(url + ": " + found.message()),
                    inspection.serviceName(),
                    new EcsRemediations(inspection).healthCheck()));
  }
}
