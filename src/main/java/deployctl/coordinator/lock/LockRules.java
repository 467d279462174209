package deployctl.coordinator.lock;

import deployctl.aws.cloudformation.Stack;
import deployctl.coordinator.lock.AcquireResult.Acquired;
import deployctl.coordinator.lock.AcquireResult.Refused;
import deployctl.coordinator.lock.LockTerms.LockOwner;
import deployctl.registry.Deployment;
import deployctl.registry.DeploymentStatus;
import deployctl.registry.HoldState;
import deployctl.registry.RegistryDocument;
import deployctl.support.Failure;
import deployctl.support.process.ProcessIdentity;
import deployctl.target.Target;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which the deployment lock and its queue's tickets are given out, as steps from one
 * state of the registry to the next. What they decide is written only if the registry is still the
 * same.
 */
final class LockRules {
  private final DeploymentFactory factory;

  LockRules(DeploymentFactory factory) {
    this.factory = factory;
  }

  /**
   * Return the ticket of {@code request}: a new one at the end of the queue, or the one that its id
   * has.
   */
  Deployment queue(RegistryDocument document, LockRequest request, Instant now) {
    Deployment known = document.find(request.correlationId());
    if (known != null) {
      checkSameTarget(known, request);
    }
    if (known != null && known.status().finished()) {
      throw used(known);
    }
    if (known != null && known.status() == DeploymentStatus.IN_PROGRESS
        || request.attempt().over().getAsBoolean()) {
      return known == null ? factory.ticket(request, now) : known;
    }
    Deployment fresh = factory.ticket(request, now);
    Deployment kept =
        known == null
            ? fresh
            : fresh.with("queued_at", known.queuedAt() == null ? now : known.queuedAt());
    document.put(kept);
    return kept;
  }

  /**
   * Return what {@code request} has already, without asking AWS: the lock, where it holds it for
   * certain. An entry that is in doubt (nobody is known to be at work for it, or its status is
   * unknown) is decided anew. A second process that would stay with the lock is refused while the
   * first one, or its command, lives.
   */
  static Optional<AcquireResult> repeated(
      RegistryDocument document, LockRequest request, Instant now) {
    Deployment known = document.find(request.correlationId());
    if (known == null
        || known.status() != DeploymentStatus.IN_PROGRESS
        || !known.understood()
        || known.hold(now).freeable()) {
      return Optional.empty();
    }
    checkSameTarget(known, request);
    return Optional.of(
        request.terms().owner() != LockOwner.NOBODY && othersLive(known, now)
            ? new Refused(GateDecision.blockedBy(request.target(), known))
            : new Acquired(known, true, List.of(), null, List.of()));
  }

  private static boolean othersLive(Deployment known, Instant now) {
    if (known.isLeftToItsWatcher()) {
      // Its command has ended and CloudFormation had not: another would meet it.
      return true;
    }
    ProcessIdentity owner = known.owner();
    return owner != null
        && !owner.equals(ProcessIdentity.current())
        && (known.hold(now) == HoldState.ALIVE || !owner.certainlyDead());
  }

  /**
   * Return {@link #repeated}, and write down the process that stays with a lock which was had
   * without one.
   */
  Optional<AcquireResult> adopt(RegistryDocument document, LockRequest request, Instant now) {
    Optional<AcquireResult> held = repeated(document, request, now);
    if (held.isPresent()
        && held.get() instanceof Acquired acquired
        && adoptable(acquired, request)) {
      Deployment owned = factory.owned(acquired.entry(), request.terms(), now);
      document.put(owned);
      return Optional.of(new Acquired(owned, true, List.of(), null, List.of()));
    }
    return held;
  }

  /** Tell whether a process comes to stay with a lock that nobody has stayed with. */
  static boolean adoptable(Acquired acquired, LockRequest request) {
    return request.terms().owner() != LockOwner.NOBODY && acquired.entry().owner() == null;
  }

  /**
   * Give the lock to {@code request}, if nothing but stale entries is in the way: decided in one
   * pass over this document and these answers.
   *
   * @param answers what CloudFormation said, and of which holders
   * @param region where CloudFormation was asked, or null when that is not known
   */
  AcquireResult acquire(
      RegistryDocument document,
      LockRequest request,
      StackAnswers answers,
      @Nullable String region,
      Instant now) {
    if (request.attempt().over().getAsBoolean()) {
      throw new Failure(
          Failure.FailureKind.FAILED, request.correlationId() + " was told to end", "");
    }
    Optional<AcquireResult> held = repeated(document, request, now);
    if (held.isPresent()) {
      return held.get();
    }
    Deployment known = document.find(request.correlationId());
    if (known != null) {
      checkSameTarget(known, request);
      if (known.status().finished()) {
        throw used(known);
      }
    }
    Target target = request.target();
    GateDecision decision = DeploymentGate.decide(request.question(region, now), document, answers);
    if (!decision.canDeploy()) {
      return new Refused(decision);
    }
    Optional<Deployment> first =
        document
            .waitingAhead(request.correlationId(), target.environment(), target.stackName(), now)
            .findFirst();
    if (first.isPresent()) {
      return new Refused(GateDecision.blockedBy(target, first.get()));
    }
    decision.stale().forEach(entry -> document.put(takenOver(entry, request.correlationId(), now)));
    List<Deployment> skipped = dropAbandoned(document, request, now);
    long token = document.nextFencingToken(target.environment());
    Stack stack = decision.stack();
    Deployment entry =
        factory
            .holder(request, known, token, now)
            .with("account", stack == null ? null : stack.account());
    document.put(entry);
    return new Acquired(entry, false, decision.stale(), stack, skipped);
  }

  private static List<Deployment> dropAbandoned(
      RegistryDocument document, LockRequest request, Instant now) {
    Target target = request.target();
    List<Deployment> abandoned =
        document
            .queued()
            .filter(ticket -> !ticket.correlationId().equals(request.correlationId()))
            .filter(ticket -> ticket.concerns(target.environment(), target.stackName()))
            .filter(ticket -> ticket.abandoned(now))
            .toList();
    document.removeIf(abandoned::contains);
    return abandoned;
  }

  private static Deployment takenOver(Deployment entry, String by, Instant now) {
    return entry
        .with(DeploymentStatus.CANCELLED, now)
        .with("finished_at", now)
        .with("taken_over_by", by);
  }

  private static void checkSameTarget(Deployment known, LockRequest request) {
    Target target = request.target();
    String stack = known.stackName();
    boolean sameStack =
        stack == null || Deployment.plainStackName(stack).equals(target.stackName());
    if (!target.environment().equals(known.environment()) || !sameStack) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          known.correlationId()
              + " is the id of a deployment to "
              + stack
              + " ("
              + known.environment()
              + ")",
          "Take another correlation id");
    }
  }

  private static Failure used(Deployment known) {
    return new Failure(
        Failure.FailureKind.FAILED,
        known.correlationId() + " was used by a deployment that is over (" + known.status() + ")",
        "Take another correlation id, or remove that entry with 'deployctl coordinator cleanup "
            + known.correlationId()
            + "'");
  }
}
