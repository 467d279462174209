import com.sun.net.httpserver.HttpServer;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Watches a stack with 10,000 past events for 120 polls, half a second apart: an hour of polls every 30 s. Prints calls a
 * poll, processor time and resident memory, and how soon a killed monitor is back. Run by bench/monitor.
 */
final class Monitor {
  private static final String ARN = "arn:aws:cloudformation:us-east-1:123456789012:stack/S/1";
  private static final int HISTORY = 10_000;
  private static final AtomicInteger CALLS = new AtomicInteger();
  private static final AtomicInteger POLLS = new AtomicInteger();
  private static final Instant START = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  public static void main(String[] args) throws Exception {
    String launcher = Path.of(args[0]).toRealPath().toString();
    Path work = Files.createTempDirectory("bench");
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", exchange -> {
      String form = URLDecoder.decode(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8), StandardCharsets.UTF_8);
      boolean slack = exchange.getRequestURI().getPath().startsWith("/api/");
      if (!slack) {
        CALLS.incrementAndGet();
      }
      String body = slack ? "{\"ok\":true,\"channel\":\"C\",\"ts\":\"1." + System.nanoTime() + "\"}" : answer(form);
      int status = body.startsWith("<Error") ? 403 : 200;
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", slack ? "application/json" : "text/xml");
      exchange.sendResponseHeaders(status, bytes.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(bytes);
      }
    });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    Process monitor = start(work, url, launcher, "monitor", "run", "dep-1", "S", "--check-interval", "500ms");
    while (POLLS.get() < 3) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    int calls = CALLS.get();
    int polls = POLLS.get();
    while (POLLS.get() < 30) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    double early = memory(monitor.pid());
    while (POLLS.get() < 120) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    check("calls a poll", (double) (CALLS.get() - calls) / (POLLS.get() - polls), 2.02);
    check("processor time of 120 polls, s", cpu(monitor.pid()), 10);
    double late = memory(monitor.pid());
    check("resident memory, MiB", late, 110);
    check("its growth from poll 30 to 120, MiB", late - early, 8);
    monitor.destroyForcibly().waitFor();

    Process recovery = start(work, url, launcher, "recovery", "run", "dep-2", "S", "--recovery-interval", "2s", "--check-interval", "500ms");
    Path state = work.resolve(".deployment-registry/monitors/dep-2.json");
    long pid = await(state, 0);
    // It is killed in good health, after the recovery has seen it so.
    TimeUnit.SECONDS.sleep(5);
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    long killed = System.nanoTime();
    long next = await(state, pid);
    check("a killed monitor is back after, s (recovery interval 2 s)", (System.nanoTime() - killed) / 1e9, 2);
    recovery.destroyForcibly();
    ProcessHandle.of(next).ifPresent(ProcessHandle::destroyForcibly);
    System.exit(0);
  }

  private static long await(Path state, long other) throws Exception {
    while (true) {
      if (Files.exists(state)) {
        String text = Files.readString(state);
        String pid = text.replaceFirst("(?s).*?\"pid\":(\\d+).*", "$1");
        String top = text.contains("\"recovery\":{\"pid\":" + pid) && !text.replace("\"recovery\":{\"pid\":" + pid, "").contains("\"pid\":") ? "0" : pid;
        String own = text.replaceFirst("(?s)\"recovery\":\\{[^}]*}", "").replaceFirst("(?s).*\"pid\":(\\d+).*", "$1");
        long value = own.matches("\\d+") ? Long.parseLong(own) : Long.parseLong(top);
        if (value > 0 && value != other && text.contains("\"polls\"")) {
          return value;
        }
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static String answer(String form) {
    if (form.contains("Action=DescribeStacks&") || form.endsWith("Action=DescribeStacks")) {
      POLLS.incrementAndGet();
      return "<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>S</StackName><StackId>" + ARN + "</StackId><CreationTime>"
          + "2026-01-01T00:00:00Z</CreationTime><LastUpdatedTime>" + START + "</LastUpdatedTime><StackStatus>UPDATE_IN_PROGRESS</StackStatus><Tags/>"
          + "</member></Stacks></DescribeStacksResult></DescribeStacksResponse>";
    }
    if (!form.contains("DescribeStackEvents")) {
      return "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>";
    }
    // An event a poll since the update began, then the history.
    List<String> newest = new ArrayList<>();
    int fresh = POLLS.get();
    for (int i = fresh; i > 0; i--) {
      newest.add(event("u" + i, "R" + i % 50, "AWS::SQS::Queue", i % 2 == 0 ? "UPDATE_COMPLETE" : "UPDATE_IN_PROGRESS", START.plusMillis(500L * i)));
    }
    newest.add(event("start", "S", "AWS::CloudFormation::Stack", "UPDATE_IN_PROGRESS", START));
    int from = form.contains("NextToken=") ? Integer.parseInt(form.replaceFirst("(?s).*NextToken=(\\d+).*", "$1")) : 0;
    StringBuilder members = new StringBuilder();
    int all = newest.size() + HISTORY;
    for (int i = from; i < Math.min(all, from + 100); i++) {
      members.append(i < newest.size() ? newest.get(i) : event("h" + i, "R" + i % 500, "AWS::SQS::Queue", "CREATE_COMPLETE", START.minusSeconds(i)));
    }
    return "<DescribeStackEventsResponse><DescribeStackEventsResult><StackEvents>" + members + "</StackEvents><NextToken>" + (from + 100)
        + "</NextToken></DescribeStackEventsResult></DescribeStackEventsResponse>";
  }

  private static String event(String id, String resource, String type, String status, Instant at) {
    return "<member><EventId>" + id + "</EventId><StackId>" + ARN + "</StackId><StackName>S</StackName><Timestamp>" + at + "</Timestamp>"
        + "<LogicalResourceId>" + resource + "</LogicalResourceId><PhysicalResourceId>" + (resource.equals("S") ? ARN : "p") + "</PhysicalResourceId>"
        + "<ResourceType>" + type + "</ResourceType><ResourceStatus>" + status + "</ResourceStatus></member>";
  }

  private static Process start(Path work, String url, String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).directory(work.toFile());
    builder.environment().putAll(
        Map.of("AWS_ENDPOINT_URL", url, "AWS_ACCESS_KEY_ID", "bench", "AWS_SECRET_ACCESS_KEY", "bench", "AWS_REGION", "us-east-1",
            "SLACK_API_URL", url + "/api/", "SLACK_BOT_TOKEN", "xoxb-bench"));
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
    return builder.start();
  }

  private static double memory(long pid) throws Exception {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
        .filter(line -> line.startsWith("VmRSS"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse(0);
  }

  private static double cpu(long pid) throws Exception {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
  }

  private static void check(String what, double value, double most) {
    System.out.printf("%-58s %7.2f  (at most %.2f) %s%n", what, value, most, value <= most ? "ok" : "MISSED");
  }
}
