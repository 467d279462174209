package deployctl.registry;

import deployctl.state.StateDocument;
import deployctl.state.StateObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The store with every protection taken out: no lock, no comparison, the file truncated and written
 * in place. The tests of the promises must fail on it, or they prove nothing.
 */
final class NaiveStore implements StateDocument {
  private final Path file;

  NaiveStore(Path folder) {
    this.file = folder.resolve("deployments.json");
  }

  @Override
  public Optional<StateObject> read() {
    try {
      byte[] content = Files.readAllBytes(file);
      return content.length == 0
          ? Optional.empty()
          : Optional.of(new StateObject(content, "any", Instant.EPOCH));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean compareAndSet(@Nullable String expected, byte[] content) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, content);
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Turn beginTurn() {
    return () -> {};
  }

  @Override
  public Optional<byte[]> lastGeneration() {
    return Optional.empty();
  }

  @Override
  public String replaceDamaged(byte[] content, String mark) {
    throw new AssertionError("not used");
  }

  @Override
  public String location() {
    return file.toString();
  }
}
