package deployctl.coordinator.lock;

import deployctl.aws.cloudformation.Stacks;
import deployctl.coordinator.lock.AcquireResult.Admitted;
import deployctl.coordinator.lock.AcquireResult.Refused;
import deployctl.registry.Deployment;
import deployctl.registry.DeploymentStatus;
import deployctl.registry.Journal;
import deployctl.registry.Registry;
import deployctl.registry.RegistryDocument;
import deployctl.registry.RegistryUnavailable;
import deployctl.support.Failure;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import deployctl.target.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Decides and remembers who may deploy, and in which order. */
public final class Coordinator {
  /** What is said when the registry cannot be used; operators search for these words. */
  static final String FALLBACK =
      "Registry unavailable, falling back to CloudFormation-only coordination";

  private final Registry registry;
  private final Supplier<Stacks> stacks;
  private final DeploymentFactory entries;
  private final LockRules places;
  private final Journal journal;
  private final Time time;
  private final Consumer<String> warnings;
  private boolean warned;

  /**
   * Make a coordinator.
   *
   * @param stacks CloudFormation, asked for only when a question needs it
   * @param warnings hears of what is wrong but does not stop it
   */
  public Coordinator(
      Registry registry,
      Supplier<Stacks> stacks,
      DeploymentFactory entries,
      Journal journal,
      Time time,
      Consumer<String> warnings) {
    this.registry = registry;
    this.stacks = stacks;
    this.entries = entries;
    this.journal = journal;
    this.places = new LockRules(entries, time);
    this.time = time;
    this.warnings = warnings;
  }

  /**
   * Return whether a deployment to {@code target} may start now; asks registry and CloudFormation
   * side by side.
   */
  public GateDecision canDeploy(Target target, boolean allowCleanup) {
    return judge(target, allowCleanup, null);
  }

  /**
   * Check and register in one step. Repeated with the same id it changes nothing.
   *
   * @throws Failure when the id was used by a deployment that is over or goes elsewhere, or the
   *     registry cannot keep the entry
   */
  public AcquireResult register(LockRequest request) {
    try {
      Deployment known = registry.read().find(request.correlationId());
      if (known != null && places.holds(known)) {
        return LockRules.repeated(known, request);
      }
    } catch (RegistryUnavailable e) {
      return withoutRegistry(request, e);
    }
    GateDecision verdict = judge(request.target(), request.allowCleanup(), request.correlationId());
    if (!verdict.canDeploy()) {
      return new Refused(verdict);
    }
    AcquireResult admission =
        registry.update(document -> places.admit(document, request, verdict.stale()));
    if (admission instanceof Admitted admitted && !admitted.repeated()) {
      journal.record(request.command(), request.correlationId(), describe(admitted));
    }
    return admission;
  }

  /** Take a place at the end of the queue, or keep the one that this id has. */
  Deployment enqueue(LockRequest request) {
    Deployment ticket = registry.update(document -> places.queue(document, request));
    journal.record(
        "coordinator acquire", request.correlationId(), "queued for " + request.target());
    return ticket;
  }

  /** Give up a ticket; nothing happens when it is one no more. */
  void leaveQueue(String correlationId, String why) {
    registry.update(document -> document.removeIf(e -> isTicket(e, correlationId)));
    journal.record("coordinator acquire", correlationId, why);
  }

  /**
   * Renew a ticket or a held place.
   *
   * @param fencingToken the number under which it was got; 0 for a ticket
   * @param lease how long from now it is to last
   * @return the entry, or empty when it is not the caller's any more
   */
  public Optional<Deployment> renew(String correlationId, long fencingToken, Duration lease) {
    return registry.update(
        document -> {
          Deployment entry = document.find(correlationId);
          if (entry == null || entry.status().finished() || entry.fencingToken() != fencingToken) {
            return Optional.empty();
          }
          Deployment renewed =
              entry
                  .with(entry.status(), time.now())
                  .with("lease_expires_at", time.now().plus(lease));
          document.put(renewed);
          return Optional.of(renewed);
        });
  }

