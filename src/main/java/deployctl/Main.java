package deployctl;

import deployctl.app.Application;
import deployctl.support.process.Exit;

/** Starts the program. */
public final class Main {
  private Main() {}

  /** Run the command that the arguments name and exit with its code. */
  public static void main(String[] args) {
    Exit.with(Application.ofProcess().run(args));
  }
}
