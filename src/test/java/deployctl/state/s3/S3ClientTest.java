package deployctl.state.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import deployctl.support.Failure;
import deployctl.testing.FakeS3;
import deployctl.testing.FakeS3.S3Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** Five requests, and what comes of them. */
class S3ClientTest {
  private static final String SECRET = "secret-that-nobody-sees";
  private final FakeS3 store = new FakeS3();
  private final Machine machine = new Machine();
  private final ServiceClock clock = new ServiceClock(machine);
  private final AtomicInteger credentials = new AtomicInteger();

  /** A machine whose clock is wrong by as much as a test wants. */
  private static final class Machine implements ServiceClock.MachineClocks {
    private long monotonic;
    private long wrong;

    @Override
    public long monotonic() {
      return System.nanoTime() + monotonic;
    }

    @Override
    public long wall() {
      return System.currentTimeMillis() * 1_000_000 + wrong;
    }
  }

  @AfterEach
  void stop() {
    store.close();
  }

  private AwsCredentials resolve() {
    return AwsBasicCredentials.create("AKID" + credentials.incrementAndGet(), SECRET);
  }

  private S3Client client() {
    return client("test");
  }

  private S3Client client(String bucket) {
    return client(bucket, store.url());
  }

  private S3Client client(String bucket, String url) {
    return new S3Client(
        new S3Connection(
            UrlConnectionHttpClient.builder().socketTimeout(Duration.ofSeconds(5)).build(),
            this::resolve,
            "us-east-1",
            URI.create(url),
            null),
        bucket,
        clock,
        machine);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(S3Answer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  @Test
  void anObjectIsCreatedOnceReadAndReplacedOverWhatWasRead() throws Exception {
    S3Client s3 = client();
    assertTrue(s3.get("p/a.json", null).missing());
    assertTrue(s3.create("p/a.json", bytes("one")).done());
    assertTrue(s3.create("p/a.json", bytes("two")).refused());
    S3Answer read = s3.get("p/a.json", null);
    assertEquals("one", text(read));
    assertNotNull(read.lastModified());
    assertEquals(304, s3.get("p/a.json", read.etag()).status());
    S3Answer replaced = s3.replace("p/a.json", bytes("three"), read.etag());
    assertTrue(replaced.done());
    assertNotEquals(read.etag(), replaced.etag());
    assertTrue(s3.replace("p/a.json", bytes("four"), read.etag()).refused());
    assertTrue(s3.replace("p/none.json", bytes("x"), read.etag()).missing());
    assertEquals("three", store.content("p/a.json"));
    assertTrue(s3.delete("p/a.json").done());
    assertTrue(s3.delete("p/a.json").done());
    assertTrue(client("other").get("a", null).code().equals("NoSuchBucket"));
    assertFalse(client("other").get("a", null).missing());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain.json",
        "with space",
        "a+b",
        "ä/ö ü",
        "a%2Fb",
        "a~b_c-d.e",
        "q?x=1&y",
        "#hash",
        "*",
        "☃"
      })
  void everyKeyComesThroughAsItIs(String key) throws Exception {
    assertTrue(client().put(key, bytes(key)).done());
    assertEquals(List.of(key), store.keys());
    assertEquals(key, text(client().get(key, null)));
  }

  @Test
  void aListingIsReadPageByPage() throws Exception {
    for (int i = 0; i < 1005; i++) {
      client().put(String.format("q/m%04d&<", i), bytes("x"));
    }
    client().put("q/.state/lanes/c.json", bytes("x"));
    S3Xml.Page first = S3Xml.page(client().list("q/", null).body());
    S3Xml.Page second = S3Xml.page(client().list("q/", first.next()).body());
    assertEquals(1005, first.keys().size() + second.keys().size());
    assertEquals(List.of("q/.state/"), first.prefixes());
    assertEquals("q/m1004&<", second.keys().get(second.keys().size() - 1));
    assertNull(second.next());
    assertThrows(IOException.class, () -> S3Xml.page(bytes("<html>")));
    assertThrows(IOException.class, () -> S3Xml.page(bytes("<a/>")));
  }

  @Test
  void aTornAnswerIsNone() {
    store.faults(asked -> asked.method().equals("GET") ? S3Fault.PARTIAL : null);
    S3Client s3 = client();
    assertThrows(
        IOException.class,
        () -> {
          s3.put("a", bytes("a long text that is cut"));
          s3.get("a", null);
        });
  }

  /** A write without an answer goes out once: repeated below, it would meet its own success. */
  @Test
  void aWriteWithoutAnAnswerGoesOutOnce() {
    store.faults(asked -> S3Fault.LOSE_REPLY);
    assertThrows(IOException.class, () -> client().create("a", bytes("x")));
    assertEquals(1, store.log().size());
    assertEquals("x", store.content("a"));
  }

  @Test
  void aRefusalInAGoodAnswerIsARefusal() throws Exception {
    store.faults(asked -> S3Fault.PRECONDITION_200);
    S3Answer answer = client().create("a", bytes("x"));
    assertTrue(answer.refused());
    assertFalse(answer.done());
  }

  @Test
  void whatS3SetsRightIsAskedOnceMore() throws Exception {
    for (S3Fault fault : List.of(S3Fault.SKEWED, S3Fault.EXPIRED, S3Fault.ELSEWHERE)) {
      AtomicInteger asked = new AtomicInteger();
      store.faults(one -> asked.getAndIncrement() == 0 ? fault : null);
      assertTrue(client().put(fault.name(), bytes("x")).done(), fault.name());
      assertEquals(2, asked.get(), fault.name());
    }
    store.faults(one -> S3Fault.EXPIRED);
    assertEquals("ExpiredToken", client().put("a", bytes("x")).code());
    String signed = store.log().get(store.log().size() - 1).headers().get("Authorization");
    assertTrue(signed.contains("us-east-1/s3/aws4_request"), signed);
  }

  @Test
  void anotherRegionIsRememberedAndSignedFor() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    store.faults(one -> asked.getAndIncrement() == 0 ? S3Fault.ELSEWHERE : null);
    S3Client s3 = client();
    s3.put("a", bytes("x"));
    s3.put("b", bytes("x"));
    assertEquals(3, store.log().size());
    assertTrue(
        store.log().get(2).headers().get("Authorization").contains("eu-central-1/s3/aws4_request"));
  }

