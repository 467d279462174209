package deployctl.state.s3;

import deployctl.state.StateLog;
import deployctl.state.StateObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Lines in a bucket, an object each, under the day and the time of the service: nobody waits for
 * another, and listing has them in their order.
 */
final class S3Log implements StateLog {
  private static final DateTimeFormatter KEY =
      DateTimeFormatter.ofPattern("yyyy-MM-dd/HHmmss.SSS").withZone(ZoneOffset.UTC);

  private static final AtomicInteger COUNT = new AtomicInteger();

  private static final AtomicReference<Instant> LAST = new AtomicReference<>(Instant.EPOCH);

  private final S3StateStore store;
  private final String name;
  private final String folder;
  private final S3Asking asking;

  /** Make a log, whose lines lie in the folder of its name without the ending. */
  S3Log(S3StateStore store, String name, S3Asking asking) {
    this.store = store;
    this.name = name;
    this.folder = name.replaceFirst("\\.[a-z]+$", "") + "/";
    this.asking = asking;
  }

  @Override
  public void append(String line) {
    // What is known of the service's time may become less late with an answer; the lines' order
    // does not.
    Instant now =
        LAST.accumulateAndGet(asking.now(), (one, other) -> one.isAfter(other) ? one : other);
    // Of lines of one moment the count keeps the order, and chance keeps two processes apart.
    String key =
        String.format(
            "%s%s-%04d%04x.json",
            folder,
            KEY.format(now),
            COUNT.getAndIncrement() % 10_000,
            ThreadLocalRandom.current().nextInt(1 << 16));
    store.put(key, line.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public List<String> tail(int most) {
    List<String> newest = new ArrayList<>();
    List<String> days = new ArrayList<>(store.list(folder));
    days.sort(Collections.reverseOrder());
    for (String day : days) {
      if (newest.size() >= most) {
        break;
      }
      List<String> keys = new ArrayList<>(store.list(day + "/"));
      keys.sort(Collections.reverseOrder());
      for (String key : keys) {
        if (newest.size() >= most) {
          break;
        }
        Optional<StateObject> line = store.read(key);
        line.ifPresent(l -> newest.add(new String(l.content(), StandardCharsets.UTF_8)));
      }
    }
    Collections.reverse(newest);
    return newest;
  }

  @Override
  public String location() {
    return store.location(name);
  }
}
