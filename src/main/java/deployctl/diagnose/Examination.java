package deployctl.diagnose;

import deployctl.coordinator.Target;
import deployctl.diagnose.rules.Field;
import deployctl.diagnose.rules.Rule;
import deployctl.diagnose.rules.RuleBook;
import deployctl.registry.Deployment;
import deployctl.registry.DeploymentStatus;
import deployctl.registry.RegistryUnavailable;
import deployctl.support.text.Masking;
import deployctl.support.text.Shell;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One run: what is looked at, what was seen, and what was found so far. */
final class Examination {
  private static final int LONGEST_WORDS = 600;

  private final DiagnoseContext context;
  private final Target target;
  private final Checks checks;
  private final Names names;
  private final Facts facts;
  private final Supplier<RuleBook> rules;
  private final Instant now;
  private final boolean sendTest;
  private final List<Finding> findings = new ArrayList<>();
  private boolean subjectRead;

  Examination(
      DiagnoseContext context,
      Target target,
      Checks checks,
      Names names,
      Supplier<RuleBook> rules,
      boolean sendTest) {
    this(context, target, checks, names, new Facts(context.cloud().get()), rules, sendTest);
  }

  private Examination(
      DiagnoseContext context,
      Target target,
      Checks checks,
      Names names,
      Facts facts,
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
  Examination part(String issue) {
    return new Examination(
        context, target, checks.named(issue + ": "), names, facts, rules, sendTest);
  }

  DiagnoseContext context() {
    return context;
  }

  Target target() {
    return target;
  }

  Checks checks() {
    return checks;
  }

  Names names() {
    return names;
  }

  Facts facts() {
    return facts;
  }

  Instant now() {
    return now;
  }

  /** Tell whether a test message is to be sent. */
  boolean sendTest() {
    return sendTest;
  }

  /** Return the first rule that a message fits. */
  Optional<Rule> match(Field field, String message) {
    return rules.get().match(field, message);
  }

  /** Return what is wrong with a user's rules. */
  List<String> complaints() {
    return rules.get().complaints();
  }

  synchronized void add(Finding finding) {
    findings.add(finding);
  }

  /** Return what was found so far. */
  synchronized List<Finding> findings() {
    return List.copyOf(findings);
  }

  /** Note that what the issue is about could be read. */
  synchronized void subjectRead() {
    subjectRead = true;
  }

  synchronized boolean wasSubjectRead() {
    return subjectRead;
  }

  /** Return the id of the deployment that the target's place is held by, or was last. */
  String correlationId() {
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
  String own(String words) {
    return "deployctl " + words + context.ownOptions().get();
  }

  /** Return the AWS CLI's command for the account and region that were looked at. */
  String aws(String words) {
    String region = context.cloud().get().region().get();
    return "aws "
        + words
        + (region == null ? "" : " --region " + Shell.quote(region))
        + context.awsOptions().get();
  }

  /** Return the command that deploys. */
  String deploy() {
    return "gh workflow run "
        + Shell.quote(names.workflow())
        + " --ref "
        + Shell.quote(names.ref());
  }

  /** Return another's words as one line without secrets, for evidence. */
  static String quoted(String words) {
    String line = Masking.secrets(words).replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    return line.length() > LONGEST_WORDS ? line.substring(0, LONGEST_WORDS) + "…" : line;
  }
}
