package deployctl.coordinator.lock;

import deployctl.aws.cloudformation.Stacks;
import deployctl.coordinator.lock.AcquireResult.Acquired;
import deployctl.coordinator.lock.AcquireResult.Refused;
import deployctl.registry.Deployment;
import deployctl.registry.DeploymentStatus;
import deployctl.registry.Deployments;
import deployctl.registry.Journal;
import deployctl.registry.Registry;
import deployctl.registry.RegistryDocument;
import deployctl.state.StateUnavailable;
import deployctl.support.Failure;
import deployctl.support.process.ProcessIdentity;
import deployctl.support.time.Time;
import deployctl.target.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Decides and remembers who may deploy, and in which order. */
public final class Coordinator {
  /** What is said when the registry cannot be used; operators search for these words. */
  static final String FALLBACK =
      "Registry unavailable, falling back to CloudFormation-only coordination";

  private final Registry registry;
  private final Supplier<Stacks> stacks;
  private final DeploymentFactory factory;
  private final LockRules rules;
  private final KnownStacks knownStacks;
  private final Journal journal;
  private final Time time;
  private final Consumer<String> warnings;
  private boolean warned;

  /**
   * Make a coordinator.
   *
   * @param stacks CloudFormation, asked for only when a question needs it
   * @param knownStacks where stacks were deployed before
   * @param warnings hears of what is wrong but does not stop it
   */
  public Coordinator(
      Registry registry,
      Supplier<Stacks> stacks,
      DeploymentFactory factory,
      KnownStacks knownStacks,
      Journal journal,
      Time time,
      Consumer<String> warnings) {
    this.knownStacks = knownStacks;
    this.registry = registry;
    this.stacks = stacks;
    this.factory = factory;
    this.journal = journal;
    this.rules = new LockRules(factory);
    this.time = time;
    this.warnings = warnings;
  }

  /**
   * Return whether a deployment to {@code target} may start now; asks registry and CloudFormation
   * side by side.
   */
  public GateDecision canDeploy(Target target, GateAllowances allowed) {
    StackLookup lookup = lookup(target);
    GateQuestion question = new GateQuestion(target, null, allowed, factory.region(), time.now());
    RegistryDocument document = null;
    try {
      document = registry.read();
    } catch (StateUnavailable e) {
      warnFallback(e);
    }
    return notElsewhere(decide(question, document, lookup), question, document);
  }

  /**
   * Return a sentence on a registry that there is not yet, so that an answer rests on
   * CloudFormation alone; null where there is one, or it cannot be used.
   */
  public @Nullable String missingRegistry() {
    try {
      return registry.isMissing() ? deployments().missingSentence() : null;
    } catch (StateUnavailable e) {
      return null;
    }
  }

  /**
   * Return where a stack that is not there was deployed, when it is known elsewhere alone; empty
   * also where the region that is asked is not known.
   */
  public Optional<KnownStack> knownElsewhere(Target target) {
    RegistryDocument document;
    try {
      document = registry.read();
    } catch (StateUnavailable e) {
      document = RegistryDocument.empty();
    }
    return knownElsewhere(target, document);
  }

  private Optional<KnownStack> knownElsewhere(Target target, RegistryDocument document) {
    String region = factory.region();
    return region == null ? Optional.empty() : knownStacks.elsewhere(target, region, document);
  }

  /** See that a stack which is to be made is not known in another region or account. */
  private GateDecision notElsewhere(
      GateDecision decision, GateQuestion question, @Nullable RegistryDocument document) {
    if (decision.reason() != GateReason.NO_STACK_EXISTS || question.allowed().newStack()) {
      return decision;
    }
    return knownElsewhere(question.target(), document == null ? RegistryDocument.empty() : document)
        .map(decision::knownIn)
        .orElse(decision);
  }

