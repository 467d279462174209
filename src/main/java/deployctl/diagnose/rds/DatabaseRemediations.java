package deployctl.diagnose.rds;

import deployctl.aws.Database;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.finding.Remediation;
import deployctl.support.text.Shell;
import deployctl.support.time.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can be done about a database instance, as complete commands. */
final class DatabaseRemediations {
  /** No creation takes longer; what is older has been in use. */
  static final Duration YOUNG = Duration.ofHours(3);

  private final DiagnosisRun run;
  private final Database database;
  private final @Nullable Instant begun;

  DatabaseRemediations(DiagnosisRun run, Database database, @Nullable Instant begun) {
    this.run = run;
    this.database = database;
    this.begun = begun;
  }

  /** Return the remediation for an instance that will not recover by itself. */
  Remediation forBroken(FindingCode code, String message) {
    List<String> commands = new ArrayList<>();
    switch (code) {
      case STORAGE_FULL -> {
        int more = Math.max(database.allocatedGib() + 20, database.allocatedGib() * 3 / 2);
        return Remediation.of(
            message,
            run.aws(
                "rds modify-db-instance --db-instance-identifier "
                    + id()
                    + " --allocated-storage "
                    + more
                    + " --apply-immediately"));
      }
      case KEY_INACCESSIBLE -> {
        if (database.keyId() != null) {
          commands.add(run.aws("kms describe-key --key-id " + Shell.quote(database.keyId())));
          commands.add(run.aws("kms enable-key --key-id " + Shell.quote(database.keyId())));
        }
        commands.add(run.aws("rds start-db-instance --db-instance-identifier " + id()));
        return Remediation.of(message, commands);
      }
      case INCOMPATIBLE_NETWORK, SUBNET_IPS_EXHAUSTED -> {
        if (!database.subnets().isEmpty()) {
          commands.add(
              run.aws(
                  "ec2 describe-subnets --subnet-ids "
                      + String.join(" ", database.subnets().stream().map(Shell::quote).toList())));
        }
        if (!database.securityGroups().isEmpty()) {
          commands.add(
              run.aws(
                  "ec2 describe-security-groups --group-ids "
                      + String.join(
                          " ", database.securityGroups().stream().map(Shell::quote).toList())));
        }
      }
      case INVALID_PARAMETER_GROUP -> {
        for (String group : database.parameterStatus()) {
          commands.add(
              run.aws(
                  "rds describe-db-parameters --source user --db-parameter-group-name "
                      + Shell.quote(group.substring(0, group.indexOf(':')))));
        }
      }
      case INSUFFICIENT_CAPACITY ->
          commands.add(
              run.aws(
                  "rds describe-orderable-db-instance-options --engine "
                      + Shell.quote(database.engine())
                      + " --query 'OrderableDBInstanceOptions[].[DBInstanceClass,AvailabilityZones[].Name]'"));
      default -> {}
    }
    if (!neverCameUp()) {
      // It may hold data: what deletes it is not for a tired hand to paste.
      commands.add(
          database.status().equals("failed")
              ? run.aws(
                  "rds restore-db-instance-to-point-in-time --use-latest-restorable-time --source-db-instance-identifier "
                      + id()
                      + " --target-db-instance-identifier "
                      + Shell.quote(database.id() + "-restored"))
              : run.aws("rds reboot-db-instance --db-instance-identifier " + id()));
      return Remediation.of(
          message + ". It may hold data: restore or mend it, do not delete it", commands);
    }
    commands.addAll(deletion());
    commands.add(run.deploy());
    Remediation remediation =
        Remediation.of(
            message + ". An instance that never came up has to be deleted first", commands);
    return database.status().equals("failed") && !database.deletionProtection()
        ? automatic(remediation)
        : remediation;
  }

  /** Only what is young can be taken for an instance that was never in use. */
  private boolean neverCameUp() {
    Instant created = database.createdAt();
    return created == null || created.isAfter(run.now().minus(YOUNG));
  }

  private Remediation automatic(Remediation remediation) {
    return remediation.automatically(
        "Delete the failed database instance "
            + database.id()
            + (snapshots() ? ", with a final snapshot?" : ", without a final snapshot?"),
        () -> {
          Optional<Database> now = run.gateways().databases().get().find(database.id());
          if (now.isEmpty() || !now.get().status().equals("failed")) {
            return database.id() + " is not failed any more; nothing was done";
          }
          if (!neverCameUp()) {
            return database.id() + " may hold data; nothing was done";
          }
          if (now.get().deletionProtection()) {
            return database.id() + " is protected against deletion; nothing was done";
          }
          run.gateways().databases().get().delete(database.id(), snapshotName());
          return database.id() + " is being deleted";
        });
  }

  /**
   * AWS takes no final snapshot of an instance that is failed or incompatible (RDS API reference,
   * DeleteDBInstance).
   */
  private boolean snapshots() {
    return !database.status().equals("failed")
        && !database.status().startsWith("incompatible-")
        && !database.status().equals("creating");
  }

  private @Nullable String snapshotName() {
    return snapshots() ? database.id() + "-final-" + Timestamps.compact(run.now()) : null;
  }

  private List<String> deletion() {
    List<String> commands = new ArrayList<>();
    if (database.deletionProtection()) {
      commands.add(unprotect());
    }
    String snapshot = snapshotName();
    commands.add(
        run.aws(
            "rds delete-db-instance --db-instance-identifier "
                + id()
                + (snapshot == null
                    ? " --skip-final-snapshot"
                    : " --final-db-snapshot-identifier " + Shell.quote(snapshot))));
    return commands;
  }

  private String unprotect() {
    return run.aws(
        "rds modify-db-instance --db-instance-identifier "
            + id()
            + " --no-deletion-protection --apply-immediately");
  }

  /** Return the finding that it cannot be deleted as it is. */
  Finding protection() {
    return new Finding(
        FindingCode.DELETION_PROTECTED,
        "The database " + database.id() + " is protected against deletion",
        List.of("RDS: DeletionProtection is on"),
        database.id(),
        Remediation.of("Lift the protection, if it is really to go", unprotect()),
        Finding.FindingRole.CONSEQUENCE);
  }

  /** Return what to do about a creation that takes too long. */
  Remediation slow() {
    return Remediation.of(
        "Look at its events, subnets and security groups; if nothing moves, ask AWS Support with the instance id "
            + database.id()
            + (begun == null ? "" : " and the creation time " + Timestamps.format(begun))
            + ", and meanwhile cancel the deployment or take another zone or class",
        run.aws(
            "rds describe-events --source-type db-instance --duration 60 --source-identifier "
                + id()),
        run.own("diagnose stack"),
        run.own("diagnose escalation " + run.correlationId()));
  }

  /** Return the finding that a subnet group lies in one zone only. */
  static Finding tooFewZones(
      DiagnosisRun run, String group, List<String> zones, List<String> subnets) {
    return Finding.cause(
        FindingCode.SUBNET_GROUP_TOO_FEW_AZS,
        "The subnet group " + group + " lies in one availability zone only",
        List.of("RDS: subnets " + subnets + " are all in " + zones + "; two zones are needed"),
        group,
        Remediation.of(
            "Give the subnet group a subnet in another zone in the CDK code, then deploy",
            run.aws("rds describe-db-subnet-groups --db-subnet-group-name " + Shell.quote(group)),
            run.deploy()));
  }

  private String id() {
    return Shell.quote(database.id());
  }
}