  /**
   * Finish a deployment and keep its entry.
   *
   * @param fencingToken the number under which the caller got the place, or null when only the id
   *     is known
   * @throws Failure when there is no such deployment, or it ended otherwise before
   */
  public Deployment release(
      String correlationId, DeploymentStatus status, @Nullable Long fencingToken) {
    AtomicBoolean changed = new AtomicBoolean();
    Deployment released =
        registry.update(
            document -> {
              Deployment entry = document.find(correlationId);
              if (entry == null) {
                throw new Failure(
                    Failure.FailureKind.FAILED,
                    "No deployment " + correlationId + " in " + registry.location(),
                    "See 'deployctl coordinator list --all'");
              }
              changed.set(false);
              boolean othersNow = entry.toJson().has("taken_over_by");
              if (othersNow || fencingToken != null && entry.fencingToken() != fencingToken) {
                throw lost(entry);
              }
              if (entry.status() == status) {
                return entry;
              }
              if (entry.status().finished()) {
                throw lost(entry);
              }
              Deployment finished = finished(entry, status, time.now());
              document.put(finished);
              changed.set(true);
              return finished;
            });
    if (changed.get()) {
      journal.record("coordinator release", correlationId, status.name());
    }
    return released;
  }

  /**
   * Give up what this attempt got: its ticket, or the place. Nothing happens when it has neither.
   */
  public void giveBack(LockRequest request) {
    String correlationId = request.correlationId();
    String what =
        registry.update(
            document -> {
              Deployment entry = document.find(correlationId);
              boolean mine =
                  entry != null
                      && request.attempt().nonce().equals(entry.toJson().string("attempt"));
              if (entry == null || !mine || entry.status().finished()) {
                return "";
              }
              if (entry.status() == DeploymentStatus.QUEUED) {
                document.removeIf(ticket -> isTicket(ticket, correlationId));
                return "gave its ticket back";
              }
              document.put(finished(entry, DeploymentStatus.CANCELLED, time.now()));
              return "gave its place back";
            });
    if (!what.isEmpty()) {
      journal.record("coordinator acquire", correlationId, what);
      warnings.accept(correlationId + " " + what);
    }
  }

  private static Deployment finished(Deployment entry, DeploymentStatus status, Instant now) {
    return entry.with(status, now).with("finished_at", now).with("lease_expires_at", null);
  }

  /** Remove an entry, whatever it is; returns whether there was one. */
  public boolean cleanup(String correlationId) {
    boolean removed =
        registry.update(
            document ->
                document.removeIf(entry -> entry.correlationId().equals(correlationId)) > 0);
    if (removed) {
      journal.record("coordinator cleanup", correlationId, "removed");
    }
    return removed;
  }

  /**
   * Return the deployments that hold a place, oldest first.
   *
   * @param environment only what concerns that one, or null for all
   * @param stack the stack of that environment, for entries that name only the stack; or null
   */
  public List<Deployment> active(@Nullable String environment, @Nullable String stack) {
    return registry
        .read()
        .active()
        .filter(entry -> environment == null || entry.concerns(environment, stack))
        .toList();
  }

  /** Tell whether there is no registry yet. */
  public boolean isNew() {
    return registry.isMissing();
  }

  /** Return the entries in the order they came: those that wait or hold a place, or all. */
  public List<Deployment> list(boolean all, @Nullable String environment) {
    return registry.read().deployments().stream()
        .filter(entry -> all || !entry.status().finished())
        .filter(entry -> environment == null || environment.equals(entry.environment()))
        .toList();
  }

  /** Return the tickets in the order of the queue, only of one environment or of all. */
  public List<Deployment> queue(@Nullable String environment) {
    return registry
        .read()
        .queued()
        .filter(entry -> environment == null || environment.equals(entry.environment()))
        .toList();
  }

  /** Return the entry of that id, or null for none. */
  @Nullable Deployment find(String correlationId) {
    return registry.read().find(correlationId);
  }

  /** Return the live tickets that stand before that one. */
  List<Deployment> ahead(Deployment ticket) {
    RegistryDocument document = registry.read();
    return places
        .waitingAhead(document, ticket.correlationId(), ticket.environment(), ticket.stackName())
        .toList();
  }

