package deployctl.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import deployctl.aws.AwsGateways;
import deployctl.aws.client.Gateway;
import deployctl.aws.cloudformation.Stacks;
import deployctl.cli.Command;
import deployctl.cli.Terminal;
import deployctl.slack.Slack;
import deployctl.support.env.Env;
import deployctl.testing.FakeTime;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * A command that talks to AWS or Slack starts from an archive that holds those classes: the
 * launcher has to name it, and a rehearsal has to have trained the archive on it.
 */
class LauncherListTest {
  private static final Path ROOT = Path.of(System.getProperty("deployctl.root", "."));

  /** May talk to one of them, and mostly does not: the local archive serves them better. */
  private static final Set<String> SELDOM =
      Set.of(
          // Asks CloudFormation only where the registry cannot be used.
          "coordinator get-active",
          // What they take could ask; they do not.
          "coordinator release",
          "estimator reset",
          // Tells Slack when it gives up.
          "recovery run",
          // Only 'process' sends; the others look into the folder.
          "retry-queue status",
          "retry-queue list",
          "retry-queue show",
          "retry-queue queue",
          "retry-queue dead-letters list",
          "retry-queue dead-letters show",
          "retry-queue dead-letters requeue",
          "retry-queue dead-letters purge");

  /**
   * Each of them would bring 1.5 to 2 MB of classes into the archive that all commands of AWS start
   * from: those that a pipeline calls at each step would pay for what lives for half an hour, or
   * asks AWS thirty things.
   */
  private static final Set<String> TOO_BROAD =
      Set.of(
          "coordinator run",
          "monitor run",
          "diagnose all",
          "diagnose preflight",
          "diagnose escalation");

  private static Map<String, Command> commands() {
    Platform platform =
        new Platform(
            Platform.Processes.real(List.of("deployctl"), null),
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            OutputStream.nullOutputStream(),
            Terminal.none(),
            Env.of(Map.of()),
            new FakeTime("2026-01-31T12:00:00Z"),
            new SplittableRandom(1),
            action -> () -> {});
    Map<String, Command> commands = new TreeMap<>();
    collect("", new Application(platform).tree(), commands);
    return commands;
  }

  private static void collect(String path, CommandLine line, Map<String, Command> commands) {
    if (line.getCommandSpec().userObject() instanceof Command command) {
      commands.put(path.strip(), command);
    }
    Set<CommandLine> children = new HashSet<>(line.getSubcommands().values());
    for (CommandLine child : children) {
      collect(path + " " + child.getCommandName(), child, commands);
    }
  }

  /** Return whether an object of a class can reach a type through what constructors take. */
  private static boolean reaches(Class<?> from, Set<Class<?>> wanted, Set<Class<?>> seen) {
    if (wanted.stream().anyMatch(type -> type.isAssignableFrom(from))) {
      return true;
    }
    if (!from.getName().startsWith("deployctl.") || !seen.add(from)) {
      return false;
    }
    Set<Class<?>> taken = new HashSet<>();
    for (Constructor<?> constructor : from.getDeclaredConstructors()) {
      for (Type type : constructor.getGenericParameterTypes()) {
        named(type, taken);
      }
    }
    return taken.stream().anyMatch(type -> reaches(type, wanted, seen));
  }

  private static void named(Type type, Set<Class<?>> taken) {
    if (type instanceof Class<?> plain) {
      taken.add(plain);
    } else if (type instanceof ParameterizedType generic) {
      named(generic.getRawType(), taken);
      for (Type argument : generic.getActualTypeArguments()) {
        named(argument, taken);
      }
    } else if (type instanceof WildcardType wildcard) {
      for (Type bound : wildcard.getUpperBounds()) {
        named(bound, taken);
      }
    }
  }

  /** Ask the launcher itself: all of it but the start of the JVM. */
  private static String kind(String command) throws IOException {
    String launcher = Files.readString(ROOT.resolve("src/main/dist/bin/deployctl"));
    int start = launcher.indexOf("exec \"$home/runtime");
    String asking = launcher.substring(0, start) + "echo \"$kind\"\n";
    List<String> argv = new java.util.ArrayList<>(List.of("sh", "-c", asking, "sh"));
    argv.addAll(List.of(command.split(" ")));
    Process process = new ProcessBuilder(argv).start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    return said;
  }

  @Test
  void aCommandThatTalksToAwsOrSlackIsNamedByTheLauncher() throws IOException {
    Map<String, String> wrong = new TreeMap<>();
    for (Map.Entry<String, Command> one : commands().entrySet()) {
      Class<?> type = one.getValue().getClass();
      boolean aws =
          reaches(type, Set.of(Stacks.class, AwsGateways.class, Gateway.class), new HashSet<>());
      boolean slack = reaches(type, Set.of(Slack.class), new HashSet<>());
      String kind = kind(one.getKey());
      if ((aws || slack) && kind.equals("local") && !SELDOM.contains(one.getKey())) {
        wrong.put(one.getKey(), (aws ? "aws " : "") + (slack ? "slack" : ""));
      }
    }
    assertEquals(Map.of(), wrong);
  }

  @Test
  void whatTheLauncherNamesIsRehearsed() throws IOException {
    Set<String> missing = new TreeSet<>();
    for (String command : commands().keySet()) {
      String kind = kind(command);
      boolean rehearsed =
          Files.readAllLines(ROOT.resolve("src/build/rehearsal-" + kind + ".txt")).stream()
              .anyMatch(line -> (line + " ").contains(" " + command + " "));
      if (!kind.equals("local") && !rehearsed && !TOO_BROAD.contains(command)) {
        missing.add(kind + ": " + command);
      }
    }
    assertEquals(Set.of(), missing);
  }
}
