package deployctl.diagnose.rds;

import deployctl.aws.Database;
import deployctl.diagnose.check.CheckResult;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.finding.Remediation;
import deployctl.diagnose.rules.Rule;
import deployctl.diagnose.rules.RuleField;
import deployctl.support.time.Durations;
import deployctl.support.time.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One database instance: its status and phase, its age, what RDS says of it, and its network. */
final class DatabaseInspection {
  /** The contract: a creation is slow over 25 minutes. */
  private static final Duration SLOW = Duration.ofMinutes(25);

  /** The runbook: 15 to 20 minutes are normal. */
  private static final Duration USUAL = Duration.ofMinutes(20);

  private static final Duration EVENTS = Duration.ofHours(24);

  private final DiagnosisRun run;
  private final String prefix;
  private final Database database;
  private final @Nullable Instant begun;
  private final DatabaseRemediations remediations;

  /**
   * Make an inspection.
   *
   * @param begun when its creation began, or null where nothing tells
   */
  DatabaseInspection(DiagnosisRun run, String prefix, Database database, @Nullable Instant begun) {
    this.run = run;
    this.prefix = prefix;
    this.database = database;
    this.begun = begun;
    this.remediations = new DatabaseRemediations(run, database, begun);
  }

  /**
   * Return what is wrong, the cause first; that it is being created in good time is worth knowing.
   */
  List<Finding> find() {
    String status = database.status();
    Rule rule = run.match(RuleField.RDS_STATUS, status).orElse(null);
    boolean well = status.equals("available") || status.equals("stopped");
    tellStatus(well, rule);
    List<Finding> found = new ArrayList<>();
    if (well) {
      return found;
    }
    Optional<Said> said = said();
    tellNetwork();
    FindingCode ofStatus = rule == null ? null : rule.code();
    if (status.equals("deleting")) {
      found.add(deleting(said));
    } else if (ofStatus != null && rule != null) {
      found.add(broken(ofStatus, rule, said));
    } else if (status.equals("creating")
        || creationPhase(status) && age().compareTo(DatabaseRemediations.YOUNG) < 0) {
      found.add(creating(said));
    } else if (rule == null) {
      found.add(unknown(said));
    } else if (said.map(one -> one.rule().code()).isPresent()) {
      // A normal phase, and RDS has said why it will not end well.
      found.add(creating(said));
    }
    if (!found.isEmpty()
        && found.get(0).problem()
        && database.deletionProtection()
        && ofStatus != null) {
      found.add(remediations.protection());
    }
    return found;
  }

  /** What RDS said of it that names a cause. */
  private record Said(Rule rule, Database.DatabaseEvent event) {}

  private Optional<Said> said() {
    List<Database.DatabaseEvent> events =
        run.checks()
            .ask(
                prefix + "events of " + database.id(),
                () -> run.cached().databaseEvents(database.id(), EVENTS),
                DatabaseInspection::seenEvents)
            .get()
            .orElse(List.of());
    return saidIn(run, events, begun);
  }

  private static Optional<Said> saidIn(
      DiagnosisRun run, List<Database.DatabaseEvent> events, @Nullable Instant since) {
    List<Said> all = new ArrayList<>();
    for (Database.DatabaseEvent event : events) {
      boolean old = since != null && event.at().isBefore(since.minusSeconds(60));
      Rule rule = old ? null : run.match(RuleField.RDS_EVENT, event.message()).orElse(null);
      if (rule != null && rule.kind().cause()) {
        all.add(new Said(rule, event));
      }
    }
    return all.stream()
        .filter(one -> one.rule().kind() != Rule.RuleKind.SYMPTOM)
        .findFirst()
        .or(() -> all.stream().findFirst());
  }

  private static CheckResult seenEvents(List<Database.DatabaseEvent> events) {
    return events.isEmpty()
        ? CheckResult.skipped("none in the last day")
        : CheckResult.pass(
            events.size()
                + " in the last day, the last: "
                + events.get(events.size() - 1).message());
  }

  private void tellStatus(boolean well, @Nullable Rule rule) {
    String age = begun == null ? "" : ", " + Durations.humane(age()) + " since its creation began";
    boolean busy = rule != null && rule.kind() == Rule.RuleKind.INFO;
    String message =
        database.status()
            + (well ? "" : age)
            + ", "
            + database.instanceClass()
            + " "
            + database.engine()
            + (database.allocatedGib() == 0 ? "" : ", " + database.allocatedGib() + " GiB")
            + (database.deletionProtection() ? ", protected against deletion" : "");
    run.checks()
        .tell(
            prefix + "instance " + database.id(),
            well
                ? CheckResult.pass(message)
                : busy ? CheckResult.warn(message) : CheckResult.fail(message));
  }

  private void tellNetwork() {
    String group = database.subnetGroup();
    if (group != null) {
      run.checks()
          .tell(
              prefix + "subnet group " + group,
              CheckResult.of(
                  database.zones().size() != 1,
                  database.subnets().size() + " subnets in " + database.zones()));
    }
    if (!database.parameterStatus().isEmpty()) {
      run.checks()
          .tell(
              prefix + "parameter groups",
              CheckResult.pass(String.join(", ", database.parameterStatus())));
    }
    if (database.keyId() != null) {
      run.checks().tell(prefix + "encryption key", CheckResult.pass(database.keyId()));
    }
  }

