package deployctl.support.tape;

import deployctl.support.Failure;
import deployctl.support.file.FileErrors;
import deployctl.support.json.Json;
import deployctl.support.json.JsonObject;
import deployctl.support.text.Masking;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** Keeps every answer as a file of its own, with what is secret masked. */
public final class TapeRecorder implements Tape {
  static final String MANIFEST = "recording.json";
  private static final String END = ".json";

  private final Path folder;
  private final BinaryOperator<String> masking;
  private final Time time;
  private final Instant begun;
  private int count;

  /**
   * Make a recorder.
   *
   * @param folder made when it is missing; a recording that it holds is replaced
   * @param masking from an operation and the answer to it to what may be kept of the answer
   * @throws Failure when the folder cannot be written, or holds something else
   */
  public TapeRecorder(Path folder, Time time, BinaryOperator<String> masking) {
    this.folder = folder;
    this.masking = masking;
    this.time = time;
    this.begun = time.now();
    try {
      Files.createDirectories(folder);
      if (!Files.exists(folder.resolve(MANIFEST)) && !isEmpty()) {
        throw Failure.usage(
            folder + " holds files that are no recording", "Choose an empty or a new folder");
      }
      clear();
      Files.writeString(
          folder.resolve(MANIFEST),
          Json.pretty(new JsonObject().put("recorded_at", Timestamps.format(begun))) + "\n");
    } catch (IOException e) {
      throw cannot(e);
    }
  }

  @Override
  public @Nullable RecordedAnswer play(RecordedRequest request) {
    return null;
  }

  @Override
  public synchronized void keep(RecordedRequest request, RecordedAnswer answer) {
    count++;
    String number = String.valueOf(10_000 + count).substring(1);
    Path file = folder.resolve(number + "-" + request.service() + "-" + request.operation() + END);
    JsonObject json =
        new JsonObject()
            .put("service", request.service())
            .put("operation", request.operation())
            .put("request", Masking.secrets(request.body()))
            .put("after_ms", Duration.between(begun, time.now()).toMillis())
            .put("status", answer.status())
            .put("content_type", answer.contentType())
            .putIfKnown("scopes", answer.scopes())
            .put("body", masking.apply(request.operation(), answer.body()));
    try {
      Files.write(file, (Json.pretty(json) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw cannot(e);
    }
  }

  private boolean isEmpty() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      return !files.iterator().hasNext();
    }
  }

  private void clear() throws IOException {
    try (DirectoryStream<Path> old = Files.newDirectoryStream(folder, "*" + END)) {
      for (Path file : old) {
        Files.delete(file);
      }
    }
  }

  private Failure cannot(IOException e) {
    return new Failure(
        Failure.FailureKind.FAILED,
        "The recording cannot be written to " + folder + ": " + FileErrors.reason(e),
        "Check the space and the permissions, or leave --record out",
        e);
  }

  @Override
  public boolean closed() {
    return false;
  }
}
