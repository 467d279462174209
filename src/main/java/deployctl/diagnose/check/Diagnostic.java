package deployctl.diagnose.check;

import java.util.Set;

/**
 * One of the things that can be wrong: what it is called, what it heeds, and how it is looked at.
 */
public interface Diagnostic {
  /** The order of what is not part of {@code diagnose all}. */
  int ALONE = -1;

  /** Return the word for it on the command line. */
  String name();

  /** Return one line for the help. */
  String summary();

  /**
   * Return where it stands in {@code diagnose all}, counted from 0: what explains others comes
   * first. {@link #ALONE} for what is not part of it.
   */
  int order();

  /** Return the options that it heeds besides those of every diagnosis. */
  default Set<DiagnosticOption> options() {
    return Set.of();
  }

  /** Tell whether it reads AWS's messages by the rules. */
  default boolean usesRules() {
    return false;
  }

  /** Tell whether {@code --fix} can mend something of what it finds. */
  default boolean fixes() {
    return true;
  }

  /** Look, and add what is found to the run. */
  void inspect(DiagnosisRun run);
}
