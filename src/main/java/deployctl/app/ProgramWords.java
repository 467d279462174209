package deployctl.app;

import deployctl.cli.GlobalOptions;
import java.util.ArrayList;
import java.util.List;

/** The words that start this program again with the same global options. */
final class ProgramWords {
  private ProgramWords() {}

  static List<String> of(Platform platform, GlobalOptions options) {
    List<String> words = new ArrayList<>(platform.program());
    words.addAll(options.words());
    return words;
  }
}
