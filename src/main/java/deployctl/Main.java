package deployctl;

import deployctl.app.Application;

/** Starts the program. */
public final class Main {
  private Main() {}

  /** Run the command that the arguments name and exit with its code. */
  public static void main(String[] args) {
    System.exit(Application.ofProcess().run(args));
  }
}
