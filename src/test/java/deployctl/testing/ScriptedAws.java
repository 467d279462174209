package deployctl.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * An HTTP server that answers like AWS's Query API, as a script says, and remembers what it was
 * asked.
 */
public final class ScriptedAws implements AutoCloseable {
  /** An answer. */
  public interface Answer {
    void give(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<Map<String, String>> requests = new CopyOnWriteArrayList<>();
  private volatile Function<Map<String, String>, Answer> script;

  public ScriptedAws(Function<Map<String, String>, Answer> script) {
    this.script = script;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Answer each DescribeStacks with a stack of that name in that status. */
  public static ScriptedAws stacks(Map<String, String> statuses) {
    return new ScriptedAws(request -> stackAnswer(request, statuses));
  }

  public static Answer stackAnswer(Map<String, String> request, Map<String, String> statuses) {
    String name = request.getOrDefault("StackName", "");
    String status = statuses.get(name);
    return status == null ? noSuchStack(name) : describeStacks(name, status);
  }

  public void script(Function<Map<String, String>, Answer> changed) {
    script = changed;
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  public List<Map<String, String>> requests() {
    return requests;
  }

  public static Answer xml(int status, String body) {
    return exchange -> {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/xml");
      exchange.sendResponseHeaders(status, bytes.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(bytes);
      }
    };
  }

  public static Answer error(int status, String code, String message) {
    return xml(
        status,
        "<ErrorResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\"><Error><Type>Sender</Type><Code>"
            + code
            + "</Code><Message>"
            + message
            + "</Message></Error><RequestId>r</RequestId></ErrorResponse>");
  }

  public static Answer result(String action, String inner) {
    return xml(
        200,
        "<"
            + action
            + "Response xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\"><"
            + action
            + "Result>"
            + inner
            + "</"
            + action
            + "Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></"
            + action
            + "Response>");
  }

  public static Answer describeStacks(String name, String status) {
    return describeStacks(name, status, "2026-01-31T11:48:00.000Z");
  }

  /** Answer with a stack whose last update began then. */
  public static Answer describeStacks(String name, String status, String updated) {
    return result(
        "DescribeStacks",
        "<Stacks><member><StackName>"
            + name
            + "</StackName><StackId>arn:aws:cloudformation:us-east-1:123456789012:stack/"
            + name
            + "/1</StackId><CreationTime>2026-01-01T00:00:00.000Z</CreationTime><LastUpdatedTime>"
            + updated
            + "</LastUpdatedTime><StackStatus>"
            + status
            + "</StackStatus></member></Stacks>");
  }

  public static Answer noSuchStack(String name) {
    return error(400, "ValidationError", "Stack with id " + name + " does not exist");
  }

  /** Take the request and never answer, until the server is closed. */
  public Answer hang() {
    return exchange -> {
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      exchange.close();
    };
  }

  /** Take the request and drop the connection. */
  public static Answer drop() {
    return HttpExchange::close;
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Map<String, String> request = new LinkedHashMap<>();
    for (String pair : body.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        request.put(
            URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    if (target != null) {
      // The JSON protocol names the operation in a header.
      request.clear();
      request.put("Action", target.substring(target.lastIndexOf('.') + 1));
    }
    request.put("Service", service(exchange));
    request.put("Body", body);
    requests.add(request);
    script.apply(request).give(exchange);
  }

  /** The service is in what the request is signed for. */
  private static String service(HttpExchange exchange) {
    String signed = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    String[] parts = signed.split("/", -1);
    return parts.length > 3 ? parts[3] : "";
  }

  public static Answer json(int status, String body) {
    return exchange -> {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
      exchange.sendResponseHeaders(status, bytes.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(bytes);
      }
    };
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
