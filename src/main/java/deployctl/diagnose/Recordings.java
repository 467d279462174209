package deployctl.diagnose;

/** Puts a recording between the program and the rest of the world. */
public interface Recordings {
  /** Keep every answer in a folder. */
  void record(String folder);

  /** Answer from a folder, at the time of the recording. */
  void replay(String folder);
}
