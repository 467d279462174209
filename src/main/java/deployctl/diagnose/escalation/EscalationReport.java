package deployctl.diagnose.escalation;

import deployctl.diagnose.check.CachedAws;
import deployctl.diagnose.check.Check;
import deployctl.diagnose.check.Diagnosis;
import deployctl.diagnose.finding.Finding;
import deployctl.monitor.checkpoint.MonitorState;
import deployctl.monitor.checkpoint.ServiceEvidence;
import deployctl.registry.Deployment;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import deployctl.support.text.Masking;
import deployctl.support.time.Timestamps;
import deployctl.target.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody who takes over needs to know: the eight things that the runbook lists, and whom to
 * call.
 */
final class EscalationReport {
  private static final int MOST_STEPS = 50;
  private static final int MOST_LINES = 60;

  private final Subject subject;
  private final String id;
  private final Target target;
  private final Diagnosis diagnosis;
  private final CachedAws aws;
  private final List<String> journal;
  private final List<String> log;
  private final String databases;
  private final List<String> contacts;
  private final @Nullable Deployment entry;
  private final @Nullable MonitorState state;

  /**
   * What the report is about.
   *
   * @param region null where it is not known
   * @param now when it is written
   * @param entry the registry's entry, or null
   * @param state what its monitor knew, or null
   * @param failingSince since when deployments to the target have not succeeded, or null
   */
  record Subject(
      String id,
      Target target,
      @Nullable String region,
      Instant now,
      @Nullable Deployment entry,
      @Nullable MonitorState state,
      @Nullable Instant failingSince) {}

  /**
   * Make a report.
   *
   * @param journal lines of the journal, oldest first
   * @param log lines of the monitor's log, oldest first
   * @param databases part of the names of the application's databases
   * @param contacts whom to call
   */
  EscalationReport(
      Subject subject,
      Diagnosis diagnosis,
      CachedAws aws,
      List<String> journal,
      List<String> log,
      String databases,
      List<String> contacts) {
    this.subject = subject;
    this.id = subject.id();
    this.target = subject.target();
    this.entry = subject.entry();
    this.state = subject.state();
    this.diagnosis = diagnosis;
    this.aws = aws;
    this.journal = journal;
    this.log = log;
    this.databases = databases;
    this.contacts = contacts;
  }

  JsonObject json() {
    return new JsonObject()
        .put("correlation_id", id)
        .put("created_at", Timestamps.format(subject.now()))
        .put("environment", target.environment())
        .put("stack_name", target.stackName())
        .put("region", subject.region())
        .put("escalate", criteria())
        .put("timeline", timeline())
        .put("steps_taken", steps())
        .put("current_state", diagnosis.toJson())
        .put("stack_events", events())
        .put("errors", errors())
        .put("logs", logs())
        .put("databases", databases())
        .put("evidence", services())
        .put("versions", versions())
        .put("contacts", contacts);
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("# Escalation: ").append(id).append("\n\n");
    text.append("| | |\n|---|---|\n");
    row(text, "Correlation id", id);
    row(text, "Environment", target.environment());
    row(text, "Stack", target.stackName());
    row(text, "Region", String.valueOf(subject.region()));
    row(text, "Written", Timestamps.format(subject.now()));
    section(text, "Why this is escalated", criteria());
    section(text, "Timeline", timeline());
    section(text, "Steps taken", steps());
    text.append("\n## Current state\n\n");
    if (diagnosis.findings().isEmpty()) {
      text.append("Nothing was found (").append(diagnosis.status()).append(").\n");
    }
    for (Finding finding : diagnosis.findings()) {
      text.append("### ")
          .append(finding.code())
          .append(": ")
          .append(line(finding.title()))
          .append("\n\n");
      finding.evidence().forEach(one -> text.append("    ").append(line(one)).append("\n"));
      text.append("\nWhat to do: ").append(line(finding.remediation().summary())).append("\n\n");
      finding
          .remediation()
          .commands()
          .forEach(command -> text.append("    ").append(line(command)).append("\n"));
      text.append("\n");
    }
    List<String> unseen =
        diagnosis.checks().stream()
            .filter(check -> check.status() == Check.CheckStatus.ERROR)
            .map(check -> check.name() + ": " + check.detail())
            .toList();
    section(text, "What could not be looked at", unseen);
    verbatim(text, "Error messages", errors());
    verbatim(text, "Stack events", events());
    verbatim(text, "Logs", logs());
    section(text, "Databases", databases());
    section(text, "Services, as the monitor saw them", services());
    section(text, "Versions", versions());
    section(text, "Whom to call", contacts);
    return text.toString().stripTrailing();
  }

  private static void row(StringBuilder text, String name, String value) {
    text.append("| ").append(name).append(" | ").append(line(value)).append(" |\n");
  }

  private static void section(StringBuilder text, String title, List<String> lines) {
    if (!lines.isEmpty()) {
      text.append("\n## ").append(title).append("\n\n");
      lines.forEach(one -> text.append("- ").append(line(one)).append("\n"));
    }
  }

  /** Others' words as they are, in a block that they cannot end. */
  private static void verbatim(StringBuilder text, String title, List<String> lines) {
    if (!lines.isEmpty()) {
      text.append("\n## ").append(title).append("\n\n");
      lines.forEach(one -> text.append("    ").append(line(one)).append("\n"));
    }
  }

