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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * A stack of 500 resources and 20 past operations of all of them (10,000 events and more): the processor time of an
 * estimate, beside the same command without any history and without a template; the time
 * to collect, beside that of a program which only fetches the pages. Run by bench/estimator.
 */
final class Estimator {
  private static final String ARN = "arn:aws:cloudformation:us-east-1:123456789012:stack/S/1";
  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private static final List<String> EVENTS = new ArrayList<>();

  public static void main(String[] args) throws Exception {
    String launcher = Path.of(args[0]).toRealPath().toString();
    int rounds = Integer.parseInt(args[1]);
    for (int day = 0; day <= 10; day++) {
      Instant start = NOW.minus(day, ChronoUnit.DAYS).minusSeconds(300);
      List<String> one = new ArrayList<>();
      one.add(event("s" + day, "S", "AWS::CloudFormation::Stack", "UPDATE_IN_PROGRESS", start));
      for (int i = 0; i < 500; i++) {
        one.add(event("a" + day + "-" + i, "R" + i, "AWS::SQS::Queue", "UPDATE_IN_PROGRESS", start.plusSeconds(1 + i / 10)));
        if (day > 0 || i < 250) {
          one.add(event("b" + day + "-" + i, "R" + i, "AWS::SQS::Queue", "UPDATE_COMPLETE", start.plusSeconds(20 + i / 10 + day)));
        }
      }
      if (day > 0) {
        one.add(event("e" + day, "S", "AWS::CloudFormation::Stack", "UPDATE_COMPLETE", start.plusSeconds(280)));
      }
      java.util.Collections.reverse(one);
      EVENTS.addAll(one);
    }
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    server.setExecutor(Executors.newCachedThreadPool());
    StringBuilder template = new StringBuilder("{\"Resources\":{");
    for (int i = 0; i < 500; i++) {
      template.append(i == 0 ? "" : ",").append("\"R" + i + "\":{\"Type\":\"AWS::SQS::Queue\",\"DependsOn\":[\"R" + i / 2 + "\"],\"Properties\":{\"N\":{\"Ref\":\"R" + i / 3 + "\"}}}");
    }
    template.append("}}");
    server.createContext("/", exchange -> {
      String form = URLDecoder.decode(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8), StandardCharsets.UTF_8);
      String body = answer(form, template.toString());
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/xml");
      exchange.sendResponseHeaders(body.startsWith("<Error") ? 403 : 200, bytes.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(bytes);
      }
    });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort();

