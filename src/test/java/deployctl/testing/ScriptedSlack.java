package deployctl.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * A Slack that records: it takes messages, shows them in its history, and fails as a script says.
 * What it recorded as posted is what people would see.
 */
public final class ScriptedSlack implements AutoCloseable {
  /** A request. */
  public record Call(String method, Map<String, String> form, String authorization) {
    public String channel() {
      return form.getOrDefault("channel", "");
    }

    public String text() {
      return form.getOrDefault("text", "");
    }
  }

  /** A message in a channel. */
  public record Message(
      String channel, String ts, String thread, boolean broadcast, String text, String metadata) {}

  /** Does with a request what Slack would do. */
  public interface Accept {
    /** Do it and return the answer. */
    String accept();
  }

  /** What happens to a request. */
  public interface Reply {
    /** Answer it; {@code accept} does what Slack would do and returns its answer. */
    void meet(HttpExchange exchange, Accept accept) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicLong clock = new AtomicLong(1_769_860_800_000_000L);
  private final List<Call> calls = new ArrayList<>();
  private final List<Message> messages = new ArrayList<>();
  private volatile Function<Call, Reply> script = call -> accepting();

  public ScriptedSlack() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/api/", this::handle);
    server.start();
  }

  public void script(Function<Call, Reply> changed) {
    script = changed;
  }

  /** Let the next request of a method meet a reply, and the others be accepted. */
  public void once(String method, Reply reply) {
    boolean[] met = {false};
    script =
        call -> {
          synchronized (met) {
            if (met[0] || !call.method().equals(method)) {
              return accepting();
            }
            met[0] = true;
            return reply;
          }
        };
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/api/";
  }

  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  public synchronized List<Call> calls(String method) {
    return calls.stream().filter(call -> call.method().equals(method)).toList();
  }

  /** Return what people see, in the order in which it came. */
  public synchronized List<Message> messages() {
    return List.copyOf(messages);
  }

  public synchronized List<String> texts(String channel) {
    return messages.stream().filter(m -> m.channel().equals(channel)).map(Message::text).toList();
  }

  public synchronized void forget() {
    calls.clear();
  }

  public static Reply accepting() {
    return (exchange, accept) -> answer(exchange, 200, accept.accept());
  }

  public static Reply error(String code) {
    return (exchange, accept) -> answer(exchange, 200, "{\"ok\":false,\"error\":\"" + code + "\"}");
  }

  public static Reply status(int status, String body) {
    return (exchange, accept) -> answer(exchange, status, body);
  }

  public static Reply rateLimited(String retryAfter) {
    return (exchange, accept) -> {
      if (retryAfter != null) {
        exchange.getResponseHeaders().set("Retry-After", retryAfter);
      }
      answer(exchange, 429, "{\"ok\":false,\"error\":\"ratelimited\"}");
    };
  }

  /** Break the connection without an answer, before the message was taken. */
  public static Reply dropped() {
    return (exchange, accept) -> exchange.close();
  }

  /** Take the message and break the connection: the answer is lost. */
  public static Reply acceptedAndDropped() {
    return (exchange, accept) -> {
      accept.accept();
      exchange.close();
    };
  }

  /** Take the message and answer that something is broken. */
  public static Reply acceptedAndFailed(int status) {
    return (exchange, accept) -> {
      accept.accept();
      answer(exchange, status, "<html>Bad gateway</html>");
    };
  }

  /** Never answer. */
  public Reply hanging() {
    return (exchange, accept) -> awaitClose();
  }

  /** Take the message and never answer. */
  public Reply acceptedAndHanging() {
    return (exchange, accept) -> {
      accept.accept();
      awaitClose();
    };
  }

  private void awaitClose() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    Map<String, String> form = new LinkedHashMap<>();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    for (String pair : body.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        form.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    String path = exchange.getRequestURI().getPath();
    Call call =
        new Call(
            path.substring(path.lastIndexOf('/') + 1),
            form,
            String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    synchronized (this) {
      calls.add(call);
    }
    script.apply(call).meet(exchange, () -> accept(call));
  }

  private synchronized String accept(Call call) {
    return switch (call.method()) {
      case "chat.postMessage" -> post(call);
      case "chat.update" -> update(call);
      case "conversations.history" -> history(call, "");
      case "conversations.replies" -> history(call, call.form().getOrDefault("ts", ""));
      default -> "{\"ok\":false,\"error\":\"unknown_method\"}";
    };
  }

  private String post(Call call) {
    long micros = clock.addAndGet(1_000);
    String ts = micros / 1_000_000 + "." + String.format("%06d", micros % 1_000_000);
    Map<String, String> form = call.form();
    messages.add(
        new Message(
            call.channel(),
            ts,
            form.getOrDefault("thread_ts", ""),
            "1".equals(form.get("reply_broadcast")) || "true".equals(form.get("reply_broadcast")),
            call.text(),
            form.getOrDefault("metadata", "{}")));
    return new JsonObject().put("ok", true).put("channel", call.channel()).put("ts", ts).toString();
  }

  private String update(Call call) {
    String ts = call.form().getOrDefault("ts", "");
    for (int i = 0; i < messages.size(); i++) {
      Message old = messages.get(i);
      if (old.channel().equals(call.channel()) && old.ts().equals(ts)) {
        messages.set(
            i,
            new Message(
                old.channel(), ts, old.thread(), old.broadcast(), call.text(), old.metadata()));
        return new JsonObject()
            .put("ok", true)
            .put("channel", call.channel())
            .put("ts", ts)
            .toString();
      }
    }
    return "{\"ok\":false,\"error\":\"message_not_found\"}";
  }

  private String history(Call call, String thread) {
    List<JsonObject> found = new ArrayList<>();
    for (Message message : messages) {
      boolean here = message.channel().equals(call.channel());
      boolean inThread = message.thread().equals(thread) || message.ts().equals(thread);
      boolean shown = message.thread().isEmpty() || message.broadcast();
      if (here && (thread.isEmpty() ? shown : inThread)) {
        found.add(
            new JsonObject()
                .put("type", "message")
                .put("ts", message.ts())
                .put("text", message.text())
                .put("metadata", parsed(message.metadata())));
      }
    }
    return new JsonObject().put("ok", true).put("messages", found).toString();
  }

  private static JsonObject parsed(String json) {
    try {
      return Json.parseObject(json);
    } catch (JsonException e) {
      throw new AssertionError(json, e);
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
