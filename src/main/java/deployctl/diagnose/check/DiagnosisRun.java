package deployctl.diagnose.check;

import deployctl.diagnose.DiagnoseContext;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.rules.Rule;
import deployctl.diagnose.rules.RuleBook;
import deployctl.diagnose.rules.RuleField;
import deployctl.registry.Deployment;
import deployctl.registry.DeploymentStatus;
import deployctl.registry.RegistryUnavailable;
import deployctl.support.text.Masking;
import deployctl.support.text.Shell;
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

  private final DiagnoseContext context;
  private final Target target;
  private final CheckRunner checks;
  private final ResourceNames names;
  private final CachedAws facts;
  private final Supplier<RuleBook> rules;
  private final Instant now;
  private final boolean sendTest;
  private final List<Finding> findings = new ArrayList<>();
  private boolean subjectRead;

  public DiagnosisRun(
      DiagnoseContext context,
      Target target,
      CheckRunner checks,
      ResourceNames names,
      Supplier<RuleBook> rules,
      boolean sendTest) {
    this(context, target, checks, names, new CachedAws(context.cloud().get()), rules, sendTest);
  }

  private DiagnosisRun(
      DiagnoseContext context,
      Target target,
      CheckRunner checks,
      ResourceNames names,
      CachedAws facts,
      Supplier<RuleBook> rules,
      boolean sendTest) {
    this.context = context;
    this.target = target;
    this.checks = checks;
    this.names = names;
    this.facts = facts;
    this.rules = rules;
    this.now = context.time().now();
    this.sendTest = sendTest;
  }

  /** Return an examination of one issue among others: it shares what AWS has answered. */
  public DiagnosisRun part(String issue) {
    return new DiagnosisRun(
        context, target, checks.named(issue + ": "), names, facts, rules, sendTest);
  }

  public DiagnoseContext context() {
    return context;
  }

  public Target target() {
    return target;
  }

  public CheckRunner checks() {
    return checks;
  }

  public ResourceNames names() {
    return names;
  }

  public CachedAws facts() {
    return facts;
  }

  public Instant now() {
    return now;
  }

  /** Tell whether a test message is to be sent. */
  public boolean sendTest() {
    return sendTest;
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

  /** Note that what the issue is about could be read. */
  public synchronized void subjectRead() {
    subjectRead = true;
  }

  public synchronized boolean wasSubjectRead() {
    return subjectRead;
  }

  /** Return the id of the deployment that the target's place is held by, or was last. */
  public String correlationId() {
    try {
      List<Deployment> all =
          context.quietRegistry().get().read().deployments().stream()
              .filter(entry -> entry.concerns(target.environment(), target.stackName()))
              .toList();
      return all.stream()
          .filter(entry -> entry.status() == DeploymentStatus.IN_PROGRESS)
          .reduce((one, other) -> other)
          .or(() -> all.stream().reduce((one, other) -> other))
          .map(Deployment::correlationId)
          .orElse("unregistered");
    } catch (RegistryUnavailable e) {
      return "unregistered";
    }
  }

  /** Return this program's command with the global options that were given. */
  public String own(String words) {
    return "deployctl " + words + context.ownOptions().get();
  }

  /** Return the AWS CLI's command for the account and region that were looked at. */
  public String aws(String words) {
    String region = context.cloud().get().region().get();
    return "aws "
        + words
        + (region == null ? "" : " --region " + Shell.quote(region))
        + context.awsOptions().get();
  }

  /** Return the command that deploys. */
  public String deploy() {
    return "gh workflow run "
        + Shell.quote(names.workflow())
        + " --ref "
        + Shell.quote(names.ref());
  }

  /** Return another's words as one line without secrets, for evidence. */
  public static String quoted(String words) {
    String line = Masking.secrets(words).replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    return line.length() > LONGEST_WORDS ? line.substring(0, LONGEST_WORDS) + "…" : line;
  }
}