  @Test
  void theBodyIsSignedAndHasItsSum() throws Exception {
    client().put("a", bytes("x"));
    var headers = store.log().get(0).headers();
    assertEquals(
        "LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=", headers.get("x-amz-checksum-sha256"));
    assertEquals(
        "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
        headers.get("x-amz-content-sha256"));
    assertFalse(headers.toString().contains(SECRET));
  }

  /** X8: the machine's own clock is nowhere in it. */
  @Test
  void theTimeIsTheServices() throws Exception {
    assertNull(clock.middle());
    for (Duration ahead : List.of(Duration.ofHours(-1), Duration.ofMinutes(20), Duration.ZERO)) {
      store.clock(ahead);
      client().get("a", null);
      Instant real = Instant.now().plus(ahead);
      assertFalse(clock.earliest().isAfter(real), "early");
      assertFalse(clock.latest().isBefore(real.minusMillis(5)), "late");
      assertTrue(
          Duration.between(clock.earliest(), clock.latest()).compareTo(Duration.ofSeconds(3)) < 0);
    }
    // Suspended: monotonic clocks stood still, and nothing is known any more.
    machine.wrong = Duration.ofMinutes(10).toNanos();
    assertNull(clock.latest());
  }

  @Test
  void severalAnswersMakeTheTimeExacter() {
    ServiceClock exact = new ServiceClock(machine);
    long t = machine.monotonic();
    Instant date = Instant.parse("2026-01-31T12:00:00Z");
    exact.learn(date, at(t), at(t + 1_000_000));
    Duration one = Duration.between(exact.earliest(), exact.latest());
    // 0.7 s later by both clocks: the second has changed between.
    exact.learn(date.plusSeconds(1), at(t + 700_000_000), at(t + 701_000_000));
    assertTrue(Duration.between(exact.earliest(), exact.latest()).compareTo(one) < 0);
  }

