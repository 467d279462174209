package deployctl.support.tape;

import deployctl.support.Failure;
import deployctl.support.file.FileErrors;
import deployctl.support.file.FolderAccess;
import deployctl.support.file.LocalFile;
import deployctl.support.json.Json;
import deployctl.support.json.JsonObject;
import deployctl.support.text.Masking;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Keeps every answer as a file of its own, with what is secret masked. */
public final class TapeRecorder implements Tape {
  static final String MANIFEST = "recording.json";

  /** What its files are called: a number, the service, the operation. */
  private static final Pattern OWN = Pattern.compile("\\d{4,}-[A-Za-z0-9_]+-[A-Za-z0-9_.]+\\.json");

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
      FolderAccess.makeFolder(folder);
      clear();
      LocalFile.of(folder.resolve(MANIFEST).toString())
          .write(Json.pretty(new JsonObject().put("recorded_at", Timestamps.format(begun))) + "\n");
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
    Path file =
        folder.resolve(number + "-" + request.service() + "-" + request.operation() + ".json");
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
      LocalFile.of(file.toString()).write(Json.pretty(json) + "\n");
    } catch (IOException e) {
      throw cannot(e);
    }
  }

  /** Remove an earlier recording; a folder that holds anything else is somebody else's. */
  private void clear() throws IOException {
    List<Path> own = new ArrayList<>();
    try (DirectoryStream<Path> old = Files.newDirectoryStream(folder)) {
      for (Path file : old) {
        String name = String.valueOf(file.getFileName());
        boolean ours = name.equals(MANIFEST) || OWN.matcher(name).matches();
        if (!ours || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          throw Failure.usage(
              folder + " holds files that are no recording", "Choose an empty or a new folder");
        }
        own.add(file);
      }
    }
    if (!own.isEmpty() && !own.contains(folder.resolve(MANIFEST))) {
      throw Failure.usage(
          folder + " holds files that are no recording", "Choose an empty or a new folder");
    }
    for (Path file : own) {
      Files.delete(file);
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
