package deployctl.state.s3;

import deployctl.state.Claim;
import deployctl.state.StateCheck;
import deployctl.state.StateCheck.StateCheckStatus;
import deployctl.state.StateDocument;
import deployctl.state.StateLog;
import deployctl.state.StateObject;
import deployctl.state.StateStore;
import deployctl.state.StateUnavailable;
import deployctl.state.StateUnavailable.Reason;
import deployctl.support.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * State under a prefix of a bucket. What decides is a condition on a write; listing finds, removing
 * tidies.
 *
 * <p>Claims are of this machine's processes alone, and kept by another store: between machines it
 * is documents that decide.
 */
public final class S3StateStore implements StateStore {
  private static final String READ = "s3:GetObject and s3:ListBucket";
  private static final String LIST = "s3:ListBucket";
  private static final String WRITE = "s3:PutObject";
  private static final String REMOVE = "s3:DeleteObject";

  private final S3Client client;
  private final S3Asking asking;
  private final S3Location place;
  private final StateStore machine;
  private final Map<String, StateDocument> documents = new ConcurrentHashMap<>();

  /**
   * Make a store.
   *
   * @param machine keeps the claims of this machine's processes
   */
  public S3StateStore(
      S3Connection connection,
      S3Location place,
      StateStore machine,
      Time time,
      RandomGenerator random) {
    ServiceClock.MachineClocks clocks = MachineTime.of(time);
    ServiceClock clock = new ServiceClock(clocks);
    this.client = new S3Client(connection, place.bucket(), clock, clocks);
    this.asking = new S3Asking(place, clock, time, random);
    this.place = place;
    this.machine = machine;
  }

  @Override
  public StateDocument document(String name) {
    return documents.computeIfAbsent(name, n -> new S3Document(client, asking, place, n));
  }

  @Override
  public StateLog log(String name) {
    return new S3Log(this, name, asking);
  }

  @Override
  public Optional<StateObject> read(String name) {
    S3Answer answer = asking.read(name, READ, () -> client.get(place.key(name), null));
    return answer.missing()
        ? Optional.empty()
        : Optional.of(
            new StateObject(
                answer.body(),
                String.valueOf(answer.etag()),
                answer.lastModified() == null ? Instant.EPOCH : answer.lastModified()));
  }

  @Override
  public boolean exists(String name) {
    return read(name).isPresent();
  }

  @Override
  public boolean create(String name, byte[] content) {
    S3Asking.Outcome outcome = asking.write(() -> client.create(place.key(name), content));
    S3Answer answer = outcome.answer();
    if (answer != null && answer.done()) {
      return true;
    }
    if (answer != null && answer.refused() && outcome.certain()) {
      return false;
    }
    if (answer != null && !answer.refused()) {
      throw asking.refused(Reason.NOT_WRITABLE, name, "written", WRITE, answer);
    }
    // A try before may have been done, and its answer lost.
    Optional<StateObject> there = read(name);
    if (there.isPresent()) {
      return Arrays.equals(there.get().content(), content);
    }
    throw unknown(name, "written", outcome);
  }

  @Override
  public void put(String name, byte[] content) {
    change(name, "written", WRITE, () -> client.put(place.key(name), content));
  }

  @Override
  public boolean remove(String name) {
    if (!exists(name)) {
      return false;
    }
    change(name, "removed", REMOVE, () -> client.delete(place.key(name)));
    return true;
  }

  /** Change something that others do not change at the same time, until S3 says that it is done. */
  private void change(String name, String what, String permission, S3Asking.Request request) {
    S3Asking.Outcome outcome = asking.write(request);
    S3Answer answer = outcome.answer();
    if (answer == null) {
      throw unknown(name, what, outcome);
    }
    if (!answer.done()) {
      throw asking.refused(Reason.NOT_WRITABLE, name, what, permission, answer);
    }
  }

