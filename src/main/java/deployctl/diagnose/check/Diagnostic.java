package deployctl.diagnose.check;

/** One of the things that can be wrong. */
public interface Diagnostic {
  /** Look, and add what is found to the examination. */
  void examine(DiagnosisRun run);
}
