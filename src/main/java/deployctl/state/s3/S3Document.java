package deployctl.state.s3;

import deployctl.state.StateDocument;
import deployctl.state.StateObject;
import deployctl.state.StateUnavailable;
import deployctl.state.StateUnavailable.Reason;
import deployctl.state.WriteStamp;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A document in a bucket, written on the condition that it is still the one that was read. It is
 * never removed.
 *
 * <p>Where an answer was lost, or says that the condition did not hold, the write may have been
 * done all the same: by a try before. So it is looked for, by the stamp that every write carries:
 * {@link WriteStamp}. Only what is found to be another's is a refusal.
 */
final class S3Document implements StateDocument {
  private static final String READ = "s3:GetObject and s3:ListBucket";
  private static final String WRITE = "s3:PutObject and s3:GetObject";

  private static final String BACKUP = ".bak";

  private final S3Client client;
  private final S3Asking asking;
  private final S3Location place;
  private final String name;

  /** What was read last, or written: asked for anew on the condition that it has changed. */
  private @Nullable StateObject last;

  private int losses;

  S3Document(S3Client client, S3Asking asking, S3Location place, String name) {
    this.client = client;
    this.asking = asking;
    this.place = place;
    this.name = name;
  }

  @Override
  public synchronized Optional<StateObject> read() {
    StateObject known = last;
    S3Answer answer =
        asking.read(
            name, READ, () -> client.get(place.key(name), known == null ? null : known.version()));
    if (answer.missing()) {
      last = null;
      return Optional.empty();
    }
    if (answer.status() == 304 && known != null) {
      return Optional.of(known);
    }
    last = object(answer);
    return Optional.of(last);
  }

  private static StateObject object(S3Answer answer) {
    return new StateObject(
        answer.body(),
        String.valueOf(answer.etag()),
        answer.lastModified() == null ? Instant.EPOCH : answer.lastModified());
  }

  /**
   * Replace the document; see {@link StateDocument}.
   *
   * @param content a JSON object with the stamp of this write
   * @throws StateUnavailable also when it cannot be told whether it was written
   */
  @Override
  public synchronized boolean compareAndSet(@Nullable String expected, byte[] content) {
    StateObject before = last;
    if (!write(expected, content)) {
      losses++;
      asking.waitAfterLoss(losses);
      return false;
    }
    losses = 0;
    if (before != null && before.version().equals(expected)) {
      // Worth having, and nothing rests on it.
      asking.write(() -> client.put(place.key(name + BACKUP), before.content()));
    }
    return true;
  }

  private boolean write(@Nullable String expected, byte[] content) {
    WriteStamp mine = stamp(content);
    if (mine.equals(WriteStamp.NONE)) {
      throw new IllegalArgumentException(place.url(name) + " is written without a stamp");
    }
    S3Asking.Outcome outcome = put(expected, content);
    StateObject there = null;
    if (!isDone(outcome)) {
      there = settled(outcome);
      if (isRefused(outcome) && there != null && there.version().equals(expected)) {
        // Refused, and as it was: the store knows its ETags by another spelling.
        client.spellOtherwise();
        outcome = put(expected, content);
        there = isDone(outcome) ? null : settled(outcome);
      }
    }
    S3Answer answer = outcome.answer();
    if (answer != null && answer.done()) {
      last = new StateObject(content, String.valueOf(answer.etag()), asking.now());
      return true;
    }
    return isMine(mine, expected, there, outcome);
  }

  private S3Asking.Outcome put(@Nullable String expected, byte[] content) {
    String key = place.key(name);
    return asking.write(
        () ->
            expected == null
                ? client.create(key, content)
                : client.replace(key, content, expected));
  }

  private static boolean isDone(S3Asking.Outcome outcome) {
    return outcome.answer() != null && outcome.answer().done();
  }

  private static boolean isRefused(S3Asking.Outcome outcome) {
    return outcome.answer() != null && outcome.answer().refused();
  }

  /** Read what is there after a write of which it is not known whether it got through. */
  private @Nullable StateObject settled(S3Asking.Outcome outcome) {
    S3Answer answer = outcome.answer();
    if (answer != null && !answer.refused() && !answer.missing()) {
      throw asking.refused(Reason.NOT_WRITABLE, name, "written", WRITE, answer);
    }
    last = null;
    S3Answer read = asking.readPatiently(name, READ, () -> client.get(place.key(name), null));
    if (read.missing()) {
      return null;
    }
    last = object(read);
    return last;
  }

  /**
   * Tell whether a write got through, by the stamp of what is there.
   *
   * @throws StateUnavailable when it cannot be told
   */
  private boolean isMine(
      WriteStamp mine,
      @Nullable String expected,
      @Nullable StateObject there,
      S3Asking.Outcome outcome) {
    WriteStamp stamp = there == null ? WriteStamp.NONE : stamp(there.content());
    if (stamp.includes(mine)) {
      return true;
    }
    boolean changed = !Objects.equals(expected, there == null ? null : there.version());
    if (changed && (stamp.equals(WriteStamp.NONE) || stamp.remembers(mine))) {
      // Another's: a try of mine that lands late finds its condition gone.
      return false;
    }
    if (!changed && outcome.certain() && outcome.answer() == null) {
      throw new StateUnavailable(
          Reason.NOT_WRITABLE,
          place.url(name) + " cannot be written: " + outcome.why(),
          "Try again");
    }
    if (!changed && expected == null && outcome.answer() != null) {
      return false;
    }
    throw new StateUnavailable(
        Reason.NOT_WRITABLE,
        place.url(name)
            + " may have been written, and may not: "
            + (outcome.why().isEmpty() ? "S3 refused, and it is as it was" : outcome.why()),
        "Look at what is there (deployctl coordinator get-active), then try again");
  }

  private static WriteStamp stamp(byte[] content) {
    try {
      return WriteStamp.of(Json.parseObject(content));
    } catch (JsonException e) {
      return WriteStamp.NONE;
    }
  }

  /** Nothing to wait for: the condition decides who wins. */
  @Override
  public Turn beginTurn() {
    return () -> {};
  }

  @Override
  public Optional<byte[]> lastGeneration() {
    String backup = name + BACKUP;
    S3Answer answer = asking.read(backup, READ, () -> client.get(place.key(backup), null));
    return answer.missing() ? Optional.empty() : Optional.of(answer.body());
  }

  @Override
  public synchronized String replaceDamaged(byte[] content, String mark) {
    Optional<StateObject> damaged = read();
    String aside = name + ".corrupt-" + mark;
    if (damaged.isPresent()) {
      S3Asking.Outcome kept =
          asking.write(() -> client.put(place.key(aside), damaged.get().content()));
      if (kept.answer() == null || !kept.answer().done()) {
        throw new StateUnavailable(
            Reason.NOT_WRITABLE,
            place.url(aside) + " cannot be written: " + kept.why(),
            "Check the permissions; the damaged document is as it was");
      }
    }
    if (!write(damaged.map(StateObject::version).orElse(null), content)) {
      throw new StateUnavailable(
          Reason.LOCKED, location() + " was changed meanwhile", "Look at it, then try again");
    }
    return place.url(aside);
  }

  @Override
  public String location() {
    return place.url(name);
  }
}
