package deployctl.testing;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A bucket of S3's: objects under one lock, conditional writes, listings, and faults when asked
 * for. Knows one bucket, {@code test}, in the region {@code us-east-1}; checks no signature.
 */
public final class FakeS3 implements AutoCloseable {
  /** What a request came to ask. */
  public record S3Question(
      String method, String key, Map<String, String> query, Map<String, String> headers) {}

  /** What happens to a request instead of, or beside, what it asks for. */
  public enum S3Fault {
    /** It is done, and the answer is lost. */
    LOSE_REPLY,
    /** It is not done, and there is no answer. */
    LOSE_REQUEST,
    SLOW_DOWN,
    INTERNAL,
    /** It is done, and the answer says that it may not be. */
    INTERNAL_DONE,
    CONFLICT,
    /** Refused in the body of a good answer. */
    PRECONDITION_200,
    /** Half of an object is sent. */
    PARTIAL,
    SKEWED,
    DENIED,
    EXPIRED,
    ELSEWHERE
  }

  /** Chooses what happens to a request; null for nothing odd. */
  public interface Faults {
    S3Fault of(S3Question asked);
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Stored(byte[] content, String etag, Instant at) {}

  private static final String BUCKET = "test";
  private static final int PAGE = 1000;

  private final PlainHttp server = new PlainHttp(this::handle);
  private final TreeMap<String, Stored> objects = new TreeMap<>();
  private final List<S3Question> log = new CopyOnWriteArrayList<>();
  private volatile Faults faults = asked -> null;
  private volatile Duration offset = Duration.ZERO;
  private long writes;

  public String url() {
    return "http://127.0.0.1:" + server.port();
  }

  /** Have something happen to requests from now on. */
  public FakeS3 faults(Faults changed) {
    faults = changed;
    return this;
  }

  /** Set the service's clock apart from the machine's. */
  public void clock(Duration ahead) {
    offset = ahead;
  }

  /** Return the requests so far. */
  public List<S3Question> log() {
    return List.copyOf(log);
  }

  /** Return an object's content, or null. */
  public synchronized String content(String key) {
    Stored stored = objects.get(key);
    return stored == null ? null : new String(stored.content(), StandardCharsets.UTF_8);
  }

  public synchronized List<String> keys() {
    return List.copyOf(objects.keySet());
  }

  private Instant now() {
    return Instant.now().plus(offset);
  }

