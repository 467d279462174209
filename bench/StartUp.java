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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * Times whole commands of the image side by side and prints ratios. Run by bench/start-up; every round runs each
 * command once, so that a noisy moment hits all of them.
 */
final class StartUp {
  private static final int WARM_UP = 3;

  private static final String STACK =
      "<DescribeStacksResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\"><DescribeStacksResult>"
          + "<Stacks><member><StackName>CourtCaseManagementStack</StackName><StackId>arn:aws:cloudformation:us-east-1:"
          + "123456789012:stack/CourtCaseManagementStack/1</StackId><CreationTime>2026-01-01T00:00:00Z</CreationTime>"
          + "<StackStatus>UPDATE_COMPLETE</StackStatus><Tags/></member></Stacks></DescribeStacksResult><ResponseMetadata>"
          + "<RequestId>1</RequestId></ResponseMetadata></DescribeStacksResponse>";

  /** What is timed: the command, the exit code that it must have, and the best time of its kind. */
  private record Subject(String name, List<String> command, int exit, Path registry) {}

  public static void main(String[] args) {
    int exit = 0;
    try {
      run(args);
    } catch (Exception e) {
      System.err.println("bench: " + e);
      exit = 1;
    }
    System.exit(exit);
  }

  private static void run(String[] args) throws Exception {
    String launcher = Path.of(args[0]).toRealPath().toString();
    String java = args[1];
    int rounds = Integer.parseInt(args[2]);
    Path work = Files.createTempDirectory("bench");
    Path small = registry(work.resolve("small"), 10);
    Path large = registry(work.resolve("large"), 10_000);
    Files.writeString(
        work.resolve("Hello.java"),
        "public class Hello { public static void main(String[] a) { System.out.println(\"hello\"); } }");
    new ProcessBuilder(Path.of(java).resolveSibling("javac").toString(), "Hello.java")
        .directory(work.toFile()).inheritIO().start().waitFor();
    HttpServer aws = serve();
    String url = "http://127.0.0.1:" + aws.getAddress().getPort();

    List<Subject> subjects = new ArrayList<>();
    subjects.add(new Subject("java Hello", List.of(java, "-cp", work.toString(), "Hello"), 0, small));
    subjects.add(new Subject("get-active, 10 entries", List.of(launcher, "coordinator", "get-active"), 0, small));
    subjects.add(new Subject("get-active, 10,000 entries", List.of(launcher, "coordinator", "get-active"), 0, large));
    subjects.add(new Subject("--help", List.of(launcher, "--help"), 0, small));
    subjects.add(new Subject("can-deploy", List.of(launcher, "coordinator", "can-deploy", "staging", "--stack", "CourtCaseManagementStack-2"), 0, small));
    boolean hasAws = onPath("aws");
    if (hasAws) {
      subjects.add(new Subject("aws describe-stacks", List.of("aws", "cloudformation", "describe-stacks", "--stack-name", "CourtCaseManagementStack"), 0, small));
    }
    Map<String, long[]> times = new LinkedHashMap<>();
    subjects.forEach(subject -> times.put(subject.name(), new long[rounds]));
    for (int round = -WARM_UP; round < rounds; round++) {
      for (Subject subject : subjects) {
        long nanos = time(subject, url);
        if (round >= 0) {
          times.get(subject.name())[round] = nanos;
        }
      }
    }
    System.out.printf("%-28s %10s %10s%n", "median of " + rounds + " rounds", "ms", "min ms");
    for (Subject subject : subjects) {
      long[] all = times.get(subject.name());
      Arrays.sort(all);
      System.out.printf("%-28s %10.1f %10.1f%n", subject.name(), all[rounds / 2] / 1e6, all[0] / 1e6);
    }
    System.out.println();
    ratio(times, "get-active, 10 entries", "java Hello", 3.5, 2.5);
    ratio(times, "--help", "java Hello", 3.5, 2.5);
    ratio(times, "get-active, 10,000 entries", "get-active, 10 entries", 2.0, 2.0);
    if (hasAws) {
      ratio(times, "can-deploy", "aws describe-stacks", 0.55, 0.4);
    } else {
      System.out.println("can-deploy / aws describe-stacks: skipped, the aws CLI is not on the PATH");
    }
    memory(launcher, small, large, url);
    aws.stop(0);
  }

