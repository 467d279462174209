package deployctl.state;

import java.util.List;

/**
 * Lines that are only ever added, by many processes at once; none is mixed with another.
 *
 * <p>A line that was added outlives its writer's kill. The newest may be lost in a power cut, and a
 * full disk may cut the last one short: a log tells what was done, and decides nothing.
 */
public interface StateLog {
  /**
   * Add a line.
   *
   * @param line without its end
   * @throws StateUnavailable when it cannot be written
   */
  void append(String line);

  /**
   * Return the lines, oldest first; none when there is no log or it cannot be read.
   *
   * @param most how many of the newest at most
   */
  List<String> tail(int most);

  /** Return where the log lives, for messages. */
  String location();
}
