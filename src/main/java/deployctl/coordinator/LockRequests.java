package deployctl.coordinator;

import deployctl.coordinator.lock.LockRequest;
import deployctl.coordinator.lock.LockTerms;
import deployctl.support.process.ExternalProgram.ProgramResult;
import deployctl.support.process.ExternalProgram.ProgramRunner;
import deployctl.support.time.Time;
import deployctl.target.Target;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/** Makes requests for the deployment lock from what the command line says. */
public final class LockRequests {
  private final ProgramRunner programs;
  private final Time time;
  private final RandomGenerator random;

  /** Make it. */
  public LockRequests(ProgramRunner programs, Time time, RandomGenerator random) {
    this.programs = programs;
    this.time = time;
    this.random = random;
  }

  /**
   * Return a request.
   *
   * @param command the command that asks, for the journal
   * @param stopping tells whether the process is ending, so that it must not get anything any more
   */
  public LockRequest of(
      String command,
      LockRequestOptions options,
      Target target,
      LockTerms terms,
      AtomicBoolean stopping) {
    return new LockRequest(
        command,
        options.correlationId(time.now(), random),
        options.workflowRunId(),
        target,
        options.commit(Optional::empty),
        terms,
        new LockRequest.LockAttempt(Long.toHexString(random.nextLong()), stopping::get));
  }

  /** Return the commit that is checked out, as git tells it; empty outside a repository. */
  public Optional<String> checkedOut() {
    return programs
        .run(List.of("git", "rev-parse", "HEAD"), Duration.ofSeconds(2))
        .filter(ProgramResult::ok)
        .map(result -> result.out().trim())
        .filter(text -> text.matches("[0-9a-f]{7,64}"));
  }
}
