package deployctl.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * Programs that some tests need. Where one is missing they are skipped and say so, and fail where
 * it is required.
 */
public final class Tools {
  private Tools() {}

  /**
   * Go on if {@code program} is on the PATH.
   *
   * <p>{@code DEPLOYCTL_TEST_REQUIRE}, a list with commas, names the programs without which the
   * tests must fail.
   */
  public static void need(String program) {
    if (isThere(program)) {
      return;
    }
    String required = String.valueOf(System.getenv("DEPLOYCTL_TEST_REQUIRE"));
    if (Arrays.asList(required.split(",", -1)).contains(program)) {
      throw new AssertionError(program + " is required here and is not on the PATH");
    }
    System.err.println("skipped, because " + program + " is not on the PATH");
    Assumptions.abort(program + " is not on the PATH");
  }

  /** The prefix of a command that the kernel kills at its {@code when}th {@code call}. */
  public static List<String> killedAt(String call, int when) {
    return injected(call, "signal=SIGKILL:when=" + when);
  }

  /** The prefix of a command whose {@code when}th {@code call} fails. */
  public static List<String> failingAt(String call, String error, int when) {
    return injected(call, "error=" + error + ":when=" + when);
  }

  private static List<String> injected(String call, String what) {
    need("strace");
    return List.of(
        "strace",
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        "trace=" + call,
        "-e",
        "inject=" + call + ":" + what);
  }

  private static boolean isThere(String program) {
    return Arrays.stream(String.valueOf(System.getenv("PATH")).split(":", -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(program)));
  }
}