  private PlainHttp.HttpReply handle(PlainHttp.HttpQuestion request) {
    S3Question asked = asked(request);
    log.add(asked);
    S3Fault fault = faults.of(asked);
    S3Reply reply =
        fault == null ? reply(asked, request.body()) : odd(fault, asked, request.body());
    if (reply == null) {
      return null;
    }
    Map<String, String> headers = new LinkedHashMap<>(reply.headers());
    headers.put("Date", http(now()));
    return new PlainHttp.HttpReply(reply.status(), headers, reply.body(), reply.length());
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record S3Reply(int status, Map<String, String> headers, byte[] body, long length) {
    static S3Reply of(int status, Map<String, String> headers, byte[] body) {
      return new S3Reply(status, headers, body, body.length);
    }
  }

  private S3Reply odd(S3Fault fault, S3Question asked, byte[] body) {
    return switch (fault) {
      case LOSE_REPLY -> {
        reply(asked, body);
        yield null;
      }
      case LOSE_REQUEST -> null;
      case SLOW_DOWN -> error(503, "SlowDown", Map.of());
      case INTERNAL -> error(500, "InternalError", Map.of());
      case INTERNAL_DONE -> {
        reply(asked, body);
        yield error(500, "InternalError", Map.of());
      }
      case CONFLICT -> error(409, "ConditionalRequestConflict", Map.of());
      case PRECONDITION_200 -> error(200, "PreconditionFailed", Map.of());
      case PARTIAL -> {
        S3Reply whole = reply(asked, body);
        byte[] half = java.util.Arrays.copyOf(whole.body(), whole.body().length / 2);
        yield new S3Reply(whole.status(), whole.headers(), half, whole.body().length);
      }
      case SKEWED -> error(403, "RequestTimeTooSkewed", Map.of());
      case DENIED -> error(403, "AccessDenied", Map.of());
      case EXPIRED -> error(400, "ExpiredToken", Map.of());
      case ELSEWHERE ->
          error(301, "PermanentRedirect", Map.of("x-amz-bucket-region", "eu-central-1"));
    };
  }

  private static S3Question asked(PlainHttp.HttpQuestion request) {
    String[] target = request.target().split("\\?", 2);
    String start = "/" + BUCKET + "/";
    Map<String, String> query = new LinkedHashMap<>();
    for (String pair : target.length < 2 ? new String[0] : target[1].split("&", -1)) {
      String[] sides = pair.split("=", 2);
      query.put(decoded(sides[0]), sides.length > 1 ? decoded(sides[1]) : "");
    }
    return new S3Question(
        request.method(),
        target[0].startsWith(start) ? decoded(target[0].substring(start.length())) : null,
        query,
        request.headers());
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private synchronized S3Reply reply(S3Question asked, byte[] body) {
    if (asked.key() == null) {
      return error(404, "NoSuchBucket", Map.of());
    }
    if (asked.key().isEmpty()) {
      return listing(asked.query());
    }
    Stored there = objects.get(asked.key());
    return switch (asked.method()) {
      case "GET" -> read(there, asked.headers());
      case "PUT" -> written(asked, there, body);
      case "DELETE" -> {
        objects.remove(asked.key());
        yield S3Reply.of(204, Map.of(), new byte[0]);
      }
      default -> error(405, "MethodNotAllowed", Map.of());
    };
  }

  private static S3Reply read(Stored there, Map<String, String> headers) {
    if (there == null) {
      return error(404, "NoSuchKey", Map.of());
    }
    Map<String, String> about =
        Map.of("ETag", there.etag(), "Last-Modified", http(there.at()), "x-amz-meta-x", "1");
    return there.etag().equals(headers.get("If-None-Match"))
        ? S3Reply.of(304, about, new byte[0])
        : S3Reply.of(200, about, there.content());
  }

  private S3Reply written(S3Question asked, Stored there, byte[] body) {
    String match = asked.headers().get("If-Match");
    if (match != null && there == null) {
      return error(404, "NoSuchKey", Map.of());
    }
    if (match != null && !match.replace("\"", "").equals(there.etag().replace("\"", ""))
        || "*".equals(asked.headers().get("If-None-Match")) && there != null) {
      return error(412, "PreconditionFailed", Map.of());
    }
    String etag =
        "\"" + Integer.toHexString(java.util.Arrays.hashCode(body)) + "-" + ++writes + "\"";
    objects.put(asked.key(), new Stored(body, etag, now()));
    return S3Reply.of(200, Map.of("ETag", etag), new byte[0]);
  }

  private S3Reply listing(Map<String, String> query) {
    String prefix = query.getOrDefault("prefix", "");
    String from = query.getOrDefault("continuation-token", "");
    List<String> keys = new ArrayList<>();
    TreeSet<String> prefixes = new TreeSet<>();
    String next = null;
    for (String key : objects.tailMap(prefix).keySet()) {
      if (!key.startsWith(prefix)) {
        break;
      }
      if (key.compareTo(from) < 0) {
        continue;
      }
      if (keys.size() + prefixes.size() == PAGE) {
        next = key;
        break;
      }
      int slash = key.indexOf('/', prefix.length());
      if (slash < 0 || !"/".equals(query.get("delimiter"))) {
        keys.add(key);
      } else {
        prefixes.add(key.substring(0, slash + 1));
      }
    }
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\"?><ListBucketResult>");
    xml.append("<IsTruncated>").append(next != null).append("</IsTruncated>");
    if (next != null) {
      xml.append("<NextContinuationToken>").append(xml(next)).append("</NextContinuationToken>");
    }
    keys.forEach(key -> xml.append("<Contents><Key>").append(xml(key)).append("</Key></Contents>"));
    prefixes.forEach(
        one ->
            xml.append("<CommonPrefixes><Prefix>")
                .append(xml(one))
                .append("</Prefix></CommonPrefixes>"));
    return S3Reply.of(
        200,
        Map.of(),
        xml.append("</ListBucketResult>").toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String xml(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }

  private static S3Reply error(int status, String code, Map<String, String> headers) {
    return S3Reply.of(
        status,
        headers,
        ("<Error><Code>" + code + "</Code><Message>as asked</Message></Error>")
            .getBytes(StandardCharsets.UTF_8));
  }

  private static String http(Instant instant) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(instant.atZone(ZoneOffset.UTC));
  }

  @Override
  public void close() {
    server.close();
  }
}
