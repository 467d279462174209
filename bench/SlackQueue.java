import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Times messages and their queue, against a Slack on this machine. Run by bench/slack-queue. */
final class SlackQueue {
  private static final Map<String, Long> LAST = new ConcurrentHashMap<>();
  private static final AtomicInteger POSTED = new AtomicInteger();
  private static volatile long pauseNanos;
  private static volatile boolean silent;

  public static void main(String[] args) throws Exception {
    String launcher = Path.of(args[0]).toRealPath().toString();
    int rounds = Integer.parseInt(args[1]);
    Path work = Files.createTempDirectory("bench");
    HttpServer server = serve();
    String url = "http://127.0.0.1:" + server.getAddress().getPort();

    long[] notify = new long[rounds];
    long[] canDeploy = new long[rounds];
    for (int round = -3; round < rounds; round++) {
      long one = time(work, url, launcher, "coordinator", "can-deploy", "production");
      long two = time(work, url, launcher, "notify", "failed", "dep-1", "production", "no database");
      if (round >= 0) {
        canDeploy[round] = one;
        notify[round] = two;
      }
    }
    Arrays.sort(notify);
    Arrays.sort(canDeploy);
    System.out.printf("notify %.0f ms, can-deploy %.0f ms%n", notify[rounds / 2] / 1e6, canDeploy[rounds / 2] / 1e6);
    check("notify / can-deploy", (double) notify[rounds / 2] / canDeploy[rounds / 2], 1.5);

    fill(work, 1_000, 10);
    POSTED.set(0);
    List<String> measured = new ArrayList<>(List.of("/usr/bin/time", "-f", "%M", "-o", work + "/memory"));
    boolean timed = Files.isExecutable(Path.of("/usr/bin/time"));
    List<String> process = new ArrayList<>(timed ? measured : List.of());
    process.addAll(List.of(launcher, "retry-queue", "process"));
    long nanos = time(work, url, process.toArray(String[]::new));
    System.out.println(POSTED + " of 1,000 messages over 10 channels arrived");
    check("process of 1,000 messages, s", nanos / 1e9, 15);
    if (timed) {
      check("its memory, MiB", Long.parseLong(Files.readString(work.resolve("memory")).trim()) / 1024.0, 150);
    }

    fill(work, 300, 10);
    pauseNanos = 1_000_000_000L;
    nanos = time(work, url, launcher, "retry-queue", "process");
    // The first message of a channel goes out at once.
    check("process at one message a second and channel / ideal", nanos / 1e9 / 29, 1.1);
    pauseNanos = 0;

    fill(work, 10_000, 10);
    time(work, url, launcher, "retry-queue", "status");
    check("status of 10,000 messages, s", time(work, url, launcher, "retry-queue", "status") / 1e9, 1);
    empty(work);

    silent = true;
    check("notify with a Slack that never answers, s", time(work, url, launcher, "notify", "custom", "x") / 1e9, 6);
    empty(work);
    check("notify with no Slack, s", time(work, "http://127.0.0.1:1", launcher, "notify", "custom", "x") / 1e9, 6);
    System.exit(0);
  }

  private static void check(String what, double value, double most) {
    System.out.printf("%-55s %7.2f  (at most %.1f) %s%n", what, value, most, value <= most ? "ok" : "MISSED");
  }

  private static long time(Path work, String url, String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).directory(work.toFile());
    builder.environment().putAll(
        Map.of("AWS_ENDPOINT_URL", url, "AWS_ACCESS_KEY_ID", "bench", "AWS_SECRET_ACCESS_KEY", "bench",
            "AWS_REGION", "us-east-1", "SLACK_API_URL", url + "/api/", "SLACK_BOT_TOKEN", "xoxb-bench"));
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
    long start = System.nanoTime();
    int exit = builder.start().waitFor();
    if (exit != 0) {
      System.out.println("exit " + exit + ": " + String.join(" ", command));
    }
    return System.nanoTime() - start;
  }

  private static void fill(Path work, int messages, int channels) throws IOException {
    empty(work);
    Path queue = Files.createDirectories(work.resolve(".slack-retry-queue"));
    for (int i = 0; i < messages; i++) {
      Files.writeString(
          queue.resolve("msg_" + i + ".json"),
          "{\"message_id\":\"msg_" + i + "\",\"notification_type\":\"custom\",\"args\":[\"text " + i + "\"],\"channel\":\"C"
              + i % channels + "\",\"text\":\"text " + i + "\",\"blocks\":[{\"type\":\"section\",\"text\":{\"type\":\"mrkdwn\","
              + "\"text\":\"" + "text ".repeat(100) + "\"}}],\"retry_count\":0,\"queued_at\":\"2026-01-31T12:00:00Z\","
              + "\"next_retry_at\":\"2026-01-31T12:00:00Z\",\"last_error\":null,\"sequence\":" + i + "}");
    }
  }

  private static void empty(Path work) throws IOException {
    Path queue = work.resolve(".slack-retry-queue");
    if (Files.isDirectory(queue)) {
      try (var files = Files.list(queue)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static HttpServer serve() throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", exchange -> {
      exchange.getRequestBody().readAllBytes();
      send(exchange, 200, "text/xml",
          "<DescribeStacksResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\"><DescribeStacksResult>"
              + "<Stacks><member><StackName>S</StackName><StackId>arn:aws:cloudformation:us-east-1:123456789012:stack/S/1"
              + "</StackId><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>UPDATE_COMPLETE</StackStatus><Tags/>"
              + "</member></Stacks></DescribeStacksResult></DescribeStacksResponse>");
    });
    server.createContext("/api/", exchange -> {
      String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      while (silent) {
        try {
          Thread.sleep(1_000);
        } catch (InterruptedException e) {
          return;
        }
      }
      String channel = form.replaceFirst("(?s).*?channel=([^&]*).*", "$1");
      long now = System.nanoTime();
      Long last = LAST.get(channel);
      if (pauseNanos > 0 && last != null && now - last < pauseNanos) {
        exchange.getResponseHeaders().set("Retry-After", "1");
        send(exchange, 429, "application/json", "{\"ok\":false,\"error\":\"ratelimited\"}");
        return;
      }
      LAST.put(channel, now);
      POSTED.incrementAndGet();
      send(exchange, 200, "application/json", "{\"ok\":true,\"channel\":\"" + channel + "\",\"ts\":\"1." + now + "\"}");
    });
    server.start();
    return server;
  }

  private static void send(com.sun.net.httpserver.HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }
}
