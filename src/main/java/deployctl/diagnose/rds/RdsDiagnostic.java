package deployctl.diagnose.rds;

import deployctl.aws.Database;
import deployctl.diagnose.check.CachedAws;
import deployctl.diagnose.check.CheckResult;
import deployctl.diagnose.check.CheckRunner;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.check.Diagnostic;
import deployctl.diagnose.check.ResourceFailures;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.finding.Remediation;
import deployctl.operation.OperationFailure;
import deployctl.operation.ResourceRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code diagnose rds}: whether the application's databases come up, and why not. */
public final class RdsDiagnostic implements Diagnostic {
  static final String TYPE = "AWS::RDS::DBInstance";

  @Override
  public String name() {
    return "rds";
  }

  @Override
  public String summary() {
    return "Why a database does not come up.";
  }

  @Override
  public int order() {
    return 2;
  }

  @Override
  public boolean usesRules() {
    return true;
  }

  @Override
  public void inspect(DiagnosisRun run) {
    String part = run.names().databases();
    CheckRunner.CheckAnswer<List<Database>> asked = ask(run, "", part);
    CheckRunner.CheckAnswer<List<Database.SubnetGroup>> groups =
        run.checks()
            .ask(
                "subnet groups",
                () ->
                    run.cached().subnetGroups().stream()
                        .filter(
                            group -> group.name().contains(part.toLowerCase(java.util.Locale.ROOT)))
                        .toList(),
                RdsDiagnostic::seenGroups);
    Optional<List<Database>> answer = asked.get();
    if (answer.isEmpty()) {
      groups.get();
      return;
    }
    run.subjectRead();
    for (Database database : answer.get()) {
      DatabaseInspection inspection =
          new DatabaseInspection(run, "", database, begun(run, database));
      inspection.find().forEach(run::add);
    }
    List<Database.SubnetGroup> found = groups.get().orElse(List.of());
    if (answer.get().isEmpty()) {
      noInstance(run, part, found);
    }
  }

  /**
   * Look into an instance that a stack is making or has failed to make.
   *
   * @param id its identifier, or null while it has none
   * @return what is wrong with it; that it is not there is no finding
   */
  public static List<Finding> below(DiagnosisRun run, @Nullable String id) {
    String part = id == null || id.isBlank() ? run.names().databases() : id;
    boolean exact = id != null && !id.isBlank();
    List<Database> found =
        ask(run, "rds: ", part).get().orElse(List.of()).stream()
            .filter(database -> !exact || database.id().equalsIgnoreCase(part))
            .toList();
    List<Finding> all = new ArrayList<>();
    for (Database database : found) {
      all.addAll(new DatabaseInspection(run, "rds: ", database, begun(run, database)).find());
    }
    if (found.isEmpty() && id != null && exact) {
      // It was accepted and vanished: only its events are left.
      all.addAll(DatabaseInspection.vanished(run, id));
    }
    return all;
  }

  private static CheckRunner.CheckAnswer<List<Database>> ask(
      DiagnosisRun run, String prefix, String part) {
    return run.checks()
        .ask(
            prefix + "instances",
            () ->
                run.cached().databases().stream()
                    .filter(
                        database -> database.id().contains(part.toLowerCase(java.util.Locale.ROOT)))
                    .toList(),
            found ->
                found.isEmpty()
                    ? CheckResult.pass("no instance named like " + part)
                    : CheckResult.pass(
                        String.join(
                            ", ", found.stream().map(d -> d.id() + " is " + d.status()).toList())));
  }

  private static CheckResult seenGroups(List<Database.SubnetGroup> groups) {
    return groups.isEmpty()
        ? CheckResult.skipped("none is named like the databases")
        : CheckResult.pass(
            String.join(
                "; ",
                groups.stream()
                    .map(g -> g.name() + ": " + g.subnets().size() + " subnets in " + g.zones())
                    .toList()));
  }

  /** Return when its creation began, as the stack tells it; null where no stack does. */
  private static @Nullable Instant begun(DiagnosisRun run, Database database) {
    if (database.status().equals("available")) {
      return database.createdAt();
    }
    Instant told =
        CachedAws.orElse(
                Optional.<Instant>empty(),
                () ->
                    run.cached()
                        .stack(run.target().stackName())
                        .flatMap(
                            stack ->
                                run.cached().latest(stack).operation().resources().stream()
                                    .filter(one -> one.type().equals(TYPE))
                                    .filter(one -> database.id().equals(one.physicalId()))
                                    .map(ResourceRun::startedAt)
                                    .filter(java.util.Objects::nonNull)
                                    .findFirst()))
            .orElse(null);
    Instant own = database.createdAt();
    return own == null || told != null && told.isBefore(own) ? told : own;
  }

  /** No instance: its creation may have been refused, which only the stack tells. */
  private static void noInstance(DiagnosisRun run, String part, List<Database.SubnetGroup> groups) {
    for (OperationFailure failure : refused(run)) {
      run.add(new ResourceFailures(run).finding(failure));
      return;
    }
    for (Database.SubnetGroup group : groups) {
      if (group.zones().size() == 1) {
        run.add(
            DatabaseRemediations.tooFewZones(run, group.name(), group.zones(), group.subnets()));
        return;
      }
    }
    run.add(
        new Finding(
            FindingCode.RDS_NOT_FOUND,
            "There is no database instance named like " + part,
            List.of("RDS: no instance whose identifier contains " + part),
            part,
            Remediation.of(
                "Check the name (rds.identifier in deployctl.yml), account and region",
                run.aws("rds describe-db-instances --query 'DBInstances[].DBInstanceIdentifier'")),
            Finding.FindingRole.STATE));
  }

  private static List<OperationFailure> refused(DiagnosisRun run) {
    return CachedAws.orElse(
        List.of(),
        () ->
            run.cached()
                .stack(run.target().stackName())
                .map(
                    stack ->
                        run.cached().latest(stack).operation().failures().stream()
                            .filter(failure -> failure.type().startsWith("AWS::RDS::"))
                            .filter(failure -> !failure.follows())
                            .toList())
                .orElse(List.of()));
  }
}
