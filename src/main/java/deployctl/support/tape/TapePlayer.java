package deployctl.support.tape;

import deployctl.support.Failure;
import deployctl.support.file.FileErrors;
import deployctl.support.file.RegularFile;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import deployctl.support.text.Masking;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plays a recording: each question gets the answer that it got at the same moment of the recording.
 * Nothing else is asked.
 */
public final class TapePlayer implements Tape {
  private static final int MOST_MEBIBYTES = 32;

  private final Path folder;
  private final Map<String, List<Kept>> answers = new HashMap<>();
  private final Instant recordedAt;
  private @Nullable Time time;

  private record Kept(long afterMillis, RecordedAnswer answer) {}

  /**
   * Open a recording.
   *
   * @throws Failure when there is none, or it cannot be read
   */
  public TapePlayer(Path folder) {
    this.folder = folder;
    Path manifest = folder.resolve(TapeRecorder.MANIFEST);
    if (!Files.exists(manifest)) {
      throw Failure.usage(
          folder + " is no recording: there is no " + TapeRecorder.MANIFEST,
          "Make one with 'deployctl diagnose <issue> --record " + folder + "'");
    }
    try {
      Instant at = Timestamps.read(read(manifest).get("recorded_at"));
      this.recordedAt = at == null ? Instant.EPOCH : at;
      List<Path> files = new ArrayList<>();
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "[0-9]*.json")) {
        found.forEach(files::add);
      }
      files.sort(null);
      for (Path file : files) {
        add(read(file));
      }
    } catch (IOException e) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          folder + " cannot be read: " + FileErrors.reason(e),
          "Check the permissions",
          e);
    }
  }

  /** Return when it was recorded: the time that it is to be played at. */
  public Instant recordedAt() {
    return recordedAt;
  }

  /** Take the clock by which the moments of the recording are told; without one, all are first. */
  public void follow(Time clock) {
    time = clock;
  }

  /** Return the first answer to an operation, whatever was asked exactly; null for none. */
  public @Nullable RecordedAnswer any(String operation) {
    return answers.entrySet().stream()
        .filter(entry -> entry.getKey().split(" ", 3)[1].equals(operation))
        .map(entry -> entry.getValue().get(0).answer())
        .findFirst()
        .orElse(null);
  }

  @Override
  public RecordedAnswer play(RecordedRequest request) throws IOException {
    List<Kept> kept = answers.get(key(request.service(), request.operation(), request.body()));
    if (kept == null) {
      throw new NoAnswer("the recording in " + folder + " has no answer to " + request.operation());
    }
    Time clock = time;
    long now =
        clock == null ? 0 : Math.max(0, Duration.between(recordedAt, clock.now()).toMillis());
    RecordedAnswer answer = kept.get(0).answer();
    for (Kept one : kept) {
      if (one.afterMillis() <= now) {
        answer = one.answer();
      }
    }
    return answer;
  }

  @Override
  public void keep(RecordedRequest request, RecordedAnswer answer) {
    // What is played is kept already.
  }

  private void add(JsonObject json) {
    String body = String.valueOf(json.string("body"));
    String type = json.string("content_type");
    answers
        .computeIfAbsent(
            key(
                String.valueOf(json.string("service")),
                String.valueOf(json.string("operation")),
                String.valueOf(json.string("request"))),
            key -> new ArrayList<>())
        .add(
            new Kept(
                json.integer("after_ms", 0),
                new RecordedAnswer(
                    (int) json.integer("status", 200),
                    type == null ? "" : type,
                    body,
                    json.string("scopes"))));
  }

  /**
   * The same question: what only says from when to when is left out, for it moves with the clock.
   */
  private static String key(String service, String operation, String body) {
    String still =
        Masking.secrets(body)
            .replaceAll("\"(startTime|endTime|clientRequestToken)\":(\\d+|\"[^\"]*\"),?", "")
            .replaceAll("(^|&)(Duration|StartTime|EndTime|oldest)=[^&]*", "");
    return service + " " + operation + " " + still;
  }

  private static JsonObject read(Path file) throws IOException {
    try {
      return Json.parseObject(RegularFile.read(file, MOST_MEBIBYTES));
    } catch (JsonException e) {
      throw new IOException(file.getFileName() + " is damaged: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean closed() {
    return true;
  }
}
