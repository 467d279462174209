package deployctl.registry;

import deployctl.support.process.ProcessIdentity;
import deployctl.support.time.Timestamps;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether an entry in progress keeps its lock, as far as that can be told without asking AWS:
 * decided in {@link Deployment#hold}. All that answer about a lock answer from there, so that no
 * two of them contradict each other: the gate, the rules of taking and taking over, the renewal by
 * a monitor, the refusal of {@code cleanup} and {@code release} ({@link Deployment#checkNotAlive}),
 * the stuck queue (which alone may know from GitHub that a workflow run is over) and {@code reset}.
 * A lock that is {@link #freeable} is free only once nothing was seen at work on its stack.
 */
public enum HoldState {
  /** Its run, or the command that its run started, lives on this machine: nobody frees it. */
  ALIVE,
  /** Its lease runs, and nothing says that it is over. */
  LEASED,
  /** The process that stayed with it is dead for certain, and so is the command that it started. */
  DEAD,
  /** A monitor saw its operation end a while ago, and nobody has finished it since. */
  ENDED,
  /** Its lease ran out, and nobody is known to live. */
  EXPIRED,
  /** Its lease says a time that cannot be, and nobody is known to live. */
  DISBELIEVED;

  /** Return why an entry is in this state, for the middle of a sentence. */
  public String describe(Deployment entry) {
    Instant lease = entry.leaseExpiresAt();
    return switch (this) {
      case ALIVE -> alive(entry);
      case LEASED -> "its lease runs until " + Timestamps.format(lease);
      case DEAD -> "its process is not running any more" + pid(entry);
      case ENDED ->
          "its operation ended"
              + (entry.operationStatus() == null ? "" : " with " + entry.operationStatus())
              + time(entry.operationEndedAt());
      case DISBELIEVED ->
          "its lease says " + Timestamps.format(lease) + ", too far ahead to be believed";
      case EXPIRED -> "its lease ran out" + (lease.equals(Instant.EPOCH) ? "" : time(lease));
    };
  }

  private static String alive(Deployment entry) {
    ProcessIdentity owner = entry.owner();
    ProcessIdentity command = entry.command();
    return owner != null && owner.runsHere() || command == null
        ? "its process runs on this machine" + pid(entry)
        : "its run is gone and the command that it started lives on this machine ('kill -- -"
            + command.pid()
            + "' ends it)";
  }

  private static String pid(Deployment entry) {
    ProcessIdentity owner = entry.owner();
    ProcessIdentity command = entry.command();
    return (owner == null ? "" : " (pid " + owner.pid())
        + (owner == null || command == null ? "" : ", its command " + command.pid())
        + (owner == null ? "" : ")");
  }

  private static String time(@Nullable Instant at) {
    return at == null ? "" : " at " + Timestamps.format(at);
  }

  /** Tell whether the lock is free as soon as its stack is seen idle. */
  public boolean freeable() {
    return this == DEAD || this == ENDED || this == EXPIRED || this == DISBELIEVED;
  }
}
