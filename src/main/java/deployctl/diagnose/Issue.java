package deployctl.diagnose;

/** One of the things that can be wrong. */
interface Issue {
  /** Look, and add what is found to the examination. */
  void examine(Examination run);
}