  /** Remove the entries that were over before {@code age} ago, and return them. */
  public List<Deployment> prune(Duration age, boolean dryRun) {
    Instant limit = time.now().minus(age);
    if (dryRun) {
      return registry.read().deployments().stream()
          .filter(entry -> overBefore(entry, limit))
          .toList();
    }
    List<Deployment> pruned =
        registry.update(
            document -> {
              List<Deployment> old =
                  document.deployments().stream()
                      .filter(entry -> overBefore(entry, limit))
                      .toList();
              document.removeIf(entry -> overBefore(entry, limit));
              return old;
            });
    if (!pruned.isEmpty()) {
      journal.record(
          "coordinator prune",
          "older than " + Timestamps.format(limit),
          "removed " + pruned.size());
    }
    return pruned;
  }

  /**
   * Give every deployment that CloudFormation shows active on {@code targets} an entry, where it
   * has none.
   */
  public Reconciliation reconcile(List<Target> targets) {
    return new Reconciler(registry, stacks.get(), entries, journal, time).reconcile(targets);
  }

  private GateDecision judge(Target target, boolean allowCleanup, @Nullable String self) {
    DeploymentGate judge =
        new DeploymentGate(
            target,
            new StackLookup(stacks.get(), target.stackName()),
            allowCleanup,
            entries.region());
    try {
      return judge.decide(registry.read(), self, time.now());
    } catch (RegistryUnavailable e) {
      warnFallback(e);
      return judge.decide(null, self, time.now());
    }
  }

  private GateDecision judgeOnStack(Target target, boolean allowCleanup) {
    return new DeploymentGate(
            target,
            new StackLookup(stacks.get(), target.stackName()),
            allowCleanup,
            entries.region())
        .decide(null, null, time.now());
  }

  private AcquireResult withoutRegistry(LockRequest request, RegistryUnavailable unavailable) {
    GateDecision verdict = judgeOnStack(request.target(), request.allowCleanup());
    if (!verdict.canDeploy()) {
      warnFallback(unavailable);
      return new Refused(verdict);
    }
    // CloudFormation alone can say that nothing runs, but nothing would keep the place.
    throw new RegistryUnavailable(
        unavailable.reason(),
        "Cannot register " + request.correlationId() + ": " + unavailable.what(),
        unavailable.nextStep(),
        unavailable);
  }

  private static boolean isTicket(Deployment entry, String correlationId) {
    return entry.status() == DeploymentStatus.QUEUED && entry.correlationId().equals(correlationId);
  }

  private static boolean overBefore(Deployment entry, Instant limit) {
    Instant end = entry.finishedAt() != null ? entry.finishedAt() : entry.updatedAt();
    return entry.status().finished() && end != null && end.isBefore(limit);
  }

  private static Failure lost(Deployment entry) {
    String heir = entry.toJson().string("taken_over_by");
    String what =
        heir == null
            ? entry.correlationId()
                + " is "
                + entry.status()
                + ", with fencing token "
                + entry.fencingToken()
            : entry.correlationId() + " lost its place to " + heir + " after its lease ran out";
    return new Failure(Failure.FailureKind.FAILED, what, "See 'deployctl coordinator list --all'");
  }

  private static String describe(Admitted admitted) {
    String took =
        admitted.takenOver().isEmpty()
            ? ""
            : ", took over from " + admitted.takenOver().get(0).correlationId();
    String skipped =
        admitted.skipped().isEmpty()
            ? ""
            : ", removed the abandoned ticket of " + admitted.skipped().get(0).correlationId();
    return "holds "
        + admitted.entry().environment()
        + ", fencing token "
        + admitted.entry().fencingToken()
        + took
        + skipped;
  }

  private void warnFallback(RegistryUnavailable e) {
    if (!warned) {
      warned = true;
      warnings.accept(
          FALLBACK + ": " + e.what() + (e.nextStep().isEmpty() ? "" : ". " + e.nextStep()));
    }
  }
}
