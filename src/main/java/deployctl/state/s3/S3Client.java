package deployctl.state.s3;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;

/**
 * Asks S3, a request a call: what an answer means for a read or a write, and whether to ask again,
 * is the caller's to say. Only what S3 itself sets right is asked once more, and has then not been
 * done: another region, another time, credentials that have run out.
 *
 * <p>Source: Amazon S3 API reference, REST; Signature Version 4 (no double encoding, payload
 * signed).
 */
final class S3Client {
  private static final String SERVICE = "s3";

  /** Its Content-Length is that of what is not sent (RFC 9110, section 8.6). */
  private static final int NOT_MODIFIED = 304;

  private static final String ETAG = "ETag";
  private static final int MOST_BYTES = 32 << 20;

  /** Where a listing goes on. */
  private static final String TOKEN = "continuation-token";

  private final S3Connection connection;
  private final String bucket;
  private final ServiceClock clock;
  private final ServiceClock.MachineClocks machine;
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
  private volatile String region;
  private volatile boolean bare;

  S3Client(
      S3Connection connection,
      String bucket,
      ServiceClock clock,
      ServiceClock.MachineClocks machine) {
    this.connection = connection;
    this.bucket = bucket;
    this.clock = clock;
    this.machine = machine;
    this.region = connection.region();
  }

  /**
   * Read an object.
   *
   * @param known an ETag: 304 is the answer while the object still has it; null for none
   * @throws IOException when no whole answer came
   */
  S3Answer get(String key, @Nullable String known) throws IOException {
    return ask(SdkHttpMethod.GET, key, Map.of(), headers("If-None-Match", known), null);
  }

  /**
   * Write an object that is not there.
   *
   * @throws IOException when no whole answer came: it may be there now, or come to be later
   */
  S3Answer create(String key, byte[] body) throws IOException {
    return ask(SdkHttpMethod.PUT, key, Map.of(), headers("If-None-Match", "*"), body);
  }

  /** Write an object over the content that an ETag names; see {@link #create}. */
  S3Answer replace(String key, byte[] body, String etag) throws IOException {
    String spelled = bare ? etag.replace("\"", "") : etag;
    return ask(SdkHttpMethod.PUT, key, Map.of(), headers("If-Match", spelled), body);
  }

  /** Write ETags the other way from now on: some stores know theirs without its quotes only. */
  void spellOtherwise() {
    bare = !bare;
  }

  /** Write an object over whatever is there; see {@link #create}. */
  S3Answer put(String key, byte[] body) throws IOException {
    return ask(SdkHttpMethod.PUT, key, Map.of(), Map.of(), body);
  }

  /**
   * Remove an object; one that is not there is no error.
   *
   * @throws IOException when no whole answer came
   */
  S3Answer delete(String key) throws IOException {
    return ask(SdkHttpMethod.DELETE, key, Map.of(), Map.of(), null);
  }

  /**
   * List the keys that begin with a prefix, those with a further slash told once; see {@link
   * S3Xml#page}.
   *
   * @param next where an earlier page said that it goes on; null for the first
   * @throws IOException when no whole answer came
   */
  S3Answer list(String prefix, @Nullable String next) throws IOException {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("list-type", "2");
    query.put("delimiter", "/");
    query.put("prefix", prefix);
    if (next != null) {
      query.put(TOKEN, next);
    }
    return ask(SdkHttpMethod.GET, "", query, Map.of(), null);
  }

  private static Map<String, String> headers(String name, @Nullable String value) {
    return value == null ? Map.of() : Map.of(name, value);
  }

  private S3Answer ask(
      SdkHttpMethod method,
      String key,
      Map<String, String> query,
      Map<String, String> headers,
      byte @Nullable [] body)
      throws IOException {
    boolean moved = false;
    boolean skewed = false;
    boolean renewed = false;
    while (true) {
      String here = region;
      S3Answer answer = askOnce(request(here, method, key, query, headers, body), here, body);
      String other = answer.region();
      if (!moved && other != null && !other.equals(here) && wrongRegion(answer)) {
        region = other;
        moved = true;
      } else if (!skewed && answer.code().equals("RequestTimeTooSkewed")) {
        // Its date was learned from: the next is signed by it.
        skewed = true;
      } else if (!renewed && answer.code().equals("ExpiredToken")) {
        renewed = true;
      } else {
        return answer;
      }
    }
  }

  private static boolean wrongRegion(S3Answer answer) {
    return answer.status() == 301 || answer.status() == 307 || answer.status() == 400;
  }

