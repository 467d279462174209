package deployctl.operation;

import deployctl.aws.cloudformation.StackEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An operation of a stack and of the stacks nested in it, built up from its events.
 *
 * <p>The root cause is the first failure in time, over all stacks, that does not merely follow from
 * another: what CloudFormation cancelled afterwards, and what a stack says in summary, is never it.
 */
public final class StackOperation {
  private static final Set<String> GOOD =
      Set.of("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE");

  /** What an operation is for. */
  public enum OperationKind {
    /** A new stack. */
    CREATE("creation"),
    /** A change. */
    UPDATE("update"),
    /** The end of the stack. */
    DELETE("deletion"),
    /** Taking resources over. */
    IMPORT("import"),
    /** Going on with a rollback that had failed. */
    ROLLBACK("rollback");

    private final String description;

    OperationKind(String description) {
      this.description = description;
    }

    /** Return the kind for a sentence. */
    public String describe() {
      return description;
    }

    static OperationKind of(String status) {
      if (status.startsWith("CREATE")) {
        return CREATE;
      }
      if (status.startsWith("DELETE")) {
        return DELETE;
      }
      if (status.startsWith("IMPORT") && !Events.rollingBack(status)) {
        return IMPORT;
      }
      return Events.rollingBack(status) ? ROLLBACK : UPDATE;
    }
  }

  private final String stackId;
  private final Map<String, ResourceRun> resources = new LinkedHashMap<>();
  private final List<OperationFailure> failures = new ArrayList<>();
  private @Nullable OperationKind kind;
  private @Nullable Instant startedAt;
  private @Nullable Instant lastEventAt;
  private @Nullable Instant rollbackSince;
  private String status = "";
  private @Nullable String rollbackReason;

  /** Make an operation of which nothing is known yet. */
  public StackOperation(String stackId) {
    this.stackId = stackId;
  }

  /** Take an event over; to be called in the order of time. */
  public void apply(StackEvent event) {
    if (startedAt == null) {
      startedAt = event.timestamp();
    }
    if (lastEventAt == null || event.timestamp().isAfter(lastEventAt)) {
      lastEventAt = event.timestamp();
    }
    if (event.stackId().equals(stackId) && Events.ofStackItself(event)) {
      applyToStack(event);
    } else if (!Events.ofStackItself(event)) {
      applyToResource(event);
    }
    if (Events.failed(event.status())) {
      failures.add(OperationFailure.of(event));
    }
  }

  private void applyToStack(StackEvent event) {
    status = event.status();
    if (kind == null) {
      kind = OperationKind.of(status);
    }
    if (Events.rollingBack(status) && rollbackSince == null && kind != OperationKind.ROLLBACK) {
      rollbackSince = event.timestamp();
      rollbackReason = event.reason();
    }
  }

  private void applyToResource(StackEvent event) {
    String key = event.stackId() + "/" + event.logicalResourceId();
    ResourceRun before = resources.get(key);
    boolean running = Events.inProgress(event.status());
    boolean configured = "CONFIGURATION_COMPLETE".equals(event.detailedStatus());
    boolean sameRun =
        before != null
            && before.inProgress()
            && (!running || phase(before.status()).equals(phase(event.status())));
    Instant start =
        sameRun && before != null ? before.startedAt() : running ? event.timestamp() : null;
    Instant configuredAt = sameRun && before != null ? before.configuredAt() : null;
    resources.put(
        key,
        new ResourceRun(
            event.stackId(),
            event.stackName(),
            event.logicalResourceId(),
            event.physicalResourceId(),
            event.resourceType(),
            event.status(),
            event.reason(),
            new ResourceRun.RunTimes(
                start,
                configured ? event.timestamp() : configuredAt,
                running ? null : event.timestamp())));
  }

  private static String phase(String status) {
    return status.substring(0, Math.max(0, status.indexOf('_')));
  }

  /**
   * Return what the operation is for; {@link OperationKind#UPDATE} while its beginning was not
   * seen.
   */
  public OperationKind kind() {
    return kind == null ? OperationKind.UPDATE : kind;
  }

  /** Return the ARN of the stack that it is of. */
  public String stackId() {
    return stackId;
  }

  /** Return when it began, or null while no event was seen. */
  public @Nullable Instant startedAt() {
    return startedAt;
  }

  /** Return the time of the latest event, or null while none was seen. */
  public @Nullable Instant lastEventAt() {
    return lastEventAt;
  }

