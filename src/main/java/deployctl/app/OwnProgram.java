package deployctl.app;

import deployctl.cli.GlobalOptions;
import java.util.ArrayList;
import java.util.List;

/** The words that start this program again with the same global options. */
final class OwnProgram {
  private OwnProgram() {}

  static List<String> of(Platform platform, GlobalOptions options) {
    List<String> argv = new ArrayList<>(platform.processes().program());
    argv.addAll(options.argv());
    return argv;
  }
}
