package deployctl.registry;

import deployctl.support.Failure;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import deployctl.support.json.WrongShapeException;
import deployctl.support.process.ProcessIdentity;
import deployctl.support.time.Timestamps;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the registry: a deployment that waits, runs or is over.
 *
 * <p>A view on the JSON object in the file, so that fields which this version does not know
 * survive. Unchangeable: {@link #with} returns another.
 */
public final class Deployment {
  /** What an entry without a lease is taken to have, counted from its last update. */
  public static final Duration DEFAULT_LEASE = Duration.ofHours(2);

  /** The longest that a lease may last. */
  public static final Duration LONGEST_LEASE = Duration.ofDays(7);

  /** How far the clocks of two machines may differ. */
  private static final Duration CLOCK_DIFFERENCE = Duration.ofHours(1);

  /**
   * How long a deployment may go on after its operation was seen to end, without a sign of life.
   */
  public static final Duration LAST_STEPS = Duration.ofMinutes(10);

  /** What {@code held_by} says where a process runs the command that deploys. */
  public static final String HELD_BY_RUN = "run";

  private final JsonObject fields;
  private final DeploymentStatus status;
  private final boolean understood;

  private Deployment(JsonObject fields, DeploymentStatus status, boolean understood) {
    this.fields = fields;
    this.status = status;
    this.understood = understood;
  }

  /**
   * Read an entry as the file holds it.
   *
   * <p>An entry with a status that is none is taken for a deployment in progress whose lease ran
   * out: it blocks until its stack was seen idle. One odd entry must not hide the others, nor be
   * taken for nothing.
   *
   * @throws JsonException when it has no id by which it could be removed, or concerns nothing
   */
  public static Deployment of(JsonObject fields) throws JsonException {
    String id = fields.string("correlation_id");
    if (id == null || !CorrelationId.isValid(id)) {
      throw new WrongShapeException("an entry has no valid correlation_id");
    }
    if (fields.string("environment") == null && fields.string("stack_name") == null) {
      throw new WrongShapeException("entry " + id + " names neither an environment nor a stack");
    }
    DeploymentStatus status = DeploymentStatus.find(fields.string("status"));
    return status == null
        ? new Deployment(fields, DeploymentStatus.IN_PROGRESS, false)
        : new Deployment(fields, status, true);
  }

  /**
   * Tell whether the file says where it stands; false when {@link #status} is the cautious guess.
   */
  public boolean understood() {
    return understood;
  }

  /** Return the id that names the deployment. */
  public String correlationId() {
    return String.valueOf(fields.string("correlation_id"));
  }

  /** Return where it stands. */
  public DeploymentStatus status() {
    return status;
  }

  /** Return the environment, or null when an old file does not say. */
  public @Nullable String environment() {
    return fields.string("environment");
  }

  /** Return the stack, or null when an old file does not say. */
  public @Nullable String stackName() {
    return fields.string("stack_name");
  }

  /** Return when it got the lock, or null when it waits or the file does not say. */
  public @Nullable Instant startedAt() {
    return time("started_at");
  }

  /** Return when it began to wait, or null when it never did. */
  public @Nullable Instant queuedAt() {
    return time("queued_at");
  }

  /** Return when it ended, or null while it has not or when the file does not say. */
  public @Nullable Instant finishedAt() {
    return time("finished_at");
  }

  /** Return the last change, or null when the file does not say. */
  public @Nullable Instant updatedAt() {
    return time("updated_at");
  }

  /** Return the AWS region it goes to, or null when the file does not say. */
  public @Nullable String region() {
    return fields.string("region");
  }

  /** Return the AWS account it goes to, or null where that was not known. */
  public @Nullable String account() {
    return fields.string("account");
  }

  /** Return the number that grew with this acquisition; 0 for an entry of an old file. */
  public long fencingToken() {
    return fields.integer("fencing_token", 0);
  }

  /**
   * Return until when the owner need not be heard of: its lease, else two hours from the last time
   * known.
   */
  public Instant leaseExpiresAt() {
    if (!understood) {
      return Instant.EPOCH;
    }
    Instant lease = time("lease_expires_at");
    if (lease != null) {
      return lease;
    }
    for (Instant from : new @Nullable Instant[] {updatedAt(), startedAt(), queuedAt()}) {
      if (from != null) {
        return from.plus(DEFAULT_LEASE);
      }
    }
    return Instant.EPOCH;
  }

  /**
   * Tell whether the lease is one that can be: a time further ahead than any lease lasts is a
   * broken clock's, or a slip of who typed it, and would keep everybody out for as long.
   */
  public boolean isLeaseBelieved(Instant now) {
    return !leaseExpiresAt().isAfter(now.plus(LONGEST_LEASE).plus(CLOCK_DIFFERENCE));
  }

  /** Tell whether the lease has run out; one that is not believed counts as none was written. */
  public boolean leaseExpired(Instant now) {
    if (isLeaseBelieved(now)) {
      return !leaseExpiresAt().isAfter(now);
    }
    for (Instant from : new @Nullable Instant[] {updatedAt(), startedAt(), queuedAt()}) {
      if (from != null && !from.isAfter(now.plus(CLOCK_DIFFERENCE))) {
        return !from.plus(DEFAULT_LEASE).isAfter(now);
      }
    }
    return true;
  }

  /**
   * Tell whether the owner of a ticket is gone: its lease has run out, or its process is known to
   * be dead.
   */
  public boolean abandoned(Instant now) {
    return leaseExpired(now) || ownerDead();
  }

  /**
   * Tell whether an entry in progress keeps its lock, as far as that can be told from here.
   *
   * <p>A run and its command count for as long as they live, a lease for as long as it runs. Who is
   * known to be dead holds nothing, and a deployment whose operation was seen to end holds for
   * another {@link #LAST_STEPS} where nobody is known to live.
   */
  public HoldState hold(Instant now) {
    ProcessIdentity owner = owner();
    ProcessIdentity command = command();
    boolean run = isHeldByRun();
    if (lives()) {
      return HoldState.ALIVE;
    }
    boolean expired = leaseExpired(now);
    boolean ownerDead = owner != null && owner.certainlyDead();
    boolean commandDead = !run || command != null && command.certainlyDead();
    if (ownerDead && commandDead) {
      return HoldState.DEAD;
    }
    Instant ended = operationEndedAt();
    boolean settled = ended != null && !ended.plus(LAST_STEPS).isAfter(now);
    // Another machine's process renews its own lease: that says whether it lives.
    if (settled && (owner == null || expired)) {
      return HoldState.ENDED;
    }
    if (!expired) {
      return HoldState.LEASED;
    }
    return isLeaseBelieved(now) ? HoldState.EXPIRED : HoldState.DISBELIEVED;
  }

  /** Tell whether its run, or the command that its run started, lives on this machine. */
  public boolean lives() {
    ProcessIdentity owner = owner();
    ProcessIdentity command = command();
    return isHeldByRun()
        && (owner != null && owner.runsHere()
            || command != null && command.anyOfItsSessionRunsHere());
  }

  /**
   * See that nobody frees a lock whose process lives, but that process itself.
   *
   * @throws Failure when another process of this machine is at work for the entry
   */
  public void checkNotAlive(Instant now) {
    if (status != DeploymentStatus.IN_PROGRESS
        || hold(now) != HoldState.ALIVE
        || ProcessIdentity.current().equals(owner())) {
      return;
    }
    ProcessIdentity owner = owner();
    ProcessIdentity command = command();
    boolean runs = owner != null && owner.runsHere();
    long pid = runs && owner != null ? owner.pid() : command == null ? 0 : command.pid();
    throw new Failure(
        Failure.FailureKind.FAILED,
        correlationId()
            + " is being deployed by "
            + (runs ? "process " : "the command of a run that is gone, process ")
            + pid,
        "End it first: kill " + (runs ? "" : "-- -") + pid);
  }

  /** Tell whether a run keeps the lock, which starts the command that deploys. */
  public boolean isHeldByRun() {
    return HELD_BY_RUN.equals(fields.string("held_by"));
  }

  /** Return when a monitor saw its operation end, or null when none did. */
  public @Nullable Instant operationEndedAt() {
    return time("operation_ended_at");
  }

  /** Return the stack's status when a monitor saw its operation end, or null when none did. */
  public @Nullable String operationStatus() {
    return fields.string("operation_status");
  }

  /** Tell whether a monitor saw its operation end well. */
  public boolean operationSucceeded() {
    String end = operationStatus();
    return end != null && end.endsWith("_COMPLETE") && !end.contains("ROLLBACK");
  }

  /** Return the entry with the end of its operation, as a monitor saw it. */
  public Deployment operationEnded(String stackStatus, Instant at) {
    return with("operation_status", stackStatus).with("operation_ended_at", at);
  }

  /** Return who holds the lock after this deployment lost it, or null when it did not. */
  public @Nullable String takenOverBy() {
    return fields.string("taken_over_by");
  }

  /** Return the mark of the attempt that wrote the entry, or null in a file of the old scripts. */
  public @Nullable String attempt() {
    return fields.string("attempt");
  }

  /** Return the commit that is deployed, or null where the file does not say. */
  public @Nullable String commit() {
    return fields.string("commit");
  }

  /** Return who deploys, or null where the file does not say. */
  public @Nullable String actor() {
    return fields.string("actor");
  }

  /** Return the machine that wrote the entry, or null where the file does not say. */
  public @Nullable String host() {
    return fields.string("host");
  }

  /** Return the id of the workflow run behind it, or null where the file does not say. */
  public @Nullable String workflowRunId() {
    return fields.string("workflow_run_id");
  }

  /** Return the page of the workflow run, or null where the file does not say. */
  public @Nullable String githubRunUrl() {
    return fields.string("github_run_url");
  }

  /** Return the stack's page in the AWS console, or null where the file does not say. */
  public @Nullable String awsConsoleUrl() {
    return fields.string("aws_console_url");
  }

  /**
   * Tell whether the process that owns the entry is known to be gone; false when that cannot be
   * told from here.
   */
  public boolean ownerDead() {
    ProcessIdentity owner = owner();
    return owner != null && owner.certainlyDead();
  }

  /** Return the process that keeps the lock, or null where none does or the file does not say. */
  public @Nullable ProcessIdentity owner() {
    return process("pid", "process_start", "boot_id");
  }

  /**
   * Return the command that its run started, which leads a session of its own; null where there is
   * none yet or the file does not say.
   */
  public @Nullable ProcessIdentity command() {
    return process("command_pid", "command_process_start", "command_boot_id");
  }

  /** Return the entry with the command that its run started. */
  public Deployment running(ProcessIdentity command) {
    return with("command_pid", command.pid())
        .with("command_process_start", command.start())
        .with("command_boot_id", command.bootId());
  }

  /**
   * Return the entry of a run whose command has ended before its operation: nobody but a watcher is
   * left to finish it.
   */
  public Deployment commandEnded(int exit) {
    return with("command_exit_code", (long) exit)
        .with("held_by", null)
        .with("pid", null)
        .with("process_start", null)
        .with("boot_id", null)
        .with("pid_namespace", null)
        .with("command_pid", null)
        .with("command_process_start", null)
        .with("command_boot_id", null);
  }

  /** Return the entry without the end of an operation, as another has begun since. */
  public Deployment operationBegun() {
    return with("operation_status", null).with("operation_ended_at", null);
  }

  /** Tell whether the command of its run has ended before its operation. */
  public boolean commandHasEnded() {
    return fields.has("command_exit_code");
  }

  /** Tell whether nobody but a watcher is left to finish the deployment. */
  public boolean isLeftToItsWatcher() {
    return commandHasEnded() && owner() == null && command() == null;
  }

  private @Nullable ProcessIdentity process(String pid, String start, String boot) {
    return fields.integer(pid, 0) > 0 && fields.get(start) instanceof Number began
        ? new ProcessIdentity(
            fields.integer(pid, 0),
            began.longValue(),
            fields.string(boot),
            fields.string("pid_namespace"))
        : null;
  }

  /** Tell whether this deployment and one to that environment or stack exclude each other. */
  public boolean concerns(@Nullable String environment, @Nullable String stack) {
    String mine = stackName();
    return environment != null && environment.equals(environment())
        || stack != null && mine != null && plainStackName(stack).equals(plainStackName(mine));
  }

  /** Return the name in a stack's ARN, and a name as it is: both name one stack. */
  public static String plainStackName(String nameOrArn) {
    int name = nameOrArn.startsWith("arn:") ? nameOrArn.indexOf(":stack/") : -1;
    if (name < 0) {
      return nameOrArn;
    }
    String rest = nameOrArn.substring(name + ":stack/".length());
    int end = rest.indexOf('/');
    return end < 0 ? rest : rest.substring(0, end);
  }

  /** Return an entry that differs in one field; a null value removes it. */
  public Deployment with(String field, @Nullable Object value) {
    JsonObject changed = fields.copy();
    if (value == null) {
      changed.remove(field);
    } else {
      changed.put(field, value instanceof Instant time ? Timestamps.format(time) : value);
    }
    return new Deployment(changed, status, understood);
  }

  /** Return an entry in another status, changed now. */
  public Deployment with(DeploymentStatus changed, Instant now) {
    JsonObject copy = fields.copy().put("status", changed.name());
    return new Deployment(copy, changed, true).with("updated_at", now);
  }

  /** Return an entry owned by a process, by which others may later find that it has died. */
  public Deployment ownedBy(ProcessIdentity owner, String host) {
    return with("host", host)
        .with("pid", owner.pid())
        .with("process_start", owner.start())
        .with("boot_id", owner.bootId())
        .with("pid_namespace", owner.pidNamespace());
  }

  /** Return the entry as the file holds it; not to be changed. */
  public JsonObject toJson() {
    return fields;
  }

  /** A time that is no time counts as none: what it was to prove is then unproven. */
  private @Nullable Instant time(String name) {
    return Timestamps.read(fields.get(name));
  }

  @Override
  public String toString() {
    return fields.toString();
  }
}