  /** Return the stack's latest status by its events; empty while none was seen. */
  public String status() {
    return status;
  }

  /** Tell whether the stack itself has said that it is over. */
  public boolean ended() {
    return !status.isEmpty() && !Events.inProgress(status);
  }

  /** Tell whether it is over, and did what was wanted. */
  public boolean succeeded() {
    return ended() && succeeded(kind(), status);
  }

  /** Tell whether an operation of a kind did what was wanted when its stack came to a status. */
  public static boolean succeeded(OperationKind kind, String status) {
    return GOOD.contains(status)
        || status.equals("DELETE_COMPLETE") && kind == OperationKind.DELETE
        || kind == OperationKind.ROLLBACK && status.endsWith("ROLLBACK_COMPLETE");
  }

  /** Return when it began to undo itself, or null when it does not. */
  public @Nullable Instant rollbackSince() {
    return rollbackSince;
  }

  /** Return every resource that was touched, in the order of their first events. */
  public Collection<ResourceRun> resources() {
    return List.copyOf(resources.values());
  }

  /** Return what is in progress, the longest first. */
  public List<ResourceRun> inProgress(Instant now) {
    return resources.values().stream()
        .filter(ResourceRun::inProgress)
        .sorted(Comparator.comparing((ResourceRun run) -> run.elapsed(now)).reversed())
        .toList();
  }

  /** Return all failures in the order of time. */
  public List<OperationFailure> failures() {
    return List.copyOf(failures);
  }

  /**
   * Return why the operation failed: the first failure that does not follow from another; else the
   * first there is; empty when nothing failed, or when it turned back before anything did: then
   * {@link #turnReason} says why.
   */
  public Optional<OperationFailure> rootCause() {
    Instant turn = rollbackSince;
    List<OperationFailure> ordered =
        failures.stream().sorted(Comparator.comparing(OperationFailure::at)).toList();
    Optional<OperationFailure> first =
        ordered.stream()
            .filter(failure -> !failure.follows() && !failure.stackItself())
            .filter(failure -> turn == null || !failure.at().isAfter(turn))
            .findFirst();
    if (first.isPresent()) {
      return first;
    }
    if (turnReason().isPresent()) {
      return Optional.empty();
    }
    return ordered.stream()
        .filter(failure -> !failure.follows() && !failure.stackItself())
        .findFirst()
        .or(() -> ordered.stream().filter(failure -> !failure.follows()).findFirst())
        .or(() -> ordered.stream().filter(f -> !Reasons.cancelled(f.reason())).findFirst())
        .or(() -> ordered.stream().findFirst());
  }

  /** Return why the rollback itself failed, or empty when it did not. */
  public Optional<OperationFailure> rollbackFailure() {
    Instant since = rollbackSince;
    if (since == null) {
      return Optional.empty();
    }
    return failures.stream()
        .filter(failure -> !failure.at().isBefore(since))
        .filter(failure -> !failure.follows() && !failure.stackItself())
        .filter(failure -> !failure.equals(rootCause().orElse(null)))
        .findFirst();
  }

  /**
   * Return why it turned back where that was no resource's failure: a person, an alarm, or what AWS
   * says of the stack itself. Empty where it did not turn, or its words only point at resources.
   */
  public Optional<String> turnReason() {
    String reason = rollbackReason;
    if (rollbackSince == null || reason == null || reason.isBlank() || Reasons.summary(reason)) {
      return Optional.empty();
    }
    return Optional.of(
        Reasons.byPerson(reason)
            ? "a person cancelled the " + kind().describe() + " (" + reason.strip() + ")"
            : reason.strip());
  }

  /** Tell whether a person had it turn back. */
  public boolean turnedByPerson() {
    return rollbackSince != null && Reasons.byPerson(rollbackReason);
  }

  /** Return why it failed, in one line: the resource, else what the stack said of its turn. */
  public Optional<String> causeLine() {
    return rootCause().map(OperationFailure::line).or(this::turnReason);
  }

  /** Return AWS's words on why it began to undo itself, or null where there are none. */
  public @Nullable String rollbackReason() {
    return rollbackReason;
  }

  /** Return the ids of the nested stacks that were touched. */
  public List<String> nestedStacks() {
    return resources.values().stream()
        .filter(run -> run.type().equals(Events.STACK_TYPE))
        .map(ResourceRun::physicalId)
        .filter(id -> id != null && id.startsWith("arn:"))
        .map(String::valueOf)
        .distinct()
        .toList();
  }
}
