package deployctl.coordinator.lock;

import deployctl.aws.cloudformation.ConsoleLinks;
import deployctl.aws.cloudformation.Stack;
import deployctl.cli.GithubActions;
import deployctl.coordinator.lock.LockTerms.LockOwner;
import deployctl.registry.CorrelationId;
import deployctl.registry.Deployment;
import deployctl.registry.DeploymentStatus;
import deployctl.support.env.Env;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonMasking;
import deployctl.support.json.JsonObject;
import deployctl.support.process.Host;
import deployctl.support.process.ProcessIdentity;
import deployctl.support.text.Masking;
import deployctl.target.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Writes the registry's entries: who asks, from where, for what. */
public final class DeploymentFactory {
  /** A reference of git's may be long; the hash of a commit has 64 characters at most. */
  private static final int LONGEST_COMMIT = 200;

  /** How long a ticket, or a lock that a process stays with, lasts without renewal. */
  public static final Duration SHORT_LEASE = Duration.ofMinutes(2);

  /** How long a lock that nobody but a monitor stays with lasts without renewal. */
  public static final Duration WATCHED_LEASE = Duration.ofMinutes(30);

  /** What an earlier holding of the same deployment left. */
  private static final List<String> FORGOTTEN =
      List.of(
          "held_by",
          "command_pid",
          "command_process_start",
          "command_boot_id",
          "command_exit_code",
          "operation_status",
          "operation_ended_at");

  private final Env env;
  private final Supplier<@Nullable String> region;
  private final RandomGenerator random;

  /**
   * Make a writer that takes the job's and the user's names from {@code env}.
   *
   * @param region the region that new entries name, null where it is the SDK's to find; asked for
   *     at the first use
   */
  public DeploymentFactory(Env env, Supplier<@Nullable String> region, RandomGenerator random) {
    this.env = env;
    this.region = region;
    this.random = random;
  }

  /** Return the region that new entries name, or null when it is the SDK's to find. */
  @Nullable String region() {
    return region.get();
  }

  /** Return a ticket that waits, owned by this process. */
  Deployment ticket(LockRequest request, Instant now) {
    return base(request)
        .with("attempt", request.attempt().nonce())
        .with(DeploymentStatus.QUEUED, now)
        .with("queued_at", now)
        .with("lease_expires_at", now.plus(SHORT_LEASE))
        .ownedBy(ProcessIdentity.current(), Host.name(env));
  }

  /**
   * Return an entry that holds the lock from now on.
   *
   * @param ticket the ticket that it grows from, or null
   */
  Deployment holder(
      LockRequest request, @Nullable Deployment ticket, long fencingToken, Instant now) {
    Deployment entry = ticket == null ? base(request) : ticket;
    entry =
        entry
            .with("attempt", request.attempt().nonce())
            .with(DeploymentStatus.IN_PROGRESS, now)
            .with("started_at", now)
            .with("lease_expires_at", now.plus(request.terms().lease()))
            .with("fencing_token", fencingToken);
    entry = forgetting(entry);
    if (request.terms().owner() != LockOwner.NOBODY) {
      return owned(entry, request.terms(), now);
    }
    // The process that registers ends at once: its death says nothing about the deployment.
    return entry
        .with("host", Host.name(env))
        .with("pid", null)
        .with("process_start", null)
        .with("boot_id", null)
        .with("pid_namespace", null);
  }

  /** Return an entry that this process stays with from now on. */
  Deployment owned(Deployment entry, LockTerms terms, Instant now) {
    return forgetting(entry)
        .with("held_by", terms.owner() == LockOwner.RUN ? Deployment.HELD_BY_RUN : null)
        .with("lease_expires_at", now.plus(terms.lease()))
        .ownedBy(ProcessIdentity.current(), Host.name(env));
  }

  private static Deployment forgetting(Deployment entry) {
    Deployment kept = entry;
    for (String field : FORGOTTEN) {
      kept = kept.with(field, null);
    }
    return kept;
  }

  /** Return an entry for a deployment that CloudFormation shows and nobody registered. */
  Deployment found(Target target, Stack stack, long fencingToken, Instant now) {
    Instant began = stack.operationStartedAt();
    Instant start = began == null ? now : began;
    String id = CorrelationId.create(start, random);
    LockRequest request =
        new LockRequest(
            "coordinator repair",
            id,
            null,
            target,
            null,
            new LockTerms(Deployment.DEFAULT_LEASE, GateAllowances.ALL, LockOwner.NOBODY),
            LockRequest.LockAttempt.of(random));
    // Nobody knows whose it is: not the job's that repairs.
    return holder(request, null, fencingToken, now)
        .with("started_at", start)
        .with("workflow_run_id", null)
        .with("github_run_url", null)
        .with("commit", null)
        .with("actor", null)
        .with("attempt", null)
        // Nobody is behind it but CloudFormation: it ends when that does.
        .with("lease_expires_at", now)
        .with("recovered", true);
  }

  private Deployment base(LockRequest request) {
    Target target = request.target();
    String run =
        request.workflowRunId() != null ? request.workflowRunId() : env.get("GITHUB_RUN_ID");
    String commit = request.commit() != null ? request.commit() : env.get("GITHUB_SHA");
    JsonObject fields =
        new JsonObject()
            .put("correlation_id", request.correlationId())
            .put("workflow_run_id", run)
            .put("environment", target.environment())
            .put("stack_name", target.stackName())
            .put("status", DeploymentStatus.QUEUED.name())
            .putIfKnown("region", region())
            // Whatever was typed there is kept for all to read.
            .putIfKnown("commit", commit == null ? null : Masking.line(commit, LONGEST_COMMIT))
            .put("actor", Host.actor(env))
            .putIfKnown("github_run_url", GithubActions.runUrl(env, run))
            .putIfKnown("aws_console_url", ConsoleLinks.stack(region(), target.stackName()));
    try {
      // All may read what comes from a workflow's variables and the command line.
      return Deployment.of(JsonMasking.object(fields));
    } catch (JsonException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