  private StateUnavailable unknown(String name, String what, S3Asking.Outcome outcome) {
    return new StateUnavailable(
        Reason.NOT_WRITABLE,
        place.url(name) + " may have been " + what + ", and may not: " + outcome.why(),
        "Check the network, then try again");
  }

  @Override
  public boolean move(String from, String to) {
    Optional<StateObject> there = read(from);
    if (there.isEmpty()) {
      return false;
    }
    if (!create(to, there.get().content())) {
      // What is there is another's, and what would be moved stays.
      throw new StateUnavailable(
          Reason.NOT_WRITABLE, place.url(to) + " is taken", "Look at it, and move it away");
    }
    remove(from);
    return true;
  }

  @Override
  public List<String> list(String prefix) {
    List<String> names = new ArrayList<>();
    Set<String> tokens = new HashSet<>();
    @Nullable String next = null;
    do {
      S3Xml.Page page = page(prefix, next);
      page.keys().forEach(key -> add(names, prefix, key));
      page.prefixes().forEach(key -> add(names, prefix, key.substring(0, key.length() - 1)));
      next = page.next();
      if (next != null && !tokens.add(next)) {
        throw new StateUnavailable(
            Reason.NOT_READABLE,
            "The list of " + place.url(prefix) + " does not come to an end",
            "Try again; if it stays so, look at what answers in S3's place");
      }
    } while (next != null);
    return names;
  }

  private S3Xml.Page page(String prefix, @Nullable String next) {
    S3Answer answer = asking.read(prefix, LIST, () -> client.list(place.key(prefix), next));
    try {
      return S3Xml.page(answer.body());
    } catch (IOException e) {
      throw new StateUnavailable(
          Reason.NOT_READABLE,
          place.url(prefix) + " cannot be listed: " + e.getMessage(),
          "Try again; if it stays so, look at what answers in S3's place",
          e);
    }
  }

  /** What begins with a dot is listed for who asks for it. */
  private void add(List<String> names, String prefix, String key) {
    String name = key.substring(place.key("").length());
    int part = prefix.lastIndexOf('/') + 1;
    boolean hidden = name.startsWith(".", part) && !prefix.startsWith(".", part);
    if (!hidden && name.length() > part) {
      names.add(name);
    }
  }

  @Override
  public Optional<Claim> claim(String name, Duration timeout) {
    return machine.claim(name, timeout);
  }

  @Override
  public String claimant(String name) {
    return machine.claimant(name);
  }

  @Override
  public boolean exists() {
    S3Xml.Page page = page("", null);
    return !page.keys().isEmpty() || !page.prefixes().isEmpty();
  }

  @Override
  public boolean writable() {
    return true;
  }

  @Override
  public void tidy() {
    // A write is whole or not there.
  }

  @Override
  public void tidy(String folder) {
    // A write is whole or not there.
  }

  @Override
  public List<StateCheck> inspect(String name) {
    try {
      return List.of(
          exists(name)
              ? StateCheck.of("document", StateCheckStatus.PASS, location(name) + " is there")
              : new StateCheck(
                  "document",
                  StateCheckStatus.FAIL,
                  location(name) + " is not there",
                  fault(name, Reason.NOT_READABLE)));
    } catch (StateUnavailable e) {
      return List.of(
          new StateCheck("document", StateCheckStatus.FAIL, e.what(), fault(name, e.reason())));
    }
  }

  @Override
  public StateCheck inspectTurn(String name) {
    return StateCheck.of("lock", StateCheckStatus.PASS, "none: a condition on each write decides");
  }

  @Override
  public StateCheck.StateFault fault(String name, Reason reason) {
    return new StateCheck.StateFault(
        reason,
        null,
        "Check the bucket and the identity's permissions (docs/shared-state.md)",
        List.of("aws s3 ls " + location("")),
        null);
  }

  @Override
  public String location(String name) {
    return name.isEmpty() ? place.toString() : place.url(name);
  }
}
