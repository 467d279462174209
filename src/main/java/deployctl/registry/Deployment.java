package deployctl.registry;

import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
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

  private final JsonObject fields;
  private final DeploymentStatus status;

  private Deployment(JsonObject fields, DeploymentStatus status) {
    this.fields = fields;
    this.status = status;
  }

  /**
   * Read an entry as the file holds it.
   *
   * @throws JsonException when it names no deployment, no known status or no place, or a time is no
   *     time
   */
  public static Deployment of(JsonObject fields) throws JsonException {
    String id = fields.string("correlation_id");
    if (id == null || !CorrelationId.isValid(id)) {
      throw new JsonException("an entry has no valid correlation_id");
    }
    DeploymentStatus status = DeploymentStatus.find(fields.string("status"));
    if (status == null) {
      throw new JsonException("entry " + id + " has the unknown status " + fields.get("status"));
    }
    if (fields.string("environment") == null && fields.string("stack_name") == null) {
      throw new JsonException("entry " + id + " names neither an environment nor a stack");
    }
    if (!status.finished()) {
      checkTimes(id, fields);
    }
    return new Deployment(fields, status);
  }

  private static void checkTimes(String id, JsonObject fields) throws JsonException {
    for (String name : TIMES) {
      Object value = fields.get(name);
      if (value != null && !(value instanceof String text && Timestamps.parse(text) != null)) {
        throw new JsonException("entry " + id + " has a " + name + " that is no time");
      }
    }
  }

  private static final String[] TIMES = {
    "queued_at", "started_at", "updated_at", "finished_at", "lease_expires_at"
  };

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

  /** Return when it got its place, or null when it waits or the file does not say. */
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

  /** Return the number that grew with this acquisition; 0 for an entry of an old file. */
  public long fencingToken() {
    return fields.integer("fencing_token", 0);
  }

  /**
   * Return until when the owner need not be heard of: its lease, else two hours from the last time
   * known.
   */
  public Instant leaseExpiresAt() {
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

  /** Tell whether the lease has run out. */
  public boolean leaseExpired(Instant now) {
    return !leaseExpiresAt().isAfter(now);
  }

  /**
   * Tell whether the process that owns the entry is known to be gone; false when that cannot be
   * told from here.
   */
  public boolean ownerDead() {
    return fields.integer("pid", 0) > 0
        && fields.get("process_start") instanceof Number start
        && new ProcessIdentity(
                fields.integer("pid", 0),
                start.longValue(),
                fields.string("boot_id"),
                fields.string("pid_namespace"))
            .certainlyDead();
  }

  /** Tell whether this deployment and one to that environment or stack exclude each other. */
  public boolean concerns(@Nullable String environment, @Nullable String stack) {
    return environment != null && environment.equals(environment())
        || stack != null && stack.equals(stackName());
  }

  /** Return an entry that differs in one field; a null value removes it. */
  public Deployment with(String field, @Nullable Object value) {
    JsonObject changed = fields.copy();
    if (value == null) {
      changed.remove(field);
    } else {
      changed.put(field, value instanceof Instant time ? Timestamps.format(time) : value);
    }
    return new Deployment(changed, status);
  }

  /** Return an entry in another status, changed now. */
  public Deployment with(DeploymentStatus changed, Instant now) {
    JsonObject copy = fields.copy().put("status", changed.name());
    return new Deployment(copy, changed).with("updated_at", now);
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

  private @Nullable Instant time(String name) {
    String text = fields.string(name);
    return text == null ? null : Timestamps.parse(text);
  }

  @Override
  public String toString() {
    return fields.toString();
  }
}
