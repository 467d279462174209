package deployctl.cli;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Switches the terminal's echo off and on, by {@code stty(1)}. */
final class HiddenInput {
  private HiddenInput() {}

  /** Stop showing what is typed; returns whether that was possible. */
  static boolean hide() {
    return stty("-echo");
  }

  /** Show again what is typed. */
  static void show() {
    stty("echo");
  }

  private static boolean stty(String word) {
    try {
      Process process =
          new ProcessBuilder("stty", word)
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(2, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
