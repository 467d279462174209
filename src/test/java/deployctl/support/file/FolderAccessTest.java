package deployctl.support.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import deployctl.state.file.FileStateStore;
import deployctl.state.file.FolderRules;
import deployctl.support.time.SystemTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and folders have the rights that their folder's owner asked for. */
class FolderAccessTest {
  private static final byte[] BYTES = {1};

  @TempDir Path temp;

  private Path folder(String mode) throws IOException {
    Path folder = Files.createDirectory(temp.resolve(mode));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
    return folder;
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static String modeOfNewFile(Path folder) throws IOException {
    Path file = folder.resolve("file");
    RegularFile.openOwn(file).close();
    return mode(file);
  }

  @Test
  void aNewFileIsItsOwnersUnlessTheFolderIsTheGroups() throws IOException {
    assertEquals("rw-------", modeOfNewFile(folder("rwxr-xr-x")));
    assertEquals("rw-------", modeOfNewFile(folder("rwxr-xrwx")));
    assertEquals("rw-r-----", modeOfNewFile(folder("rwxr-x---")));
    assertEquals("rw-rw----", modeOfNewFile(folder("rwxrwxr-x")));
    assertEquals("rw-rw----", modeOfNewFile(folder("rwxrwx---")));
  }

  @Test
  void aNewFolderIsForAllToLookInAndTheGroupsToWorkInWhereTheOneAboveIs() throws IOException {
    Path own = folder("rwxr-xr-x").resolve("a/b");
    FolderAccess.makeFolder(own);
    assertEquals("rwxr-xr-x", mode(own));
    Path shared = folder("rwxrwx---").resolve("a/b");
    FolderAccess.makeFolder(shared);
    assertEquals("rwxrwxr-x", mode(shared));
    FolderAccess.makeFolder(shared);
  }

  /** Without it what a member makes in a folder below would not be the group's. */
  @Test
  void theBitThatHandsTheGroupOnStays() throws IOException {
    Path shared = folder("rwxrwx---");
    Files.setAttribute(shared, "unix:mode", 02770);
    FolderAccess.makeFolder(shared.resolve("a"));
    assertEquals(02775, (int) Files.getAttribute(shared.resolve("a"), "unix:mode") & 07777);
  }

  @Test
  void whatMonitorsKnowIsTheirOwners() throws IOException {
    Path registry = folder("rwxr-xr-x");
    FileStateStore store =
        new FileStateStore(
            registry, FolderRules.registry(), new SystemTime(), new SplittableRandom(1));
    store.document("monitors/1.json").compareAndSet(null, BYTES);
    store.document("monitors/1.json").compareAndSet(version(store), BYTES);
    store.document("deployments.json").compareAndSet(null, BYTES);
    assertEquals("rw-------", mode(registry.resolve("monitors/1.json")));
    assertEquals("rw-------", mode(registry.resolve("monitors/1.json.bak")));
    assertEquals("rw-r--r--", mode(registry.resolve("deployments.json")));
  }

  private static String version(FileStateStore store) {
    return store.document("monitors/1.json").read().orElseThrow().version();
  }
}
