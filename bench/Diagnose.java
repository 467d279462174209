import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;

/**
 * Times 'diagnose ecs' and 'diagnose all' against an AWS and a Slack that take 100 ms a call, beside the AWS CLI commands
 * of the runbook one after another; counts the calls. Run by bench/diagnose.
 */
final class Diagnose {
  private static final long LATENCY_MILLIS = 100;
  private static final String TASK = "arn:aws:ecs:us-east-1:123456789012:task/CourtCaseCluster/t1";
  private static final List<String> CALLS = Collections.synchronizedList(new ArrayList<>());

  public static void main(String[] args) {
    int exit = 0;
    try {
      run(Path.of(args[0]).toRealPath().toString(), Integer.parseInt(args[1]));
    } catch (Exception e) {
      System.err.println("bench: " + e);
      exit = 1;
    }
    System.exit(exit);
  }

  private static void run(String launcher, int rounds) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", Diagnose::answer);
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    Path work = Files.createTempDirectory("bench-diagnose");
    Files.createDirectories(work.resolve(".deployment-registry"));
    Files.writeString(work.resolve(".deployment-registry/deployments.json"), "{\"deployments\":[]}");
    List<List<String>> runbook = runbook();
    List<Double> ecs = new ArrayList<>();
    List<Double> all = new ArrayList<>();
    List<Double> cli = new ArrayList<>();
    boolean withCli = time(work, url, List.of("aws", "--version")) >= 0;
    for (int i = -2; i < rounds; i++) {
      double one = time(work, url, List.of(launcher, "diagnose", "ecs", "-o", "json"));
      List<String> calls = List.copyOf(CALLS);
      CALLS.clear();
      double whole = time(work, url, List.of(launcher, "diagnose", "all", "-o", "json"));
      List<String> allCalls = List.copyOf(CALLS);
      CALLS.clear();
      double sum = 0;
      if (withCli) {
        for (List<String> command : runbook) {
          sum += time(work, url, command);
        }
      }
      CALLS.clear();
      if (i < 0) {
        report("diagnose ecs", calls);
        report("diagnose all", allCalls);
        continue;
      }
      ecs.add(one);
      all.add(whole);
      cli.add(sum);
    }
    System.out.printf("diagnose ecs  %.2f s (limit 1.2)%n", median(ecs));
    System.out.printf("diagnose all  %.2f s (limit 2.5)%n", median(all));
    if (withCli) {
      System.out.printf(
          "runbook's %d AWS CLI commands one after another  %.2f s; diagnose ecs is %.2f of it (limit 0.2)%n",
          runbook.size(), median(cli), median(ecs) / median(cli));
    }
  }

  private static void report(String name, List<String> calls) {
    Map<String, Integer> count = new TreeMap<>();
    calls.forEach(call -> count.merge(call, 1, Integer::sum));
    List<String> twice = count.entrySet().stream().filter(e -> e.getValue() > 1).map(Map.Entry::getKey).toList();
    System.out.println(name + ": " + calls.size() + " calls, twice: " + (twice.isEmpty() ? "none" : twice));
  }

  private static List<List<String>> runbook() {
    String cluster = "CourtCaseCluster";
    List<String> lines =
        List.of(
            "aws ecs describe-services --cluster " + cluster + " --services CourtCaseBackendService",
            "aws ecs list-tasks --cluster " + cluster + " --service-name CourtCaseBackendService",
            "aws ecs list-tasks --cluster " + cluster + " --desired-status STOPPED --max-items 5",
            "aws ecs list-tasks --cluster " + cluster + " --desired-status STOPPED --max-items 1",
            "aws ecs describe-tasks --cluster " + cluster + " --tasks " + TASK,
            "aws secretsmanager list-secrets",
            "aws logs get-log-events --log-group-name /ecs/courtcase-backend --log-stream-name app/app/t1 --limit 50",
            "aws ecs describe-clusters --clusters " + cluster,
            "aws service-quotas get-service-quota --service-code fargate --quota-code L-3032A538");
    return lines.stream().map(line -> Arrays.asList(line.split(" "))).toList();
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  private static double time(Path work, String url, List<String> command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).directory(work.toFile());
    builder.redirectOutput(work.resolve("out").toFile()).redirectError(work.resolve("err").toFile());
    Map<String, String> env = builder.environment();
    env.put("AWS_ENDPOINT_URL", url);
    env.put("SLACK_API_URL", url + "/api/");
    env.put("SLACK_BOT_TOKEN", "bench");
    env.put("AWS_ACCESS_KEY_ID", "bench");
    env.put("AWS_SECRET_ACCESS_KEY", "bench");
    env.put("AWS_REGION", "us-east-1");
    env.put("AWS_PAGER", "");
    long start = System.nanoTime();
    try {
      int exit = builder.start().waitFor();
      if (command.size() > 2 && command.get(1).equals("diagnose") && exit != 4) {
        throw new IllegalStateException(command + " exited with " + exit + ": " + Files.readString(work.resolve("err")));
      }
    } catch (IOException e) {
      return -1;
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    String path = exchange.getRequestURI().getPath();
    String action =
        target != null
            ? target.substring(target.lastIndexOf('.') + 1)
            : path.startsWith("/api/") ? path.substring(5) : body.replaceFirst("(?s).*?Action=([A-Za-z]+).*", "$1");
    CALLS.add(action + " " + body.replaceAll("\"(startTime|endTime)\":\\d+,?", ""));
    try {
      Thread.sleep(LATENCY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    boolean json = target != null || path.startsWith("/api/");
    byte[] bytes = text(action).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", json ? "application/x-amz-json-1.1" : "text/xml");
    exchange.sendResponseHeaders(200, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private static String text(String action) {
    long now = Instant.now().getEpochSecond();
    String definition = "arn:aws:ecs:us-east-1:123456789012:task-definition/courtcase-backend:7";
    return switch (action) {
      case "DescribeStacks" ->
          xml(
              action,
              "<Stacks><member><StackName>CourtCaseManagementStack</StackName><StackId>arn:aws:cloudformation:us-east-1:"
                  + "123456789012:stack/CourtCaseManagementStack/1</StackId><CreationTime>2026-01-01T00:00:00Z"
                  + "</CreationTime><StackStatus>UPDATE_COMPLETE</StackStatus></member></Stacks>");
      case "DescribeClusters" ->
          "{\"clusters\":[{\"clusterName\":\"CourtCaseCluster\",\"status\":\"ACTIVE\",\"activeServicesCount\":1}]}";
      case "DescribeServices" ->
          "{\"services\":[{\"serviceName\":\"CourtCaseBackendService\",\"status\":\"ACTIVE\",\"desiredCount\":2,"
              + "\"runningCount\":0,\"pendingCount\":0,\"launchType\":\"FARGATE\",\"taskDefinition\":\"" + definition
              + "\",\"deployments\":[{\"id\":\"ecs-svc/1\",\"status\":\"PRIMARY\",\"rolloutState\":\"IN_PROGRESS\","
              + "\"desiredCount\":2,\"runningCount\":0,\"failedTasks\":3,\"createdAt\":" + (now - 600) + "}],"
              + "\"loadBalancers\":[{\"targetGroupArn\":\"arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/a/1\"}]}]}";
      case "ListTasks" -> "{\"taskArns\":[\"" + TASK + "\"]}";
      case "DescribeTasks" ->
          "{\"tasks\":[{\"taskArn\":\"" + TASK + "\",\"startedBy\":\"ecs-svc/1\",\"stopCode\":\"EssentialContainerExited\","
              + "\"stoppedReason\":\"Essential container in task exited\",\"taskDefinitionArn\":\"" + definition + "\","
              + "\"createdAt\":" + (now - 300) + ",\"startedAt\":" + (now - 280) + ",\"stoppedAt\":" + (now - 200)
              + ",\"containers\":[{\"name\":\"app\",\"exitCode\":1}]}]}";
      case "DescribeTaskDefinition" ->
          "{\"taskDefinition\":{\"taskDefinitionArn\":\"" + definition + "\",\"cpu\":\"512\",\"executionRoleArn\":\"arn:aws:iam::"
              + "123456789012:role/exec\",\"containerDefinitions\":[{\"name\":\"app\",\"essential\":true,\"image\":\"123456789012.dkr.ecr."
              + "us-east-1.amazonaws.com/courtcase:v1\",\"secrets\":[{\"name\":\"A\",\"valueFrom\":\"arn:aws:secretsmanager:"
              + "us-east-1:123456789012:secret:courtcase-key-AbCdEf:password::\"}],\"logConfiguration\":{\"logDriver\":\"awslogs\","
              + "\"options\":{\"awslogs-group\":\"/ecs/courtcase-backend\",\"awslogs-stream-prefix\":\"app\"}}}]}}";
      case "DescribeSecret" -> "{\"Name\":\"courtcase-key\",\"ARN\":\"x\"}";
      case "GetSecretValue" -> "{\"Name\":\"courtcase-key\",\"SecretString\":\"{\\\"password\\\":\\\"x\\\"}\"}";
      case "ListSecrets" -> "{\"SecretList\":[]}";
      case "DescribeLogGroups" -> "{\"logGroups\":[{\"logGroupName\":\"/ecs/courtcase-backend\"}]}";
      case "GetLogEvents" -> "{\"events\":[{\"timestamp\":" + now * 1000 + ",\"message\":\"FATAL: no database\"}]}";
      case "GetServiceQuota" -> "{\"Quota\":{\"Value\":100.0}}";
      case "DescribeImages" -> "{\"imageDetails\":[{\"imageTags\":[\"v1\"]}]}";
      case "auth.test" -> "{\"ok\":true,\"user\":\"bot\",\"team\":\"court\"}";
      case "conversations.info" ->
          "{\"ok\":true,\"channel\":{\"id\":\"C\",\"name\":\"updates\",\"is_member\":true,\"is_archived\":false}}";
      default -> xml(action, "");
    };
  }

  private static String xml(String action, String inner) {
    return "<" + action + "Response><" + action + "Result>" + inner + "</" + action + "Result><ResponseMetadata><RequestId>1"
        + "</RequestId></ResponseMetadata></" + action + "Response>";
  }
}
