package deployctl.state.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import deployctl.state.StateStore;
import deployctl.state.StateStoreContract;
import deployctl.state.StateUnavailable;
import deployctl.support.time.SystemTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStateStoreTest {
  @TempDir Path folder;

  private StateStore open(FolderRules rules) {
    return new FileStateStore(
        folder.resolve("state"), rules, new SystemTime(), new SplittableRandom(1));
  }

  @Nested
  class OfTheRegistry extends StateStoreContract {
    @Override
    protected StateStore store() {
      return FileStateStoreTest.this.open(FolderRules.registry());
    }
  }

  @Nested
  class OfTheQueue extends StateStoreContract {
    @Override
    protected StateStore store() {
      return FileStateStoreTest.this.open(FolderRules.queue());
    }
  }

  @Test
  void theQueueIsItsOwnersAlone() throws IOException {
    StateStore store = open(FolderRules.queue());
    store.create("msg_1.json", new byte[] {1});
    store.put(".state/lanes/C1.json", new byte[] {1});
    store.document("queue.json").compareAndSet(null, new byte[] {1});
    store.claim(".state/lanes/C1.lock", java.time.Duration.ZERO).orElseThrow().close();
    try (Stream<Path> all = Files.walk(folder.resolve("state"))) {
      for (Path path : all.toList()) {
        assertEquals(
            Files.isDirectory(path) ? "rwx------" : "rw-------",
            PosixFilePermissions.toString(Files.getPosixFilePermissions(path)),
            path.toString());
      }
    }
  }

  @Test
  void whatAKilledWriterLeftInAFolderIsTidiedAway() throws IOException {
    StateStore store = open(FolderRules.registry());
    store.create("backups/1/msg_1.json", new byte[] {1});
    Path within = folder.resolve("state/backups/1");
    Files.writeString(within.resolve(".msg_2.json.1f.tmp"), "half");
    store.tidy("backups/1/");
    store.tidy("backups/2/");
    try (Stream<Path> left = Files.list(within)) {
      assertEquals(List.of(within.resolve("msg_1.json")), left.toList());
    }
  }

  @Test
  void nothingOutsideTheFolderIsReached() {
    StateStore store = open(FolderRules.queue());
    for (String name : new String[] {"../x.json", "a/../../x.json", "/etc/passwd"}) {
      assertThrows(IllegalArgumentException.class, () -> store.read(name), name);
    }
  }

  @Test
  void aFolderInPlaceOfAFileIsToldAndNotRead() throws IOException {
    Files.createDirectories(folder.resolve("state").resolve("a.json"));
    StateUnavailable failure =
        assertThrows(StateUnavailable.class, () -> open(FolderRules.registry()).read("a.json"));
    assertEquals(StateUnavailable.Reason.CORRUPT, failure.reason());
  }

  @Test
  void aFileInPlaceOfTheFolderIsNoEmptyStore() throws IOException {
    Files.writeString(folder.resolve("state"), "not a folder", StandardCharsets.UTF_8);
    StateStore store = open(FolderRules.queue());
    StateUnavailable failure = assertThrows(StateUnavailable.class, () -> store.list(""));
    assertEquals(
        "Choose another folder with --queue-dir, or move the file away", failure.nextStep());
    assertFalse(store.exists("a.json"));
  }

  /** As {@code --registry-dir .} gives it. */
  @Test
  void aRelativeFolderMayBeTheCurrentOne() {
    for (String current : new String[] {".", "", "x/.."}) {
      StateStore store =
          new FileStateStore(
              Path.of(current), FolderRules.registry(), new SystemTime(), new SplittableRandom(1));
      assertEquals(java.util.Optional.empty(), store.read("there-is-no-such.json"), current);
      assertThrows(IllegalArgumentException.class, () -> store.read("../above.json"), current);
    }
  }
}
