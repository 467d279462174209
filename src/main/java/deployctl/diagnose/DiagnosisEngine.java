package deployctl.diagnose;

import deployctl.cli.ProgramSettings;
import deployctl.diagnose.check.CachedAws;
import deployctl.diagnose.check.Check;
import deployctl.diagnose.check.CheckResult;
import deployctl.diagnose.check.CheckRunner;
import deployctl.diagnose.check.Diagnosis;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.check.Diagnostic;
import deployctl.diagnose.ecs.EcsDiagnostic;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.local.EstimatesDiagnostic;
import deployctl.diagnose.local.MonitorDiagnostic;
import deployctl.diagnose.local.RegistryDiagnostic;
import deployctl.diagnose.local.SlackDiagnostic;
import deployctl.diagnose.local.StuckQueueDiagnostic;
import deployctl.diagnose.preflight.PreflightDiagnostic;
import deployctl.diagnose.rds.RdsDiagnostic;
import deployctl.diagnose.rules.RuleBook;
import deployctl.diagnose.stack.StackDiagnostic;
import deployctl.support.Lazy;
import deployctl.target.ResourceNames;
import deployctl.target.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Examines one issue or all of them. */
public final class DiagnosisEngine {
  /** How long one check may take, with all of AWS's retries. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** The issues of the runbook, by name, in the order in which they explain one another. */
  private static final Map<String, Diagnostic> ISSUES = new LinkedHashMap<>();

  static {
    ISSUES.put("stuck-queue", new StuckQueueDiagnostic());
    ISSUES.put("monitor", new MonitorDiagnostic());
    ISSUES.put("slack", new SlackDiagnostic());
    ISSUES.put("registry", new RegistryDiagnostic());
    ISSUES.put("estimates", new EstimatesDiagnostic());
    ISSUES.put("stack", new StackDiagnostic());
    ISSUES.put("ecs", new EcsDiagnostic());
    ISSUES.put("rds", new RdsDiagnostic());
  }

  /** In which order all issues are told: what explains others first. */
  private static final List<String> ORDER =
      List.of("stack", "ecs", "rds", "stuck-queue", "registry", "monitor", "slack", "estimates");

  private final DiagnoseContext context;
  private @Nullable CachedAws facts;

  /** Make a diagnostician. */
  public DiagnosisEngine(DiagnoseContext context) {
    this.context = context;
  }

  /** Return the names of the issues. */
  static List<String> issues() {
    return List.copyOf(ISSUES.keySet());
  }

  /**
   * What is asked for besides the issue.
   *
   * @param healthUrl address of the application, or null for that of the settings
   * @param template file for a preflight, or null
   */
  public record DiagnosisOptions(
      @Nullable String healthUrl, @Nullable Path template, boolean sendTest) {
    public static final DiagnosisOptions NONE = new DiagnosisOptions(null, null, false);
  }

  /** Return what AWS said in the last examination, so that nothing is asked again. */
  public CachedAws facts() {
    CachedAws known = facts;
    return known == null ? new CachedAws(context.cloud().get()) : known;
  }

  /** Examine one issue, {@code all}, or {@code preflight}. */
  public Diagnosis examine(String issue, Target target, DiagnosisOptions wishes) {
    ExecutorService threads =
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "check");
              thread.setDaemon(true);
              return thread;
            });
    try {
      return examine(issue, target, wishes, threads);
    } finally {
      threads.shutdownNow();
    }
  }

  private Diagnosis examine(
      String issue, Target target, DiagnosisOptions wishes, ExecutorService threads) {
    String file = context.settings().find(ProgramSettings.RULES, null);
    Lazy<RuleBook> rules = Lazy.of(() -> RuleBook.load(file == null ? null : Path.of(file)));
    boolean needsRules = !List.of("monitor", "slack", "registry", "estimates").contains(issue);
    if (needsRules) {
      // Beside the first questions to AWS, not after them.
      threads.execute(rules::get);
    }
    CheckRunner checks =
        new CheckRunner(threads, PATIENCE, words -> context.console().status(words));
    DiagnosisRun run =
        new DiagnosisRun(
            context,
            target,
            checks,
            ResourceNames.of(context.settings(), wishes.healthUrl()),
            rules,
            wishes.sendTest());
    facts = run.facts();
    if (issue.equals("all")) {
      all(run, threads);
    } else if (issue.equals("preflight")) {
      new PreflightDiagnostic(wishes.template()).examine(run);
    } else {
      ISSUES.getOrDefault(issue, new StackDiagnostic()).examine(run);
    }
    if (needsRules && !run.complaints().isEmpty()) {
      checks.tell("rules", CheckResult.warn(String.join("; ", run.complaints())));
    }
    context.console().clearStatus();
    List<Check> looked = new ArrayList<>(checks.all());
    if (issue.equals("all")) {
      looked.sort(Comparator.comparingInt(check -> ORDER.indexOf(check.name().split(":", 2)[0])));
    }
    return Diagnosis.of(issue, looked, run.findings(), run.wasSubjectRead());
  }

  /**
   * Examine everything at once. What a stack of its own explains comes first, and a service or
   * cluster is only missed when there is a stack that should have made it.
   */
  private void all(DiagnosisRun run, ExecutorService threads) {
    Map<String, DiagnosisRun> parts = new LinkedHashMap<>();
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (String name : ORDER) {
      DiagnosisRun part = run.part(name);
      parts.put(name, part);
      Diagnostic issue = ISSUES.get(name);
      if (issue != null) {
        running.add(CompletableFuture.runAsync(() -> issue.examine(part), threads));
      }
    }
    running.forEach(CompletableFuture::join);
    boolean noStack =
        parts.values().stream()
            .flatMap(part -> part.findings().stream())
            .anyMatch(finding -> finding.code() == FindingCode.STACK_NOT_FOUND);
    parts.forEach(
        (name, part) -> {
          // What lies on this disk can always be read; the system itself is in AWS.
          if (name.equals("stack") && part.wasSubjectRead()) {
            run.subjectRead();
          }
          for (Finding finding : part.findings()) {
            boolean notThereYet =
                noStack
                    && (finding.code() == FindingCode.CLUSTER_NOT_FOUND
                        || finding.code() == FindingCode.SERVICE_NOT_FOUND);
            if (!notThereYet) {
              run.add(finding);
            }
          }
        });
  }
}