  private static void ratio(Map<String, long[]> times, String one, String other, double most, double aim) {
    long[] a = times.get(one);
    long[] b = times.get(other);
    double ratio = (double) a[a.length / 2] / b[b.length / 2];
    System.out.printf(
        "%-52s %5.2f  (at most %.2f, aim %.2f) %s%n", one + " / " + other, ratio, most, aim, ratio <= most ? "ok" : "MISSED");
  }

  private static long time(Subject subject, String url) throws Exception {
    ProcessBuilder builder = builder(subject.command(), subject.registry(), url);
    long start = System.nanoTime();
    int exit = builder.start().waitFor();
    long nanos = System.nanoTime() - start;
    if (exit != subject.exit()) {
      throw new IllegalStateException(subject.name() + " exited with " + exit);
    }
    return nanos;
  }

  private static ProcessBuilder builder(List<String> command, Path registry, String url) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(
        Map.of("REGISTRY_DIR", registry.toString(), "AWS_ENDPOINT_URL", url, "AWS_ACCESS_KEY_ID", "bench",
            "AWS_SECRET_ACCESS_KEY", "bench", "AWS_REGION", "us-east-1", "AWS_DEFAULT_REGION", "us-east-1"));
    return builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
  }

  private static void memory(String launcher, Path small, Path large, String url) throws Exception {
    if (!Files.isExecutable(Path.of("/usr/bin/time"))) {
      System.out.println("memory: skipped, there is no /usr/bin/time");
      return;
    }
    Map<String, Subject> subjects = new LinkedHashMap<>();
    subjects.put("get-active, 10 entries", new Subject("", List.of(launcher, "coordinator", "get-active"), 0, small));
    subjects.put("get-active, 10,000 entries", new Subject("", List.of(launcher, "coordinator", "get-active"), 0, large));
    subjects.put("can-deploy", new Subject("", List.of(launcher, "coordinator", "can-deploy", "staging", "--stack", "S2"), 0, small));
    for (Map.Entry<String, Subject> entry : subjects.entrySet()) {
      List<String> command = new ArrayList<>(List.of("/usr/bin/time", "-f", "%M", "-o", "/tmp/bench-memory"));
      command.addAll(entry.getValue().command());
      builder(command, entry.getValue().registry(), url).start().waitFor();
      double mib = Long.parseLong(Files.readAllLines(Path.of("/tmp/bench-memory")).get(0).trim()) / 1024.0;
      System.out.printf("%-52s %5.0f  MiB resident (at most 100) %s%n", entry.getKey(), mib, mib < 100 ? "ok" : "MISSED");
    }
    Files.deleteIfExists(Path.of("/tmp/bench-memory"));
  }

  private static Path registry(Path folder, int entries) throws IOException {
    Files.createDirectories(folder);
    StringBuilder text = new StringBuilder("{\"deployments\":[");
    for (int i = 0; i < entries; i++) {
      String status = i == entries - 1 ? "IN_PROGRESS" : "SUCCEEDED";
      text.append(i == 0 ? "\n" : ",\n")
          .append("{\"correlation_id\":\"20260131-120000-").append(String.format("%08x", i))
          .append("\",\"workflow_run_id\":\"").append(4711 + i)
          .append("\",\"environment\":\"production\",\"stack_name\":\"CourtCaseManagementStack\",\"status\":\"").append(status)
          .append("\",\"started_at\":\"2026-01-31T12:00:00Z\",\"updated_at\":\"2026-01-31T12:30:00Z\",\"finished_at\":")
          .append("\"2026-01-31T12:30:00Z\",\"fencing_token\":").append(i + 1)
          .append(",\"commit\":\"0123456789abcdef0123456789abcdef01234567\",\"actor\":\"octocat\",\"host\":\"runner\"}");
    }
    Files.writeString(folder.resolve("deployments.json"), text + "\n]}\n");
    return folder;
  }

  private static HttpServer serve() throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          byte[] answer = STACK.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/xml");
          exchange.sendResponseHeaders(200, answer.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(answer);
          }
        });
    server.start();
    return server;
  }

  private static boolean onPath(String program) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