  private ServiceClock.Moment at(long monotonic) {
    return new ServiceClock.Moment(monotonic, monotonic + machine.wall() - machine.monotonic());
  }

  /** A request that went out before the machine slept tells too early a time. */
  @Test
  void whatSleptOrCannotBeATimeIsNotLearnedFrom() {
    ServiceClock learning = new ServiceClock(machine);
    long t = machine.monotonic();
    ServiceClock.Moment woken = new ServiceClock.Moment(t + 1, at(t).wall() + 600_000_000_000L);
    learning.learn(Instant.parse("2026-01-31T12:00:00Z"), at(t), woken);
    assertNull(learning.latest());
    learning.learn(Instant.parse("9999-12-31T00:00:00Z"), at(t), at(t + 1));
    learning.learn(Instant.parse("1970-01-01T00:00:00Z"), at(t), at(t + 1));
    assertNull(learning.latest());
  }

  /** A proxy's or a portal's page says nothing about an object. */
  @Test
  void wordsThatAreNotS3sAreNoAnswer() throws Exception {
    for (int status : List.of(200, 403, 404, 503)) {
      HttpServer proxy =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      proxy.createContext(
          "/",
          exchange -> {
            byte[] page = bytes("<html>Please log in</html>");
            exchange.sendResponseHeaders(status, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
          });
      proxy.start();
      try {
        S3Client behind = client("test", "http://127.0.0.1:" + proxy.getAddress().getPort());
        assertThrows(IOException.class, () -> behind.get("a", null), "get " + status);
        assertThrows(IOException.class, () -> behind.put("a", bytes("x")), "put " + status);
        assertThrows(IOException.class, () -> behind.delete("a"), "delete " + status);
        assertNull(clock.latest());
      } finally {
        proxy.stop(0);
      }
    }
  }

  @Test
  void placesInS3AreReadOrRefusedWithTheReason() {
    assertEquals(
        "p/q/deployments.json", S3Location.parse("s3://bucket/p/q/", "x").key("deployments.json"));
    assertEquals("s3://bucket", S3Location.parse("s3://bucket/", "x").toString());
    assertEquals(
        "s3://bucket/registry/a", S3Location.parse("s3://bucket", "x").below("registry").url("a"));
    for (String wrong :
        List.of(
            "s3:/bucket",
            "s3://",
            "s3:///x",
            "s3://Bucket",
            "s3://b",
            "s3://zone--use1-az1--x-s3",
            "s3://bucket/a b",
            "s3://bucket//a",
            "s3://bucket/a?b",
            "s3://bucket/../x",
            "s3://a..b/c")) {
      Failure failure =
          assertThrows(Failure.class, () -> S3Location.parse(wrong, "--state"), wrong);
      assertEquals(Failure.FailureKind.USAGE, failure.kind());
      assertTrue(failure.getMessage().contains("--state '" + wrong + "'"), failure.getMessage());
    }
  }

  @Test
  void bucketsHaveTheirOwnAddresses() {
    S3Connection amazon = new S3Connection(null, null, "eu-west-1", null, null);
    assertEquals(
        URI.create("https://b-1.s3.eu-west-1.amazonaws.com/"), amazon.address("b-1", "eu-west-1"));
    assertEquals(
        URI.create("https://s3.eu-west-1.amazonaws.com/b.c/"), amazon.address("b.c", "eu-west-1"));
    assertEquals(
        URI.create("https://b-1.s3.cn-north-1.amazonaws.com.cn/"),
        amazon.address("b-1", "cn-north-1"));
  }

  @Test
  void anErrorThatIsNoneOfS3sHasNoCode() throws Exception {
    assertEquals(0, S3Xml.error(bytes("<html><body>proxy</body></html>")).size());
    assertEquals(
        0,
        S3Xml.error(
                bytes(
                    "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><Error><Code>&e;</Code></Error>"))
            .size());
    assertArrayEquals(new byte[0], client().get("none", null).body());
  }
}
