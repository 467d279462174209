package deployctl.diagnose.check;

import deployctl.aws.AwsGateways;
import deployctl.cli.Console;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.rules.Rule;
import deployctl.diagnose.rules.RuleBook;
import deployctl.diagnose.rules.RuleField;
import deployctl.registry.Deployment;
import deployctl.registry.DeploymentStatus;
import deployctl.state.StateUnavailable;
import deployctl.support.text.KnownSecrets;
import deployctl.support.text.Masking;
import deployctl.target.ResourceNames;
import deployctl.target.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One run: what is looked at, what was seen, and what was found so far. */
public final class DiagnosisRun {
  private static final int LONGEST_WORDS = 600;

  private final DiagnosisTools tools;
  private final Target target;
  private final CheckRunner checks;
  private final ResourceNames names;
  private final CachedAws aws;
  private final Supplier<RuleBook> rules;
  private final DiagnosisOptions options;
  private final Instant now;
  private final List<Finding> findings = new ArrayList<>();
  private boolean subjectRead;

  /** Make a run; the rules are read at their first use. */
  public DiagnosisRun(
      DiagnosisTools tools,
      Target target,
      CheckRunner checks,
      ResourceNames names,
      CachedAws aws,
      Supplier<RuleBook> rules,
      DiagnosisOptions options,
      Instant now) {
    this.tools = tools;
    this.target = target;
    this.checks = checks;
    this.names = names;
    this.aws = aws;
    this.rules = rules;
    this.options = options;
    this.now = now;
  }

  /** Return the run of one diagnostic among others: it shares what AWS has answered. */
  public DiagnosisRun part(String issue) {
    return new DiagnosisRun(
        tools, target, checks.named(issue + ": "), names, aws, rules, options, now);
  }

  /** Return what is looked at. */
  public Target target() {
    return target;
  }

  /** Return where checks are told. */
  public CheckRunner checks() {
    return checks;
  }

  /** Return what the application's resources are called. */
  public ResourceNames names() {
    return names;
  }

  /** Return AWS, each question of a run asked once. */
  public CachedAws cached() {
    return aws;
  }

  /** Return AWS itself, for remediations and for what must be asked anew. */
  public AwsGateways gateways() {
    return tools.aws().get();
  }

  /** Return when the run began. */
  public Instant now() {
    return now;
  }

  /** Return what is asked for besides what is to be inspected. */
  public DiagnosisOptions options() {
    return options;
  }

  /** Remember what a remediation did. */
  public void journal(String command, String what, String result) {
    tools.journal().get().record(command, what, result);
  }

  /**
   * Ask the person at the terminal for a secret, which is hidden from then on; see {@link
   * Console#secret}.
   */
  public String askSecret(String question) {
    String typed = tools.console().secret(question);
    KnownSecrets.hide(typed);
    return typed;
  }

  /** Return the first rule that a message fits. */
  public Optional<Rule> match(RuleField field, String message) {
    return rules.get().match(field, message);
  }

  /** Return what is wrong with a user's rules. */
  public List<String> complaints() {
    return rules.get().complaints();
  }

  public synchronized void add(Finding finding) {
    findings.add(finding);
  }

  /** Return what was found so far. */
  public synchronized List<Finding> findings() {
    return List.copyOf(findings);
  }

  /** Note that what the diagnosis is about could be read. */
  public synchronized void subjectRead() {
    subjectRead = true;
  }

  public synchronized boolean wasSubjectRead() {
    return subjectRead;
  }

  /** Return the id of the deployment that holds the target's lock, or was the last to. */
  public String correlationId() {
    try {
      List<Deployment> all =
          tools.registry().get().read().deployments().stream()
              .filter(entry -> entry.concerns(target.environment(), target.stackName()))
              .toList();
      return all.stream()
          .filter(entry -> entry.status() == DeploymentStatus.IN_PROGRESS)
          .reduce((one, other) -> other)
          .or(() -> all.stream().reduce((one, other) -> other))
          .map(Deployment::correlationId)
          .orElse("unregistered");
    } catch (StateUnavailable e) {
      return "unregistered";
    }
  }

  /** Return this program's command with the global options that were given. */
  public String own(String text) {
    return tools.commands().own(text);
  }

  /** Return the same for another region than the one that is looked at. */
  public String ownIn(String region, String text) {
    return tools.commands().ownIn(region, text);
  }

  /** Return the AWS CLI's command for the account and region that were looked at. */
  public String aws(String text) {
    return tools.commands().aws(text);
  }

  /** Return the command that deploys. */
  public String deploy() {
    return tools.commands().deploy();
  }

  /** Return another's words as one line without secrets, for evidence. */
  public static String quoted(String text) {
    return Masking.line(text, LONGEST_WORDS);
  }
}
