package deployctl.support.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DurableWriteTest {
  @TempDir Path folder;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void goesThroughEveryStepInOrderBeforeItReturns() throws IOException {
    List<DurableWrite.WriteStep> steps = new ArrayList<>();
    Path file = folder.resolve("f");
    new DurableWrite(steps::add).replace(file, bytes("new"), null);
    assertEquals(List.of(DurableWrite.WriteStep.values()), steps);
  }

  @Test
  void keepsTheReplacedContentAsTheBackup() throws IOException {
    Path file = folder.resolve("f");
    Path backup = folder.resolve("f.bak");
    DurableWrite write = new DurableWrite();
    write.replace(file, bytes("one"), backup);
    assertFalse(Files.exists(backup));
    write.replace(file, bytes("two"), backup);
    write.replace(file, bytes("three"), backup);
    assertEquals("three", Files.readString(file));
    assertEquals("two", Files.readString(backup));
    assertEquals(List.of("f", "f.bak"), names());
  }

  @ParameterizedTest
  @EnumSource(
      value = DurableWrite.WriteStep.class,
      names = {"CREATED", "WRITTEN", "SYNCED", "BACKED_UP"})
  void aFailureBeforeTheRenameLeavesTheOldContentAndNoLitter(DurableWrite.WriteStep failing)
      throws IOException {
    Path file = folder.resolve("f");
    new DurableWrite().replace(file, bytes("old"), null);
    DurableWrite broken =
        new DurableWrite(
            step -> {
              if (step == failing) {
                throw new IOException("No space left on device");
              }
            });
    assertThrows(IOException.class, () -> broken.replace(file, bytes("new"), null));
    assertArrayEquals(bytes("old"), Files.readAllBytes(file));
    assertEquals(List.of("f"), names());
  }

  @Test
  void removesWhatAKilledWriterLeft() throws IOException {
    Path file = folder.resolve("f");
    Files.writeString(folder.resolve(".f.123abc.tmp"), "half");
    Files.writeString(folder.resolve(".g.123abc.tmp"), "another file's");
    new DurableWrite().replace(file, bytes("new"), null);
    assertEquals(List.of(".g.123abc.tmp", "f"), names());
  }

  @Test
  void createsANameOnceInTheSameSteps() throws IOException {
    List<DurableWrite.WriteStep> steps = new ArrayList<>();
    Path file = folder.resolve("f");
    assertTrue(new DurableWrite(steps::add).create(file, bytes("one")));
    assertEquals(List.of(DurableWrite.WriteStep.values()), steps);
    assertFalse(new DurableWrite().create(file, bytes("two")));
    assertEquals("one", Files.readString(file));
    assertEquals(List.of("f"), names());
  }

  /**
   * Whoever is told that a message was not written sends it otherwise: it must not go out twice.
   */
  @ParameterizedTest
  @EnumSource(
      value = DurableWrite.WriteStep.class,
      names = {"DURABLE"},
      mode = EnumSource.Mode.EXCLUDE)
  void whatCouldNotBeCreatedIsNotThere(DurableWrite.WriteStep failing) throws IOException {
    DurableWrite write =
        new DurableWrite(
            step -> {
              if (step == failing) {
                throw new IOException("no space left");
              }
            });
    assertThrows(IOException.class, () -> write.create(folder.resolve("f"), bytes("one")));
    assertEquals(List.of(), names());
  }
}
