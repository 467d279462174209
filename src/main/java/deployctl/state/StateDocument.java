package deployctl.state;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One document that many processes share and change.
 *
 * <p>The contract, which one test checks on every implementation:
 *
 * <ul>
 *   <li>{@link #read} never blocks on a writer and returns a document as some writer wrote it,
 *       whole.
 *   <li>{@link #compareAndSet} writes only when the document is still the one that was read, and is
 *       durable when it returns true. Of several that start from one version, exactly one succeeds.
 *   <li>A kill at any moment leaves the old document or the new one.
 *   <li>{@link #beginTurn} is for fairness and speed only: correctness never rests on it, so that a
 *       store without locks (an object store with conditional writes) can return a turn that does
 *       nothing.
 * </ul>
 */
public interface StateDocument {
  /**
   * How large, in bytes, one that grows by what is added may become: some forty thousand
   * deployments. What changes in it is written all the same, and what is read may be a third
   * larger.
   */
  int FULL = 24 << 20;

  /** The right to go next; closing it lets others go. */
  interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Return the document, or empty when none was ever written.
   *
   * @throws StateUnavailable when it is there but cannot be read
   */
  Optional<StateObject> read();

  /**
   * Replace the document, keeping the replaced one as the last good generation.
   *
   * @param expected the version that was read; null when there was no document
   * @return false when the document is not that one any more, and nothing was written
   * @throws StateUnavailable when it cannot be written; the old content is then still in place
   */
  boolean compareAndSet(@Nullable String expected, byte[] content);

  /**
   * Wait for the turn to read and write, at most ten seconds.
   *
   * @throws StateUnavailable when another holds it longer
   */
  Turn beginTurn();

  /** Return the content before the last write, or empty when there is none that can be read. */
  Optional<byte[]> lastGeneration();

  /**
   * Write a document in place of one that is damaged, which is kept under another name, unchanged.
   * A kill in between loses neither.
   *
   * @param mark part of the name that the damaged one gets
   * @return where the damaged one is
   * @throws StateUnavailable when it cannot be written
   */
  String replaceDamaged(byte[] content, String mark);

  /** Return where the document lives, for messages. */
  String location();
}
