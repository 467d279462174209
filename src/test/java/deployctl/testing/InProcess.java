package deployctl.testing;

import deployctl.app.Application;
import deployctl.app.Platform;
import deployctl.cli.Terminal;
import deployctl.registry.Registry;
import deployctl.state.file.FileStateStore;
import deployctl.state.file.FolderRules;
import deployctl.support.env.Env;
import deployctl.support.process.Child;
import deployctl.support.process.Detached;
import deployctl.support.process.Shutdown;
import deployctl.support.time.SystemTime;
import deployctl.support.time.Time;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Runs the program inside the test, with a world of the test's choice. */
public final class InProcess {
  public final FakeTime time = new FakeTime("2026-01-31T12:00:00Z");
  public final Map<String, String> env = new LinkedHashMap<>();
  private final Path folder;
  private Terminal terminal = Terminal.none();
  private Time clock = time;
  private String input = "";
  private Child.@Nullable ChildStarter children;
  private Detached.@Nullable DetachedStarter detached;
  private List<String> program = List.of("deployctl");
  private Shutdown.Hooks shutdown = action -> () -> {};

  public InProcess(Path folder) {
    this.folder = folder;
    env.put("REGISTRY_DIR", registryFolder().toString());
    env.put("AWS_ACCESS_KEY_ID", "test");
    env.put("AWS_SECRET_ACCESS_KEY", "test");
    env.put("AWS_REGION", "us-east-1");
    env.put("USER", "operator");
    env.put("SLACK_RETRY_QUEUE_DIR", queueFolder().toString());
    env.put("SLACK_API_URL", "http://127.0.0.1:1/api/");
    // Nothing listens there: a test that talks to AWS says where.
    env.put("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
  }

  public InProcess aws(ScriptedAws aws) {
    env.put("AWS_ENDPOINT_URL", aws.url());
    return this;
  }

  public InProcess terminal(Terminal found) {
    terminal = found;
    return this;
  }

  /** Type something at the questions that the program asks. */
  public InProcess typing(String text) {
    input = text;
    return this;
  }

  public InProcess realTime() {
    clock = new SystemTime();
    return this;
  }

  public Path registryFolder() {
    return folder.resolve("registry");
  }

  public Path queueFolder() {
    return folder.resolve("queue");
  }

  public Path registryFile() {
    return registryFolder().resolve("deployments.json");
  }

  /** Return the registry as another process has it, to change it while a command runs. */
  public Registry registry() {
    return new Registry(
        new FileStateStore(
                registryFolder(), FolderRules.registry(), new SystemTime(), new SplittableRandom(7))
            .document(Registry.NAME),
        warning -> {});
  }

  public String registryText() {
    try {
      return Files.readString(registryFile());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  public void writeRegistry(String text) {
    try {
      Files.createDirectories(registryFolder());
      Files.writeString(registryFile(), text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  public CliRun run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit = run(out, err, args);
    return new CliRun(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private Platform.Processes processes() {
    Platform.Processes real = Platform.Processes.real(program, env.get("PATH"));
    Child.ChildStarter fake = children;
    Detached.DetachedStarter fakeDetached = detached;
    return new Platform.Processes(
        program,
        fake == null ? real.children() : () -> fake,
        fakeDetached == null ? real.detached() : fakeDetached);
  }

  /** Start what is to outlive the program as {@code starter} does. */
  public InProcess detached(Detached.DetachedStarter starter) {
    detached = starter;
    return this;
  }

  /** Start commands as {@code starter} does, and not as the operating system would. */
  public InProcess children(Child.ChildStarter starter) {
    children = starter;
    return this;
  }

  /** Have {@code hooks} hear what is to be done when the process is told to end. */
  public InProcess shutdown(Shutdown.Hooks hooks) {
    shutdown = hooks;
    return this;
  }

  public int run(OutputStream out, OutputStream err, String... args) {
    Platform platform =
        new Platform(
            processes(),
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            out,
            err,
            terminal,
            Env.of(env),
            clock,
            new SplittableRandom(42),
            shutdown);
    return new Application(platform).run(args);
  }
}