  private Duration age() {
    return begun == null ? Duration.ZERO : Duration.between(begun, run.now());
  }

  /** Steps on the way from creating to available. */
  private static boolean creationPhase(String status) {
    return status.equals("backing-up") || status.startsWith("configuring-");
  }

  private Finding broken(FindingCode ofStatus, Rule rule, Optional<Said> said) {
    // The events tell more than the status: no free addresses behind an incompatible network.
    Said why = said.orElse(null);
    FindingCode ofEvent = why == null ? null : why.rule().code();
    boolean better =
        why != null
            && ofEvent != null
            && why.rule().kind() != Rule.RuleKind.SYMPTOM
            && (rule.kind() == Rule.RuleKind.SYMPTOM
                || ofEvent == FindingCode.SUBNET_IPS_EXHAUSTED);
    FindingCode code = better && ofEvent != null ? ofEvent : ofStatus;
    Rule used = better && why != null ? why.rule() : rule;
    List<String> evidence = evidence(said);
    if (!used.link().isEmpty()) {
      evidence.add("see " + used.link());
    }
    return Finding.cause(
        code,
        "The database " + database.id() + " is " + database.status() + ": " + used.meaning(),
        evidence,
        database.id(),
        remediations.forBroken(code, used.remediation()));
  }

  private Finding creating(Optional<Said> said) {
    if (said.isPresent()) {
      Rule rule = said.get().rule();
      FindingCode code = rule.code();
      if (code != null) {
        return Finding.cause(
            code,
            "The database " + database.id() + " will not come up: " + rule.meaning(),
            evidence(said),
            database.id(),
            remediations.forBroken(code, rule.remediation()));
      }
    }
    if (database.zones().size() == 1) {
      String group = database.subnetGroup();
      return DatabaseRemediations.tooFewZones(
          run, group == null ? database.id() : group, database.zones(), database.subnets());
    }
    boolean slow = age().compareTo(SLOW) > 0;
    Duration left = USUAL.minus(age());
    if (slow) {
      return Finding.cause(
          FindingCode.RDS_CREATION_SLOW,
          "The database "
              + database.id()
              + " has been "
              + database.status()
              + " for "
              + Durations.humane(age())
              + "; 15 to 20 min are usual",
          evidence(said),
          database.id(),
          remediations.slow());
    }
    return new Finding(
        FindingCode.RDS_CREATING,
        "The database "
            + database.id()
            + " is "
            + database.status()
            + (begun == null ? "" : " for " + Durations.humane(age()))
            + "; 15 to 20 min are usual",
        evidence(said),
        database.id(),
        Remediation.of(
            left.isNegative()
                ? "Wait some minutes more"
                : "Wait; about " + Durations.humane(left) + " more is usual",
            run.own("diagnose rds")),
        Finding.FindingRole.STATE);
  }

  private Finding deleting(Optional<Said> said) {
    List<String> evidence = evidence(said);
    evidence.add("RDS: " + database.id() + " is " + database.status());
    return Finding.cause(
        FindingCode.LEFT_OVER_RESOURCES,
        "The database "
            + database.id()
            + " is being deleted: nothing can be deployed onto it, and its name is taken until then",
        evidence,
        database.id(),
        Remediation.of(
            "Wait until it is gone, then deploy",
            run.aws("rds wait db-instance-deleted --db-instance-identifier " + database.id()),
            run.deploy()));
  }

  private Finding unknown(Optional<Said> said) {
    List<String> evidence = evidence(said);
    evidence.add("unknown: no rule knows this status; it stands here as it is");
    return Finding.cause(
        FindingCode.RDS_CREATION_FAILED,
        "The database " + database.id() + " is " + database.status(),
        evidence,
        database.id(),
        remediations.forBroken(
            FindingCode.RDS_CREATION_FAILED, "Read its events and what RDS writes of this status"));
  }

  private List<String> evidence(Optional<Said> said) {
    List<String> evidence = new ArrayList<>();
    said.ifPresent(
        one ->
            evidence.add(
                "RDS, "
                    + Timestamps.format(one.event().at())
                    + ": "
                    + DiagnosisRun.quoted(one.event().message())));
    evidence.add(
        "RDS: "
            + database.id()
            + " is "
            + database.status()
            + (begun == null ? "" : ", its creation began at " + Timestamps.format(begun)));
    return evidence;
  }

  /** Assess an instance that is gone by what RDS said of it. */
  static List<Finding> vanished(DiagnosisRun run, String id) {
    List<Database.DatabaseEvent> events =
        run.checks()
            .ask(
                "rds: events of " + id,
                () -> run.cached().databaseEvents(id, EVENTS),
                DatabaseInspection::seenEvents)
            .get()
            .orElse(List.of());
    Said said = saidIn(run, events, null).orElse(null);
    FindingCode code = said == null ? null : said.rule().code();
    if (said == null || code == null) {
      return List.of();
    }
    return List.of(
        Finding.cause(
            code,
            "The database " + id + " was given up: " + said.rule().meaning(),
            List.of(
                "RDS, "
                    + Timestamps.format(said.event().at())
                    + ": "
                    + DiagnosisRun.quoted(said.event().message())),
            id,
            Remediation.of(said.rule().remediation(), run.deploy())));
  }
}
