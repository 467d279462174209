package deployctl.state.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.state.MemoryStateStore;
import deployctl.state.StateDocument;
import deployctl.state.StateObject;
import deployctl.state.StateStore;
import deployctl.state.StateStoreContract;
import deployctl.state.StateUnavailable;
import deployctl.state.WriteStamp;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import deployctl.support.time.SystemTime;
import deployctl.support.time.Time;
import deployctl.testing.FakeS3;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** State in a bucket, on a store that loses, delays and refuses. */
class S3StateStoreTest {
  private final FakeS3 s3 = new FakeS3();

  @AfterEach
  void stop() {
    s3.close();
  }

  /** Waits a twentieth of the time. */
  private static final class HastyTime implements Time {
    private final Time real = new SystemTime();

    @Override
    public Instant now() {
      return real.now();
    }

    @Override
    public long nanos() {
      return real.nanos();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      real.sleep(duration.dividedBy(20));
    }
  }

  private S3Connection connection() {
    return new S3Connection(
        UrlConnectionHttpClient.builder().socketTimeout(Duration.ofSeconds(5)).build(),
        () -> AwsBasicCredentials.create("AKIDTEST", "secret"),
        "us-east-1",
        URI.create(s3.url()),
        null);
  }

  private StateStore open() {
    return new S3StateStore(
        connection(),
        S3Location.parse("s3://test/team/registry", "--state"),
        new MemoryStateStore(),
        new HastyTime(),
        new SplittableRandom(1));
  }

  @Nested
  class OnTheFake extends StateStoreContract {
    private final StateStore store = S3StateStoreTest.this.open();

    @Override
    protected StateStore store() {
      return store;
    }
  }

  private static JsonObject parsed(byte[] content) {
    try {
      return Json.parseObject(content);
    } catch (JsonException e) {
      throw new AssertionError(e);
    }
  }

  /** Add to a list as the registry does: read, change, write over what was read, and again. */
  private static void add(StateDocument document, String what) {
    while (true) {
      Optional<StateObject> read = patientlyRead(document);
      JsonObject now = read.map(object -> parsed(object.content())).orElseGet(JsonObject::new);
      List<Object> added = new ArrayList<>(now.has("added") ? now.list("added") : List.of());
      added.add(what);
      byte[] next =
          Json.bytes(
              new JsonObject()
                  .put(WriteStamp.FIELD, WriteStamp.of(now).next().toJson())
                  .put("added", added));
      if (document.compareAndSet(read.map(StateObject::version).orElse(null), next)) {
        return;
      }
    }
  }

  /** What could not be read is certainly not written over: asking again is the caller's affair. */
  private static Optional<StateObject> patientlyRead(StateDocument document) {
    for (int tries = 1; ; tries++) {
      try {
        return document.read();
      } catch (StateUnavailable e) {
        if (tries == 10) {
          throw e;
        }
      }
    }
  }

  private static final List<FakeS3.S3Fault> WRITING =
      List.of(
          FakeS3.S3Fault.LOSE_REPLY,
          FakeS3.S3Fault.LOSE_REQUEST,
          FakeS3.S3Fault.SLOW_DOWN,
          FakeS3.S3Fault.INTERNAL,
          FakeS3.S3Fault.INTERNAL_DONE,
          FakeS3.S3Fault.CONFLICT);

  private static final List<FakeS3.S3Fault> READING =
      List.of(
          FakeS3.S3Fault.LOSE_REPLY,
          FakeS3.S3Fault.SLOW_DOWN,
          FakeS3.S3Fault.INTERNAL,
          FakeS3.S3Fault.PARTIAL);

  /** One in five requests for the document meets something, by chance. */
  private void trouble(long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    s3.faults(
        asked -> {
          synchronized (random) {
            if (!String.valueOf(asked.key()).endsWith(".json") || random.nextInt(5) > 0) {
              return null;
            }
            List<FakeS3.S3Fault> faults = asked.method().equals("PUT") ? WRITING : READING;
            return faults.get(random.nextInt(faults.size()));
          }
        });
  }

  /** What an addition came to. */
  private interface Adding {
    void add(String what) throws Exception;
  }