  private SdkHttpFullRequest request(
      String here,
      SdkHttpMethod method,
      String key,
      Map<String, String> query,
      Map<String, String> headers,
      byte @Nullable [] body) {
    URI address = connection.address(bucket, here);
    SdkHttpFullRequest.Builder request =
        SdkHttpFullRequest.builder()
            .method(method)
            .protocol(address.getScheme())
            .host(address.getHost())
            .encodedPath(address.getRawPath() + encoded(key));
    if (address.getPort() > 0) {
      request.port(address.getPort());
    }
    query.forEach(request::putRawQueryParameter);
    headers.forEach(request::putHeader);
    if (connection.owner() != null) {
      request.putHeader("x-amz-expected-bucket-owner", connection.owner());
    }
    if (body != null) {
      request.putHeader("Content-Length", Integer.toString(body.length));
      request.putHeader("Content-Type", "application/json");
      request.putHeader("x-amz-checksum-sha256", checksum(body));
      request.contentStreamProvider(() -> new ByteArrayInputStream(body));
    }
    return request.build();
  }

  /** Percent-encode a key but for its slashes (RFC 3986, unreserved characters). */
  private static String encoded(String key) {
    return URLEncoder.encode(key, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~")
        .replace("%2F", "/");
  }

  private static String checksum(byte[] body) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private S3Answer askOnce(SdkHttpFullRequest request, String here, byte @Nullable [] body)
      throws IOException {
    AwsCredentials credentials = connection.credentials().resolveCredentials();
    Instant now = clock.middle();
    SignedRequest signed =
        signer.sign(
            r -> {
              r.identity(credentials)
                  .request(request)
                  .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                  .putProperty(AwsV4HttpSigner.REGION_NAME, here)
                  .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                  .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                  .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, true);
              if (now != null) {
                r.putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(now, ZoneOffset.UTC));
              }
              if (body != null) {
                r.payload(() -> new ByteArrayInputStream(body));
              }
            });
    HttpExecuteRequest.Builder call = HttpExecuteRequest.builder().request(signed.request());
    signed.payload().ifPresent(call::contentStreamProvider);
    ServiceClock.Moment sent = ServiceClock.Moment.of(machine);
    HttpExecuteResponse response = connection.http().prepareRequest(call.build()).call();
    ServiceClock.Moment received = ServiceClock.Moment.of(machine);
    SdkHttpResponse head = response.httpResponse();
    S3Answer answer = answer(head, content(response), signed.request());
    date(head, "Date").ifPresent(date -> clock.learn(date, sent, received));
    return answer;
  }

  /**
   * Read an answer.
   *
   * @throws IOException also when the words are not S3's, but of something on the way to it: they
   *     say nothing about an object, nor what time it is
   */
  private static S3Answer answer(SdkHttpResponse head, byte[] body, SdkHttpRequest request)
      throws IOException {
    boolean get = request.method() == SdkHttpMethod.GET;
    boolean good = head.statusCode() >= 200 && head.statusCode() < 300;
    // A write was seen to be refused in the body of a good answer; an object may say what it likes.
    Map<String, String> error = good && get || body.length == 0 ? Map.of() : S3Xml.error(body);
    String etag = head.firstMatchingHeader(ETAG).orElse(null);
    boolean object =
        request.rawQueryParameters().isEmpty() && request.method() != SdkHttpMethod.DELETE;
    boolean strange =
        good
            ? !get && error.isEmpty() && body.length > 0
                || object && error.isEmpty() && etag == null
            : head.statusCode() >= 400 && head.statusCode() != 412 && error.isEmpty();
    if (strange) {
      throw new IOException("HTTP " + head.statusCode() + ", in words that are not S3's");
    }
    return new S3Answer(
        head.statusCode(),
        error.getOrDefault("Code", ""),
        error.getOrDefault("Message", ""),
        error.isEmpty() ? body : new byte[0],
        etag,
        date(head, "Last-Modified").orElse(null),
        head.firstMatchingHeader("x-amz-bucket-region").orElse(error.get("Region")));
  }

  private static Optional<Instant> date(SdkHttpResponse head, String name) {
    try {
      return head.firstMatchingHeader(name)
          .map(text -> DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** A number of bytes; -1 where it is none, which bounds nothing. */
  private static long length(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** Read all of an answer: less than was announced is a broken one, whatever the stream says. */
  private static byte[] content(HttpExecuteResponse response) throws IOException {
    if (response.responseBody().isEmpty()) {
      return new byte[0];
    }
    long announced =
        response
            .httpResponse()
            .firstMatchingHeader("Content-Length")
            .filter(text -> response.httpResponse().statusCode() != NOT_MODIFIED)
            .map(S3Client::length)
            .orElse(-1L);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (InputStream in = response.responseBody().get()) {
      byte[] part = new byte[1 << 16];
      for (int got = in.read(part); got >= 0; got = in.read(part)) {
        bytes.write(part, 0, got);
        if (bytes.size() > MOST_BYTES) {
          throw new IOException("the answer is over " + (MOST_BYTES >> 20) + " MiB");
        }
      }
    }
    if (announced > bytes.size()) {
      throw new IOException(
          "the answer broke off after " + bytes.size() + " of " + announced + " bytes");
    }
    return bytes.toByteArray();
  }
}