    Path learned = Files.createTempDirectory("bench");
    double[] collect = new double[rounds];
    for (int i = -2; i < rounds; i++) {
      Files.deleteIfExists(learned.resolve(".deployment-registry/deployment-history.json"));
      double[] took = run(learned, url, launcher, "estimator", "collect", "S");
      if (i >= 0) {
        collect[i] = took[0];
      }
    }
    double[] pages = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      pages[i] = fetchOnly(url);
    }
    System.out.printf("collect of %d events: %.2f s, of which start-up is about 0.2 s; fetching its pages alone, in a warm program: %.2f s%n", EVENTS.size(), median(collect), median(pages));
    // A full history: 200 operations, of which the newest keep what each resource took.
    Path file = learned.resolve(".deployment-registry/deployment-history.json");
    String text = Files.readString(file);
    System.out.printf("history of %d operations: %d KiB%n", 10, text.length() / 1024);
    double[] with = new double[rounds];
    double[] without = new double[rounds];
    double[] unlearned = new double[rounds];
    Path empty = Files.createTempDirectory("bench");
    for (int i = -2; i < rounds; i++) {
      double one = run(learned, url, launcher, "estimator", "estimate", "dep-1", "S", "-o", "json")[1];
      double fresh = run(empty, url, launcher, "estimator", "estimate", "dep-1", "S", "-o", "json")[1];
      double other = run(empty, url, launcher, "estimator", "estimate", "--stack", "Missing", "-o", "json")[1];
      if (i >= 0) {
        with[i] = one;
        without[i] = other;
        unlearned[i] = fresh;
      }
    }
    System.out.printf(
        "estimate, processor time: %.0f ms; without a history %.0f ms (the same AWS calls); of a stack that does not exist %.0f ms%n",
        1000 * median(with), 1000 * median(unlearned), 1000 * median(without));
    System.out.printf("what the history costs: %.0f ms (at most 50)%n", 1000 * (median(with) - median(unlearned)));
    System.exit(0);
  }

  private static double fetchOnly(String url) throws Exception {
    java.net.http.HttpClient client = java.net.http.HttpClient.newHttpClient();
    long start = System.nanoTime();
    for (int from = 0; from < EVENTS.size(); from += 100) {
      client.send(
          java.net.http.HttpRequest.newBuilder(java.net.URI.create(url + "/"))
              .POST(java.net.http.HttpRequest.BodyPublishers.ofString("Action=DescribeStackEvents" + (from == 0 ? "" : "&NextToken=" + from)))
              .build(),
          java.net.http.HttpResponse.BodyHandlers.ofString());
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static String answer(String form, String template) {
    if (form.contains("StackName=Missing")) {
      return "<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id Missing does not exist</Message></Error></ErrorResponse>";
    }
    if (form.contains("Action=DescribeStacks&") || form.endsWith("Action=DescribeStacks")) {
      return "<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>S</StackName><StackId>" + ARN + "</StackId><CreationTime>"
          + "2026-01-01T00:00:00Z</CreationTime><StackStatus>UPDATE_IN_PROGRESS</StackStatus><Tags/></member></Stacks></DescribeStacksResult></DescribeStacksResponse>";
    }
    if (form.contains("GetTemplate")) {
      return "<GetTemplateResponse><GetTemplateResult><TemplateBody>" + template + "</TemplateBody></GetTemplateResult></GetTemplateResponse>";
    }
    int from = form.contains("NextToken=") ? Integer.parseInt(form.replaceFirst("(?s).*NextToken=(\\d+).*", "$1")) : 0;
    int to = Math.min(EVENTS.size(), from + 100);
    return "<DescribeStackEventsResponse><DescribeStackEventsResult><StackEvents>" + String.join("", EVENTS.subList(from, to)) + "</StackEvents>"
        + (to < EVENTS.size() ? "<NextToken>" + to + "</NextToken>" : "") + "</DescribeStackEventsResult></DescribeStackEventsResponse>";
  }

  private static String event(String id, String resource, String type, String status, Instant at) {
    return "<member><EventId>" + id + "</EventId><StackId>" + ARN + "</StackId><StackName>S</StackName><Timestamp>" + at + "</Timestamp>"
        + "<LogicalResourceId>" + resource + "</LogicalResourceId><PhysicalResourceId>" + (resource.equals("S") ? ARN : "p") + "</PhysicalResourceId>"
        + "<ResourceType>" + type + "</ResourceType><ResourceStatus>" + status + "</ResourceStatus></member>";
  }

  /** Return seconds of the wall clock and of the processor. */
  private static double[] run(Path work, String url, String... command) throws Exception {
    List<String> words = new ArrayList<>(List.of("/usr/bin/time", "-f", "%U %S", "-o", work + "/time"));
    words.addAll(List.of(command));
    ProcessBuilder builder = new ProcessBuilder(words).directory(work.toFile());
    builder.environment().putAll(
        Map.of("AWS_ENDPOINT_URL", url, "AWS_ACCESS_KEY_ID", "bench", "AWS_SECRET_ACCESS_KEY", "bench", "AWS_REGION", "us-east-1"));
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
    long start = System.nanoTime();
    Process process = builder.start();
    process.waitFor();
    double wall = (System.nanoTime() - start) / 1e9;
    String[] times = Files.readAllLines(work.resolve("time")).stream().reduce((a, b) -> b).orElse("0 0").split(" ");
    return new double[] {wall, Double.parseDouble(times[0]) + Double.parseDouble(times[1])};
  }
}
