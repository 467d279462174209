package deployctl.coordinator.lock;

import deployctl.coordinator.lock.AcquireResult.Admitted;
import deployctl.coordinator.lock.AcquireResult.Refused;
import deployctl.registry.Deployment;
import deployctl.registry.DeploymentStatus;
import deployctl.registry.RegistryDocument;
import deployctl.support.Failure;
import deployctl.support.time.Time;
import deployctl.target.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which places and tickets are given out, as steps from one state of the registry to
 * the next. What they decide is written only if the registry is still the same.
 */
public final class LockRules {
  private final DeploymentFactory entries;
  private final Time time;

  LockRules(DeploymentFactory entries, Time time) {
    this.entries = entries;
    this.time = time;
  }

  /**
   * Return the ticket of {@code request}: a new one at the end of the queue, or the one that its id
   * has.
   */
  Deployment queue(RegistryDocument document, LockRequest request) {
    Deployment known = document.find(request.correlationId());
    if (known != null) {
      checkSamePlace(known, request);
    }
    if (known != null && known.status().finished()) {
      throw used(known);
    }
    if (known != null && known.status() == DeploymentStatus.IN_PROGRESS
        || request.attempt().over().getAsBoolean()) {
      return known == null ? entries.ticket(request, time.now()) : known;
    }
    Deployment fresh = entries.ticket(request, time.now());
    Deployment kept =
        known == null
            ? fresh
            : fresh.with("queued_at", known.queuedAt() == null ? time.now() : known.queuedAt());
    document.put(kept);
    return kept;
  }

  /**
   * Give the place to {@code request}, if nothing but stale entries is in the way.
   *
   * @param seenStale entries whose lease ran out and whose stack was seen idle
   */
  AcquireResult admit(RegistryDocument document, LockRequest request, List<Deployment> seenStale) {
    Instant now = time.now();
    Target target = request.target();
    Deployment known = document.find(request.correlationId());
    if (request.attempt().over().getAsBoolean()) {
      throw new Failure(
          Failure.FailureKind.FAILED, request.correlationId() + " was told to end", "");
    }
    if (known != null) {
      checkSamePlace(known, request);
      if (known.status().finished()) {
        throw used(known);
      }
      if (holds(known)) {
        return repeated(known, request);
      }
    }
    List<Deployment> takenOver = new ArrayList<>();
    for (Deployment holder : DeploymentGate.holders(document, target, request.correlationId())) {
      if (!holder.leaseExpired(now) || !sameHolder(holder, seenStale)) {
        return new Refused(DeploymentGate.blockedBy(target, holder, List.of(), null));
      }
      takenOver.add(holder);
    }
    Optional<Deployment> first =
        waitingAhead(document, request.correlationId(), target.environment(), target.stackName())
            .findFirst();
    if (first.isPresent()) {
      return new Refused(DeploymentGate.blockedBy(target, first.get(), List.of(), null));
    }
    takenOver.forEach(entry -> document.put(takenOver(entry, request.correlationId(), now)));
    List<Deployment> skipped = dropAbandoned(document, request, now);
    Deployment entry =
        entries.holder(request, known, document.nextFencingToken(target.environment()), now);
    document.put(entry);
    return new Admitted(entry, false, takenOver, skipped);
  }

  /** Return the live tickets before that of {@code self}, or all when it has none. */
  Stream<Deployment> waitingAhead(
      RegistryDocument document,
      String self,
      @Nullable String environment,
      @Nullable String stack) {
    Instant now = time.now();
    return document
        .queued()
        .takeWhile(ticket -> !ticket.correlationId().equals(self))
        .filter(ticket -> ticket.concerns(environment, stack))
        .filter(ticket -> !abandoned(ticket, now));
  }

  private static List<Deployment> dropAbandoned(
      RegistryDocument document, LockRequest request, Instant now) {
    Target target = request.target();
    List<Deployment> abandoned =
        document
            .queued()
            .filter(ticket -> !ticket.correlationId().equals(request.correlationId()))
            .filter(ticket -> ticket.concerns(target.environment(), target.stackName()))
            .filter(ticket -> abandoned(ticket, now))
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

  private static boolean sameHolder(Deployment holder, List<Deployment> seen) {
    return seen.stream()
        .anyMatch(
            stale ->
                stale.correlationId().equals(holder.correlationId())
                    && stale.fencingToken() == holder.fencingToken());
  }

  /**
   * Tell whether the ticket's owner is gone: its lease has run out, or its process is known to be
   * dead.
   */
  public static boolean abandoned(Deployment ticket, Instant now) {
    return ticket.leaseExpired(now) || ticket.ownerDead();
  }

  static AcquireResult repeated(Deployment known, LockRequest request) {
    checkSamePlace(known, request);
    return new Admitted(known, true, List.of(), List.of());
  }

  /** An entry that is in doubt (its lease ran out, or its status is unknown) is judged anew. */
  boolean holds(Deployment known) {
    return known.status() == DeploymentStatus.IN_PROGRESS
        && known.understood()
        && !known.leaseExpired(time.now());
  }

  private static void checkSamePlace(Deployment known, LockRequest request) {
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