  /**
   * Let many add at once.
   *
   * @return how often each addition is there at the end
   */
  private Map<String, Integer> additions(
      int clients, int each, AtomicInteger unknown, Callable<Adding> client) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    List<Future<?>> done = new ArrayList<>();
    Map<String, Integer> times = new TreeMap<>();
    for (int c = 0; c < clients; c++) {
      Adding adding = client.call();
      int number = c;
      for (int i = 0; i < each; i++) {
        times.put(number + "-" + i, 0);
      }
      done.add(
          threads.submit(
              () -> {
                for (int i = 0; i < each; i++) {
                  try {
                    adding.add(number + "-" + i);
                  } catch (StateUnavailable e) {
                    unknown.incrementAndGet();
                  }
                }
                return null;
              }));
    }
    for (Future<?> one : done) {
      one.get();
    }
    threads.shutdown();
    s3.faults(asked -> null);
    parsed(open().read("deployments.json").orElseThrow().content())
        .list("added")
        .forEach(what -> times.merge(String.valueOf(what), 1, Integer::sum));
    return times;
  }

  @Test
  void noAdditionIsLostAndNoneIsThereTwice() throws Exception {
    long seed = Long.getLong("deployctl.seed", System.nanoTime());
    trouble(seed);
    AtomicInteger unknown = new AtomicInteger();
    Map<String, Integer> times =
        additions(
            16,
            12,
            unknown,
            () -> {
              StateDocument document = open().document("deployments.json");
              return what -> add(document, what);
            });
    long lost = times.values().stream().filter(n -> n == 0).count();
    long twice = times.values().stream().filter(n -> n > 1).count();
    System.out.println(
        "figures: s3: 16 clients x 12 additions under 20 % faults: "
            + lost
            + " not there, "
            + twice
            + " twice, "
            + unknown
            + " unknown, seed "
            + seed);
    assertEquals(0, twice, times.toString());
    assertTrue(lost <= unknown.get(), lost + " lost, " + unknown + " unknown: " + times);
    assertTrue(unknown.get() < 4, unknown + " unknown, seed " + seed);
  }

  /** The twin: whoever takes "refused" for "another's" adds again what was added. */
  @Test
  void withoutTheStampLostAnswersCountTwice() throws Exception {
    trouble(7);
    AtomicInteger unknown = new AtomicInteger();
    Map<String, Integer> times =
        additions(
            8,
            12,
            unknown,
            () -> {
              ServiceClock.MachineClocks clocks = MachineTime.of(new SystemTime());
              S3Client client =
                  new S3Client(connection(), "test", new ServiceClock(clocks), clocks);
              return what -> addTrusting(client, what);
            });
    assertTrue(times.values().stream().anyMatch(n -> n > 1), times.toString());
  }

  private static void addTrusting(S3Client client, String what) {
    boolean added = false;
    while (!added) {
      try {
        added = tryTrusting(client, what);
      } catch (IOException e) {
        // Not known, and taken for "no".
        added = false;
      }
    }
  }

  private static boolean tryTrusting(S3Client client, String what) throws IOException {
    String key = "team/registry/deployments.json";
    S3Answer read = client.get(key, null);
    if (!read.done() && !read.missing()) {
      return false;
    }
    JsonObject now = read.missing() ? new JsonObject() : parsed(read.body());
    List<Object> added = new ArrayList<>(now.has("added") ? now.list("added") : List.of());
    added.add(what);
    byte[] next = Json.bytes(now.put("added", added));
    S3Answer answer =
        read.missing() ? client.create(key, next) : client.replace(key, next, read.etag());
    return answer.done();
  }

  @Test
  void whatIsMovedOntoSomethingStays() {
    StateStore store = open();
    store.put("a.json", new byte[] {1});
    store.put("b.json", new byte[] {2});
    assertThrows(StateUnavailable.class, () -> store.move("a.json", "b.json"));
    assertEquals(1, store.read("a.json").orElseThrow().content()[0]);
    assertEquals(2, store.read("b.json").orElseThrow().content()[0]);
  }

  @Test
  void anAnswerThatWasLostIsFoundToBeMine() {
    for (FakeS3.S3Fault fault : List.of(FakeS3.S3Fault.LOSE_REPLY, FakeS3.S3Fault.INTERNAL_DONE)) {
      AtomicInteger puts = new AtomicInteger();
      s3.faults(
          asked -> asked.method().equals("PUT") && puts.getAndIncrement() == 0 ? fault : null);
      StateDocument document = open().document(fault + ".json");
      add(document, "once");
      assertEquals(List.of("once"), parsed(document.read().orElseThrow().content()).list("added"));
    }
  }

  /** Refused while nobody else wrote: the store wants its ETags without quotes. */
  @Test
  void theOtherSpellingOfAnEtagIsTried() {
    s3.faults(
        asked ->
            asked.headers().getOrDefault("If-Match", "").startsWith("\"")
                ? FakeS3.S3Fault.PRECONDITION_200
                : null);
    StateDocument document = open().document("bare.json");
    add(document, "one");
    add(document, "two");
    add(document, "three");
    assertEquals(
        List.of("one", "two", "three"),
        parsed(document.read().orElseThrow().content()).list("added"));
  }

  @Test
  void noAnswerIsNeverAnEmptyPlace() {
    for (FakeS3.S3Fault fault :
        List.of(
            FakeS3.S3Fault.DENIED,
            FakeS3.S3Fault.INTERNAL,
            FakeS3.S3Fault.SLOW_DOWN,
            FakeS3.S3Fault.LOSE_REPLY,
            FakeS3.S3Fault.PARTIAL)) {
      add(open().document("there.json"), fault.name());
      s3.faults(asked -> fault);
      StateStore store = open();
      assertThrows(StateUnavailable.class, () -> store.document("there.json").read(), fault.name());
      assertThrows(StateUnavailable.class, () -> store.exists("there.json"), fault.name());
      if (fault != FakeS3.S3Fault.PARTIAL) {
        assertThrows(StateUnavailable.class, () -> store.create("new.json", new byte[] {1}));
      }
      s3.faults(asked -> null);
    }
  }

  @Test
  void whatIsMissingIsSaidInOneLineWithThePermission() {
    s3.faults(asked -> FakeS3.S3Fault.DENIED);
    StateUnavailable denied =
        assertThrows(StateUnavailable.class, () -> open().document("a.json").read());
    assertEquals(
        "s3://test/team/registry/a.json cannot be read: AccessDenied, as asked", denied.what());
    assertTrue(denied.nextStep().contains("s3:GetObject and s3:ListBucket"), denied.nextStep());
    StateUnavailable listing = assertThrows(StateUnavailable.class, () -> open().list("monitors/"));
    assertTrue(listing.nextStep().contains("s3:ListBucket"), listing.nextStep());
    StateUnavailable writing =
        assertThrows(StateUnavailable.class, () -> open().put("a.json", new byte[] {1}));
    assertTrue(writing.nextStep().contains("s3:PutObject"), writing.nextStep());
  }
}
