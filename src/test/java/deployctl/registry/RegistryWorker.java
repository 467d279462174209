package deployctl.registry;

import deployctl.coordinator.TestCoordinators;
import deployctl.state.StateDocument;
import deployctl.state.file.FileDocument;
import deployctl.support.file.DurableWrite;
import deployctl.support.json.JsonObject;
import deployctl.support.time.SystemTime;
import deployctl.testing.JavaProcess;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A process that works on a registry, for tests that kill it; says on stdout what it has been told
 * is done.
 */
public final class RegistryWorker {
  private RegistryWorker() {}

  /** Arguments: mode, folder, count, prefix of ids. */
  public static void main(String[] args) throws Exception {
    String mode = args[0];
    Path folder = Path.of(args[1]);
    int count = Integer.parseInt(args[2]);
    String prefix = args[3];
    switch (mode) {
      case "register" -> register(safe(folder, new DurableWrite()), count, prefix);
      case "register-naive" -> register(new NaiveStore(folder), count, prefix);
      case "take-turns" -> takeTurns(safe(folder, new DurableWrite()), folder, count, prefix);
      case "take-turns-naive" -> takeTurns(new NaiveStore(folder), folder, count, prefix);
      case "halt-naive" -> {
        // What a write in place leaves when it is killed after the truncation.
        Files.write(folder.resolve("deployments.json"), new byte[0]);
        Runtime.getRuntime().halt(137);
      }
      case "hold-lock" -> {
        try (StateDocument.Turn turn = safe(folder, new DurableWrite()).beginTurn()) {
          System.out.println("locked");
          new SystemTime().sleep(Duration.ofMinutes(5));
        }
      }
      default -> {
        // "halt-at-SYNCED": the process ends at that step as if it had been killed there.
        DurableWrite.WriteStep step =
            DurableWrite.WriteStep.valueOf(mode.substring("halt-at-".length()));
        DurableWrite halting =
            new DurableWrite(
                passed -> {
                  if (passed == step) {
                    Runtime.getRuntime().halt(137);
                  }
                });
        register(safe(folder, halting), count, prefix);
      }
    }
  }

  private static StateDocument safe(Path folder, DurableWrite writer) {
    return new FileDocument(
        folder,
        "deployments.json",
        Duration.ofSeconds(60),
        new SystemTime(),
        new SplittableRandom(ProcessHandle.current().pid()),
        writer);
  }

  private static void register(StateDocument store, int count, String prefix) {
    Registry registry = new Registry(store, warning -> System.out.println("warning " + warning));
    for (int i = 0; i < count; i++) {
      String id = prefix + "-" + i;
      registry.update(
          document -> {
            document.put(entry(id));
            return id;
          });
      System.out.println("ok " + id + ";");
    }
  }

  /** Acquire and release through the coordinator; a file that only one may create referees. */
  private static void takeTurns(StateDocument store, Path folder, int count, String prefix)
      throws Exception {
    SystemTime time = new SystemTime();
    Path inside = folder.resolve("inside");
    SplittableRandom random = new SplittableRandom(ProcessHandle.current().pid());
    for (int i = 0; i < count; i++) {
      String id = prefix + "-" + i;
      while (!TestCoordinators.tryAcquire(store, id, time)) {
        // As real waiters do, not in a tight loop: a crowd that only spins measures the scheduler.
        time.sleep(Duration.ofMillis(5 + random.nextInt(100)));
      }
      try {
        Files.createFile(inside);
      } catch (FileAlreadyExistsException e) {
        System.out.println("overlap " + id);
      }
      Files.deleteIfExists(inside);
      TestCoordinators.release(store, id, time);
      System.out.println("ok " + id + ";");
    }
  }

  static Deployment entry(String id) {
    try {
      return Deployment.of(
          new JsonObject()
              .put("correlation_id", id)
              .put("environment", "env-" + id)
              .put("stack_name", "Stack")
              .put("status", "IN_PROGRESS")
              .put("updated_at", "2026-01-31T12:00:00Z"));
    } catch (deployctl.support.json.JsonException e) {
      throw new AssertionError(e);
    }
  }

  public static JavaProcess start(String mode, Path folder, int count, String prefix)
      throws IOException {
    return start(List.of(), mode, folder, count, prefix);
  }

  static JavaProcess start(List<String> before, String mode, Path folder, int count, String prefix)
      throws IOException {
    return JavaProcess.start(
        before, RegistryWorker.class, mode, folder.toString(), Integer.toString(count), prefix);
  }
}
