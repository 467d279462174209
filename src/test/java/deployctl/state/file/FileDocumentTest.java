package deployctl.state.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.registry.RegistryWorker;
import deployctl.state.StateDocument;
import deployctl.state.StateDocumentContract;
import deployctl.state.StateUnavailable;
import deployctl.support.file.DurableWrite;
import deployctl.support.time.SystemTime;
import deployctl.testing.JavaProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDocumentTest extends StateDocumentContract {
  @TempDir Path temporary;

  @Override
  protected StateDocument document() {
    return store(new DurableWrite());
  }

  private Path folder() {
    return temporary.resolve("registry");
  }

  private Path file() {
    return folder().resolve("deployments.json");
  }

  private FileDocument store(DurableWrite writer) {
    return new FileDocument(
        folder(),
        "deployments.json",
        Duration.ofSeconds(10),
        new SystemTime(),
        new SplittableRandom(1),
        writer);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static StateUnavailable.Reason reasonOf(Runnable action) {
    return assertThrows(StateUnavailable.class, action::run).reason();
  }

  @Test
  void makesTheFolderAndAFileThatOthersMayRead() throws IOException {
    assertTrue(document().compareAndSet(null, bytes("{}")));
    assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
  }

  @Test
  void reportsAFolderInTheFilesPlace() throws IOException {
    Files.createDirectories(file());
    assertEquals(StateUnavailable.Reason.NOT_READABLE, reasonOf(() -> document().read()));
  }

  @Test
  void reportsALinkToNowhereAndLeavesIt() throws IOException {
    Files.createDirectories(folder());
    Files.createSymbolicLink(file(), temporary.resolve("unmounted"));
    assertEquals(StateUnavailable.Reason.NOT_READABLE, reasonOf(() -> document().read()));
    assertTrue(Files.isSymbolicLink(file()));
  }

  @Test
  void writesBehindALinkInsteadOfReplacingIt() throws IOException {
    Path real =
        Files.writeString(
            Files.createDirectories(temporary.resolve("elsewhere")).resolve("r.json"), "one");
    Files.createDirectories(folder());
    Files.createSymbolicLink(file(), real);
    StateDocument store = document();
    assertTrue(store.compareAndSet(store.read().orElseThrow().version(), bytes("two")));
    assertTrue(Files.isSymbolicLink(file()));
    assertEquals("two", Files.readString(real));
  }

  @Test
  void allWhoComeThroughLinksShareOneLock() throws Exception {
    Path real = Files.createDirectories(temporary.resolve("elsewhere")).resolve("r.json");
    Files.writeString(real, "0");
    Files.createDirectories(folder());
    Files.createSymbolicLink(file(), real);
    Path other = Files.createDirectories(temporary.resolve("other"));
    Files.createSymbolicLink(other.resolve("deployments.json"), real);
    FileDocument second =
        new FileDocument(
            other,
            "deployments.json",
            Duration.ofSeconds(10),
            new SystemTime(),
            new SplittableRandom(1),
            new DurableWrite());
    try (StateDocument.Turn turn = document().beginTurn()) {
      Process locked =
          new ProcessBuilder(
                  "grep",
                  "-c",
                  ":" + Files.getAttribute(real.resolveSibling(".r.json.lock"), "unix:ino") + " ",
                  "/proc/locks")
              .start();
      assertEquals(0, locked.waitFor());
    }
    assertTrue(second.compareAndSet(second.read().orElseThrow().version(), bytes("1")));
    assertEquals("1", Files.readString(real));
    assertEquals("0", Files.readString(real.resolveSibling("r.json.bak")));
    assertFalse(Files.exists(other.resolve(".deployments.json.lock")));
  }

  @Test
  void aRepairThatFailsLeavesTheDamagedFileInItsPlace() throws IOException {
    Files.createDirectories(folder());
    Files.writeString(file(), "damaged");
    for (DurableWrite.WriteStep step :
        new DurableWrite.WriteStep[] {
          DurableWrite.WriteStep.CREATED,
          DurableWrite.WriteStep.WRITTEN,
          DurableWrite.WriteStep.SYNCED
        }) {
      FileDocument failing =
          store(
              new DurableWrite(
                  passed -> {
                    if (passed == step) {
                      throw new IOException("No space left on device");
                    }
                  }));
      assertThrows(StateUnavailable.class, () -> failing.replaceDamaged(bytes("new"), "mark"));
      assertEquals("damaged", Files.readString(file()));
    }
    Path aside = Path.of(document().replaceDamaged(bytes("new"), "mark"));
    assertEquals("damaged", Files.readString(aside));
    assertEquals("new", Files.readString(file()));
  }

  @Test
  void aFolderInTheFilesPlaceIsPutAside() throws IOException {
    Files.createDirectories(file());
    Path aside = Path.of(document().replaceDamaged(bytes("new"), "mark"));
    assertTrue(Files.isDirectory(aside));
    assertEquals("new", Files.readString(file()));
  }

  @Test
  void aFileInTheFoldersPlaceIsReported() throws IOException {
    Files.writeString(folder(), "a file");
    assertEquals(
        StateUnavailable.Reason.NOT_WRITABLE,
        reasonOf(() -> document().compareAndSet(null, bytes("x"))));
  }

  @Test
  void aFullDiskLeavesTheOldContentAndNamesThePath() {
    StateDocument store = document();
    assertTrue(store.compareAndSet(null, bytes("old")));
    FileDocument full =
        store(
            new DurableWrite(
                step -> {
                  if (step == DurableWrite.WriteStep.WRITTEN) {
                    throw new IOException("No space left on device");
                  }
                }));
    String version = store.read().orElseThrow().version();
    StateUnavailable e =
        assertThrows(StateUnavailable.class, () -> full.compareAndSet(version, bytes("new")));
    assertEquals(StateUnavailable.Reason.NOT_WRITABLE, e.reason());
    assertTrue(e.what().contains(file().toString()), e.what());
    assertTrue(e.what().contains("no space left on device"), e.what());
    assertEquals("old", new String(store.read().orElseThrow().content(), StandardCharsets.UTF_8));
  }

  @Test
  void noticesAChangeThatAnotherToolMadeInPlace() throws IOException {
    StateDocument store = document();
    assertTrue(store.compareAndSet(null, bytes("one")));
    String version = store.read().orElseThrow().version();
    Files.writeString(file(), "two by hand");
    assertFalse(store.compareAndSet(version, bytes("three")));
  }

  @Test
  void givesUpOnALockThatAStoppedProcessHolds() throws Exception {
    Files.createDirectories(folder());
    try (JavaProcess holder = RegistryWorker.start("hold-lock", folder(), 1, "x")) {
      assertEquals("locked", holder.nextLine());
      holder.signal("STOP");
      FileDocument impatient =
          new FileDocument(
              folder(),
              "deployments.json",
              Duration.ofMillis(300),
              new SystemTime(),
              new SplittableRandom(1),
              new DurableWrite());
      StateUnavailable e =
          assertThrows(StateUnavailable.class, () -> impatient.compareAndSet(null, bytes("x")));
      assertEquals(StateUnavailable.Reason.LOCKED, e.reason());
      assertTrue(e.what().contains("process " + holder.pid() + " (java, stopped)"), e.what());
      assertTrue(impatient.read().isEmpty(), "readers do not wait");
      holder.signal("KILL");
      holder.waitFor();
      assertTrue(impatient.compareAndSet(null, bytes("free again")));
    }
  }
}
