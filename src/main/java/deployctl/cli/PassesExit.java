package deployctl.cli;

import java.util.OptionalInt;

/** A command that runs another program, which follows {@code --}, and ends as that does. */
public interface PassesExit {
  /** Return the other program's exit code, or empty when it was not run to its end. */
  OptionalInt otherExit();
}