  /**
   * Check and register in one step. Repeated with the same id it changes nothing.
   *
   * @throws Failure when the id was used by a deployment that is over or goes elsewhere, or the
   *     registry cannot keep the entry
   */
  public AcquireResult register(LockRequest request) {
    RegistryDocument document;
    try {
      document = registry.read();
    } catch (StateUnavailable e) {
      return withoutRegistry(request, e);
    }
    Optional<AcquireResult> held = LockRules.repeated(document, request, time.now());
    if (held.isPresent()
        && held.get() instanceof Acquired acquired
        && LockRules.adoptable(acquired, request)) {
      held = registry.update(current -> rules.adopt(current, request, time.now()));
    }
    if (held.isPresent()) {
      return held.get();
    }
    GateQuestion question = request.question(factory.region(), time.now());
    List<Deployment> holders = DeploymentGate.holders(document, question);
    // An answer from before a holder is looked at proves nothing about what that one does, or did.
    Optional<StackState> seen =
        holders.isEmpty() ? request.seenState(document, time.now()) : Optional.empty();
    StackAnswers answers =
        seen.map(state -> StackAnswers.of(request.target().stackName(), state))
            .orElseGet(() -> lookup(request.target()).about(holders, question));
    GateDecision decision =
        notElsewhere(DeploymentGate.decide(question, document, answers), question, document);
    if (!decision.canDeploy()) {
      return new Refused(decision);
    }
    // Who came first meanwhile is seen without a turn at the file: a crowd need not queue for a no.
    GateDecision meanwhile = DeploymentGate.decide(question, registry.read(), answers);
    if (!meanwhile.canDeploy()) {
      return new Refused(meanwhile);
    }
    AcquireResult result =
        registry.update(
            current -> rules.acquire(current, request, answers, factory.region(), time.now()));
    if (result instanceof Acquired acquired && !acquired.repeated()) {
      journal.record(request.command(), request.correlationId(), describe(acquired));
    }
    return result;
  }