  private static String line(String text) {
    return Masking.line(text);
  }

  /** The runbook's criteria for an escalation that can be seen from here. */
  List<String> criteria() {
    return EscalationCriteria.met(subject, diagnosis);
  }

  private List<String> timeline() {
    List<String> lines = new ArrayList<>();
    Deployment known = entry;
    if (known != null) {
      add(lines, known.queuedAt(), "waits in the queue");
      add(lines, known.startedAt(), "got the deployment lock");
      add(lines, known.finishedAt(), "is over: " + known.status());
      String run = known.githubRunUrl();
      if (run != null) {
        lines.add("workflow run: " + run);
      }
      String commit = known.commit();
      if (commit != null) {
        lines.add("commit: " + commit);
      }
    } else {
      lines.add("the registry does not know " + id);
    }
    MonitorState checkpoint = state;
    if (checkpoint != null) {
      add(lines, checkpoint.heartbeatAt(), "was last looked at by its monitor");
      if (checkpoint.reason() != null) {
        lines.add("its monitor says: " + checkpoint.reason());
      }
    }
    CachedAws.orElse(
        false,
        () -> {
          aws.stack(target.stackName())
              .ifPresent(
                  stack -> {
                    Instant start = stack.operationStartedAt();
                    add(lines, start, "the latest operation of " + stack.name() + " began");
                    lines.add(stack.name() + " is " + stack.status() + " now");
                  });
          return true;
        });
    // What bears a time in its order, what bears none behind it.
    List<String> ordered = new ArrayList<>(lines);
    ordered.sort(java.util.Comparator.comparing(line -> line.matches("\\d{4}-.*") ? line : "~"));
    return ordered;
  }

  private static void add(List<String> lines, @Nullable Instant at, String what) {
    if (at != null) {
      lines.add(Timestamps.format(at) + ": " + what);
    }
  }

  /** What was tried, from the journal: what names this deployment or its stack. */
  private List<String> steps() {
    List<String> steps = new ArrayList<>();
    for (String line : journal) {
      JsonObject json = parsed(line);
      if (json != null) {
        String what = String.valueOf(json.string("what"));
        Instant at = Timestamps.read(json.get("time"));
        Deployment known = entry;
        Instant from =
            known == null ? null : known.queuedAt() != null ? known.queuedAt() : known.startedAt();
        if (at != null && from != null && at.isBefore(from)) {
          continue;
        }
        boolean ours = what.contains(id) || what.contains(target.stackName());
        boolean general = what.contains("/") && !what.contains("msg_");
        if (ours || general) {
          steps.add(
              json.string("time")
                  + ", "
                  + json.string("who")
                  + ": "
                  + json.string("command")
                  + " "
                  + what
                  + ": "
                  + json.string("result"));
        }
      }
    }
    return last(steps, MOST_STEPS);
  }

  private List<String> events() {
    List<String> lines = new ArrayList<>();
    CachedAws.orElse(
        false,
        () -> {
          aws.stack(target.stackName())
              .ifPresent(
                  stack ->
                      aws.latest(stack)
                          .events()
                          .forEach(
                              event ->
                                  lines.add(
                                      Timestamps.format(event.timestamp())
                                          + " "
                                          + event.logicalResourceId()
                                          + " "
                                          + event.resourceType()
                                          + " "
                                          + event.status()
                                          + (event.reason() == null
                                              ? ""
                                              : ": " + event.reason()))));
          return true;
        });
    return last(lines, MOST_LINES);
  }

  private List<String> errors() {
    return diagnosis.findings().stream()
        .filter(Finding::problem)
        .flatMap(finding -> finding.evidence().stream())
        .filter(line -> line.contains(": "))
        .distinct()
        .toList();
  }

  private List<String> logs() {
    List<String> lines = new ArrayList<>();
    for (String line : log) {
      JsonObject json = parsed(line);
      if (json != null && id.equals(json.string("correlation_id"))) {
        lines.add(
            json.string("timestamp") + " " + json.string("level") + " " + json.string("message"));
      }
    }
    return last(lines, MOST_LINES);
  }

  private List<String> databases() {
    return CachedAws.orElse(
        List.of(),
        () ->
            aws.databases().stream()
                .filter(database -> database.id().contains(databases))
                .map(
                    database ->
                        database.id()
                            + ", "
                            + database.status()
                            + ", "
                            + (database.createdAt() == null
                                ? "being created"
                                : "created at " + Timestamps.format(database.createdAt()))
                            + ", "
                            + database.instanceClass()
                            + " "
                            + database.engine())
                .toList());
  }

  private List<String> services() {
    return state == null
        ? List.of()
        : state.services().stream().map(ServiceEvidence::describe).toList();
  }

  private static List<String> versions() {
    return List.of(
        "deployctl " + deployctl.cli.Version.current(),
        "Java " + Runtime.version(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"));
  }

  private static List<String> last(List<String> lines, int most) {
    return List.copyOf(lines.subList(Math.max(0, lines.size() - most), lines.size()));
  }

  private static @Nullable JsonObject parsed(String line) {
    try {
      return Json.parseObject(line);
    } catch (JsonException e) {
      return null;
    }
  }
}
