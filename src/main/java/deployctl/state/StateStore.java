package deployctl.state;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One place in which everything is kept that several processes, or several machines, share: a
 * folder, or a prefix of a bucket.
 *
 * <p>A name is a path of parts of {@code [A-Za-z0-9._@-]}, between slashes, below that place. The
 * contract, which one test checks on every implementation:
 *
 * <ul>
 *   <li>What is read is whole, as some writer wrote it; what a method reports as written outlives a
 *       kill and a power cut. Logs promise less, see {@link StateLog}.
 *   <li>{@link #create} succeeds for one of many that try the same name at once.
 *   <li>{@link #remove} and {@link #move} only tidy, and {@link #list} only finds: who may do what
 *       is decided by {@link #document}, {@link #create} and {@link #claim}.
 *   <li>A place that is not there is empty. It is made with the first thing that is written.
 * </ul>
 *
 * <p>Every method throws {@link StateUnavailable} when the place gives no answer; an answer "not
 * there" is never a guess.
 */
public interface StateStore {
  /** Return the document of a name, which need not exist. */
  StateDocument document(String name);

  /** Return the log of a name, which need not exist. */
  StateLog log(String name);

  /**
   * Return what is kept under a name, or empty for nothing.
   *
   * @throws StateUnavailable of reason CORRUPT when it is something that holds no bytes, such as a
   *     folder or a pipe
   */
  Optional<StateObject> read(String name);

  /** Tell whether anything is kept under a name. */
  boolean exists(String name);

  /**
   * Write something under a name that is free; returns false, and writes nothing, when it is not.
   */
  boolean create(String name, byte[] content);

  /**
   * Write something under a name, in place of what may be there. For names that only one process
   * writes at a time.
   */
  void put(String name, byte[] content);

  /** Remove what is kept under a name; returns false when there is nothing. */
  boolean remove(String name);

  /** Give something another name, which must be free; returns false when it is gone. */
  boolean move(String from, String to);

  /**
   * Return the names directly under one place that begin with {@code prefix}, whole, in no order:
   * {@code monitors/} lists what lies in {@code monitors}, {@code msg_} what begins so at the top.
   * Names below a listed one are not told apart: it is told once. What writers have not finished is
   * left out.
   */
  List<String> list(String prefix);

  /**
   * Take a name for this process alone.
   *
   * @param timeout how long to wait for another that has it
   * @return the claim, or empty when another keeps it
   */
  Optional<Claim> claim(String name, Duration timeout);

  /**
   * Return who has a claim, for a message: such as "process 123 (java, stopped)", or "another
   * process" where that cannot be told. A guess; it may have changed meanwhile.
   */
  String claimant(String name);

  /** Tell whether the place exists, whatever is in it. */
  boolean exists();

  /** Tell whether the place takes changes, as far as that can be told without making one. */
  boolean writable();

  /** Remove what writers that were killed have left unfinished, where there can be such. */
  void tidy();

  /**
   * Remove what writers that were killed have left unfinished beside the things of a folder, in
   * which nobody but the caller writes.
   *
   * @param folder ends with a slash
   */
  void tidy(String folder);

  /**
   * Look whether a document can be used, for a diagnosis; see {@link StateCheck}.
   *
   * <p>Nothing is changed. The content of the document is not looked at.
   */
  List<StateCheck> inspect(String name);

  /**
   * Look whether a writer gets its turn at a document, as the check "lock". It takes as long as a
   * writer waits for another, so it is only asked for a document that can be used otherwise.
   */
  StateCheck inspectTurn(String name);

  /** Return what helps when a document was found unusable for a reason of the place's own. */
  StateCheck.StateFault fault(String name, StateUnavailable.Reason reason);

  /** Return where a name lives, for messages; an empty name is the place itself. */
  String location(String name);
}