  /** Take a ticket at the end of the queue, or keep the one that this id has. */
  Deployment enqueue(LockRequest request) {
    Deployment ticket = registry.update(document -> rules.queue(document, request, time.now()));
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
   * Renew a ticket or a held lock.
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
   * Write down the command that a run started, so that nobody frees the lock while it lives.
   *
   * @return whether the lock is still the caller's
   */
  public boolean commandStarted(Deployment entry, ProcessIdentity command) {
    return amend(
        entry.correlationId(),
        entry.fencingToken(),
        // One that has ended meanwhile lives no more.
        now -> now.commandHasEnded() ? now : now.running(command));
  }

  /**
   * Write down that the command of a run has ended while CloudFormation is still at work: from then
   * on the deployment is its watcher's to finish.
   *
   * @param operation when the operation began that goes on, or null when that is not known: an end
   *     that was seen before is that of another
   * @return whether the lock was still the caller's
   */
  public boolean commandEnded(Deployment entry, int exit, @Nullable Instant operation) {
    return amend(
        entry.correlationId(),
        entry.fencingToken(),
        now -> {
          Deployment left =
              now.commandEnded(exit)
                  .with("lease_expires_at", time.now().plus(DeploymentFactory.SHORT_LEASE));
          Instant ended = now.operationEndedAt();
          if (ended != null && operation != null && ended.isBefore(operation)) {
            return left.operationBegun();
          }
          // The watcher may have seen the end just before: then nobody else comes to finish it.
          return ended == null
              ? left
              : finished(
                  left,
                  now.operationSucceeded() ? DeploymentStatus.SUCCEEDED : DeploymentStatus.FAILED,
                  time.now());
        });
  }

  /**
   * Write down that the operation of a deployment in progress has ended, as a monitor saw it; one
   * that nobody but its watcher is left to finish is finished.
   *
   * @param fencingToken the acquisition that was watched
   * @param succeeded whether the operation did
   */
  public boolean operationEnded(
      String correlationId, long fencingToken, String stackStatus, Instant at, boolean succeeded) {
    AtomicBoolean finished = new AtomicBoolean();
    DeploymentStatus status = succeeded ? DeploymentStatus.SUCCEEDED : DeploymentStatus.FAILED;
    boolean written =
        amend(
            correlationId,
            fencingToken,
            now -> {
              Deployment ended = now.operationEnded(stackStatus, at);
              finished.set(now.isLeftToItsWatcher());
              return finished.get() ? finished(ended, status, time.now()) : ended;
            });
    if (written && finished.get()) {
      journal.record("monitor run", correlationId, status.name());
    }
    return written;
  }

  private boolean amend(String correlationId, long fencingToken, UnaryOperator<Deployment> change) {
    return registry.update(
        document -> {
          Deployment entry = document.find(correlationId);
          if (entry == null
              || entry.status() != DeploymentStatus.IN_PROGRESS
              || entry.fencingToken() != fencingToken) {
            return false;
          }
          Deployment changed = change.apply(entry);
          document.put(changed.with(changed.status(), time.now()));
          return true;
        });
  }

  /**
   * Finish a deployment and keep its entry.
   *
   * @param fencingToken the number under which the caller got the lock, or null when only the id is
   *     known
   * @throws Failure when there is no such deployment, it ended otherwise before, or its process
   *     lives on this machine and is not this one
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
              boolean others = entry.takenOverBy() != null;
              if (others || fencingToken != null && entry.fencingToken() != fencingToken) {
                throw lost(entry);
              }
              if (entry.status() == status) {
                return entry;
              }
              if (entry.status().finished()) {
                throw lost(entry);
              }
              entry.checkNotAlive(time.now());
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
   * Give up what this attempt got: its ticket, or the lock. Nothing happens when it has neither.
   */
  public void giveBack(LockRequest request) {
    String correlationId = request.correlationId();
    String what =
        registry.update(
            document -> {
              Deployment entry = document.find(correlationId);
              boolean mine = entry != null && request.attempt().nonce().equals(entry.attempt());
              if (entry == null || !mine || entry.status().finished()) {
                return "";
              }
              if (entry.status() == DeploymentStatus.QUEUED) {
                document.removeIf(ticket -> isTicket(ticket, correlationId));
                return "gave its ticket back";
              }
              document.put(finished(entry, DeploymentStatus.CANCELLED, time.now()));
              return "gave the lock back";
            });
    if (!what.isEmpty()) {
      journal.record("coordinator acquire", correlationId, what);
      warnings.accept(correlationId + " " + what);
    }
  }

  /** Return the live tickets that stand before that one. */
  List<Deployment> ahead(Deployment ticket) {
    return registry
        .read()
        .waitingAhead(ticket.correlationId(), ticket.environment(), ticket.stackName(), time.now())
        .toList();
  }

  /** Return what the registry holds, for looking and tidying. */
  public Deployments deployments() {
    return new Deployments(registry, journal, time);
  }

  /**
   * Give every deployment that CloudFormation shows active on {@code targets} an entry, where it
   * has none.
   */
  public Reconciliation reconcile(List<Target> targets) {
    return new Reconciler(registry, stacks.get(), factory, journal, time).reconcile(targets);
  }

  private StackLookup lookup(Target target) {
    return new StackLookup(stacks.get(), target.stackName());
  }

  private static GateDecision decide(
      GateQuestion question, @Nullable RegistryDocument document, StackLookup lookup) {
    List<Deployment> holders =
        document == null ? List.of() : DeploymentGate.holders(document, question);
    return DeploymentGate.decide(question, document, lookup.about(holders, question));
  }

  private AcquireResult withoutRegistry(LockRequest request, StateUnavailable unavailable) {
    GateQuestion question = request.question(factory.region(), time.now());
    GateDecision decision = decide(question, null, lookup(request.target()));
    if (!decision.canDeploy()) {
      warnFallback(unavailable);
      return new Refused(decision);
    }
    // CloudFormation alone can say that nothing runs, but nothing would keep the lock.
    throw new StateUnavailable(
        unavailable.reason(),
        "Cannot register " + request.correlationId() + ": " + unavailable.what(),
        unavailable.nextStep(),
        unavailable);
  }

  private static Deployment finished(Deployment entry, DeploymentStatus status, Instant now) {
    return entry.with(status, now).with("finished_at", now).with("lease_expires_at", null);
  }

  private static boolean isTicket(Deployment entry, String correlationId) {
    return entry.status() == DeploymentStatus.QUEUED && entry.correlationId().equals(correlationId);
  }

  private static Failure lost(Deployment entry) {
    String heir = entry.takenOverBy();
    String what =
        heir == null
            ? entry.correlationId()
                + " is "
                + entry.status()
                + ", with fencing token "
                + entry.fencingToken()
            : entry.correlationId() + " lost the lock to " + heir + " after its lease ran out";
    return new Failure(Failure.FailureKind.FAILED, what, "See 'deployctl coordinator list --all'");
  }

  private static String describe(Acquired acquired) {
    String took =
        acquired.takenOver().isEmpty()
            ? ""
            : ", took over from " + acquired.takenOver().get(0).correlationId();
    String skipped =
        acquired.skipped().isEmpty()
            ? ""
            : ", removed the abandoned ticket of " + acquired.skipped().get(0).correlationId();
    return "holds "
        + acquired.entry().environment()
        + ", fencing token "
        + acquired.entry().fencingToken()
        + took
        + skipped;
  }

  private void warnFallback(StateUnavailable e) {
    if (!warned) {
      warned = true;
      warnings.accept(FALLBACK + ": " + e.whatAndNext());
    }
  }
}
