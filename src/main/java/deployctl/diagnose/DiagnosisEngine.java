package deployctl.diagnose;

import deployctl.cli.Console;
import deployctl.cli.ProgramSettings;
import deployctl.diagnose.check.CachedAws;
import deployctl.diagnose.check.Check;
import deployctl.diagnose.check.CheckResult;
import deployctl.diagnose.check.CheckRunner;
import deployctl.diagnose.check.Diagnosis;
import deployctl.diagnose.check.DiagnosisOptions;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.check.DiagnosisTools;
import deployctl.diagnose.check.Diagnostic;
import deployctl.diagnose.check.DiagnosticOption;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.rules.RuleBook;
import deployctl.support.Lazy;
import deployctl.support.config.Settings;
import deployctl.support.file.LocalFile;
import deployctl.support.time.Time;
import deployctl.target.ResourceNames;
import deployctl.target.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Inspects one problem or all of them. */
public final class DiagnosisEngine {
  /** The word that stands for all that are part of it. */
  public static final String ALL = "all";

  /** How long one check may take, with all of AWS's retries. */
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final List<Diagnostic> diagnostics;
  private final DiagnosisTools tools;
  private final Settings settings;
  private final Console console;
  private final Time time;
  private @Nullable CachedAws aws;

  /** Make an engine of all diagnostics that there are, whose order does not matter. */
  public DiagnosisEngine(
      List<Diagnostic> diagnostics,
      DiagnosisTools tools,
      Settings settings,
      Console console,
      Time time) {
    this.diagnostics = List.copyOf(diagnostics);
    this.tools = tools;
    this.settings = settings;
    this.console = console;
    this.time = time;
  }

  /** Return what AWS said in the last diagnosis, so that nothing is asked again. */
  public CachedAws aws() {
    CachedAws known = aws;
    return known == null ? new CachedAws(tools.aws().get()) : known;
  }

  /** Return the region that is asked, or null where the SDK's own chain decides. */
  @Nullable String region() {
    return aws().region();
  }

  /** Return the options that a diagnostic heeds besides those of every diagnosis. */
  Set<DiagnosticOption> options(String issue) {
    Set<DiagnosticOption> options = EnumSet.noneOf(DiagnosticOption.class);
    of(issue).forEach(one -> options.addAll(one.options()));
    return options;
  }

  /** Tell whether {@code --fix} can mend something of what a diagnostic finds. */
  boolean fixes(String issue) {
    return of(issue).stream().anyMatch(Diagnostic::fixes);
  }

  /** Inspect one problem, or {@link #ALL}. */
  public Diagnosis inspect(String issue, Target target, DiagnosisOptions options) {
    ExecutorService threads =
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "check");
              thread.setDaemon(true);
              return thread;
            });
    try {
      return inspect(issue, target, options, threads);
    } finally {
      threads.shutdownNow();
    }
  }

  private Diagnosis inspect(
      String issue, Target target, DiagnosisOptions options, ExecutorService threads) {
    List<Diagnostic> wanted = of(issue);
    String file = settings.find(ProgramSettings.RULES, null);
    Lazy<RuleBook> rules = Lazy.of(() -> RuleBook.load(file == null ? null : LocalFile.of(file)));
    boolean needsRules = wanted.stream().anyMatch(Diagnostic::usesRules);
    if (needsRules) {
      // Beside the first questions to AWS, not after them.
      threads.execute(rules::get);
    }
    CheckRunner checks = new CheckRunner(threads, TIMEOUT, message -> console.status(message));
    CachedAws asked = new CachedAws(tools.aws().get());
    aws = asked;
    DiagnosisRun run =
        new DiagnosisRun(
            tools,
            target,
            checks,
            ResourceNames.of(settings, options.healthUrl()),
            asked,
            rules,
            options,
            time.now());
    List<String> order = wanted.stream().map(Diagnostic::name).toList();
    if (wanted.size() == 1) {
      wanted.get(0).inspect(run);
    } else {
      all(wanted, run, threads);
    }
    if (needsRules && !run.complaints().isEmpty()) {
      checks.tell("rules", CheckResult.warn(String.join("; ", run.complaints())));
    }
    console.clearStatus();
    List<Check> looked = new ArrayList<>(checks.all());
    if (wanted.size() > 1) {
      looked.sort(Comparator.comparingInt(check -> order.indexOf(check.name().split(":", 2)[0])));
    }
    return Diagnosis.of(issue, looked, run.findings(), run.wasSubjectRead())
        .strictly(options.strict())
        .during(wanted.size() > 1 ? asked.outage() : null);
  }

  private List<Diagnostic> of(String issue) {
    if (issue.equals(ALL)) {
      return diagnostics.stream()
          .filter(one -> one.order() != Diagnostic.ALONE)
          .sorted(Comparator.comparingInt(Diagnostic::order))
          .toList();
    }
    return diagnostics.stream().filter(one -> one.name().equals(issue)).toList();
  }

  /**
   * Examine several things at once. What a stack of its own explains comes first, and a service or
   * cluster is only missed when there is a stack that should have made it.
   */
  private static void all(List<Diagnostic> wanted, DiagnosisRun run, ExecutorService threads) {
    Map<Diagnostic, DiagnosisRun> parts = new LinkedHashMap<>();
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (Diagnostic one : wanted) {
      DiagnosisRun part = run.part(one.name());
      parts.put(one, part);
      running.add(CompletableFuture.runAsync(() -> one.inspect(part), threads));
    }
    running.forEach(CompletableFuture::join);
    boolean noStack =
        parts.values().stream()
            .flatMap(part -> part.findings().stream())
            .anyMatch(finding -> finding.code() == FindingCode.STACK_NOT_FOUND);
    parts.forEach(
        (one, part) -> {
          // What lies on this disk can always be read; the system itself is in AWS.
          if (one.order() == 0 && part.wasSubjectRead()) {
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
