package deployctl.support.process;

import deployctl.support.env.Env;
import deployctl.support.text.Cleaning;
import deployctl.support.text.Masking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Names the machine and the user, without asking a name service. */
public final class Host {
  private Host() {}

  /** Return the machine's name, or "unknown". */
  public static String name(Env env) {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).trim();
    } catch (IOException e) {
      return env.get("HOSTNAME", "unknown");
    }
  }

  /** Return who runs the program: GitHub's actor in a workflow, else the user's name. */
  public static String actor(Env env) {
    String actor = env.get("GITHUB_ACTOR");
    String name =
        actor != null ? actor : env.get("USER", System.getProperty("user.name", "unknown"));
    return Cleaning.text(Masking.secrets(name));
  }
}
