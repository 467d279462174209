package deployctl.app;

import deployctl.aws.client.AnswerMasking;
import deployctl.cli.Terminal;
import deployctl.support.env.Env;
import deployctl.support.tape.TapeRecorder;
import deployctl.testing.FakeTime;
import deployctl.testing.InProcess;
import deployctl.testing.ScriptedAws;
import deployctl.testing.World;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Makes the recordings that {@code deployctl demo} plays. Run by hand when a scene is to change:
 * {@code java -cp <test class path> deployctl.app.DemoRecordings
 * src/main/resources/deployctl/demo}.
 */
final class DemoRecordings {
  private static final String STACK = World.STACK;
  private static final String SERVICE_ARN =
      "arn:aws:ecs:us-east-1:" + World.ACCOUNT + ":service/" + World.CLUSTER + "/" + World.SERVICE;
  private static final long LENGTH = 1_060;

  private DemoRecordings() {}

  public static void main(String[] args) throws IOException {
    Path target = Path.of(args[0]);
    Path work = Files.createTempDirectory("demo");
    queue(target, work);
    ecs(target, work);
    deployment(target, work);
    list(target);
  }

  private static void queue(Path target, Path work) throws IOException {
    Map<String, Object> data = new HashMap<>();
    data.put("stack", Map.of("status", "UPDATE_COMPLETE", "updated", "3h"));
    record(data, work.resolve("a"), target.resolve("queue"), "diagnose", "stuck-queue");
    Files.createDirectories(target.resolve("registry"));
    Files.writeString(
        target.resolve("registry/deployments.json"),
        """
        {"deployments":[
        {"correlation_id":"20260131-085500-5ca1ab1e","workflow_run_id":"9001","environment":"production","stack_name":"CourtCaseManagementStack","status":"IN_PROGRESS","started_at":"2026-01-31T08:55:00Z","updated_at":"2026-01-31T08:55:00Z"},
        {"correlation_id":"20260131-115200-0ddba11e","workflow_run_id":"9002","environment":"production","stack_name":"CourtCaseManagementStack","status":"QUEUED","queued_at":"2026-01-31T11:52:00Z","updated_at":"2026-01-31T11:59:30Z","lease_expires_at":"2026-01-31T12:30:00Z"}
        ]}
        """);
  }

  private static void ecs(Path target, Path work) throws IOException {
    Map<String, Object> task =
        Map.of(
            "reason",
            "ResourceInitializationError: unable to pull secrets or registry auth: execution resource"
                + " retrieval failed: unable to retrieve secret from asm: service call has been retried"
                + " 1 time(s): ResourceNotFoundException: Secrets Manager can't find the specified"
                + " secret.");
    Map<String, Object> data = new HashMap<>();
    data.put("stack", Map.of("status", "UPDATE_IN_PROGRESS", "updated", "14m"));
    data.put(
        "ecs",
        Map.of(
            "service",
            Map.of(
                "running",
                0,
                "pending",
                1,
                "deployments",
                List.of(Map.of("state", "IN_PROGRESS", "running", 0, "pending", 1, "failed", 3))),
            "tasks",
            List.of(task, task, task),
            "definition",
            Map.of(
                "secrets",
                List.of(
                    "arn:aws:secretsmanager:us-east-1:123456789012:secret:courtcase-database-credentials-AbCdEf:password::"))));
    data.put("secrets", Map.of("courtcase-search-password", "x"));
    record(data, work.resolve("b"), target.resolve("ecs"), "diagnose", "ecs");
  }

  private static void record(Map<String, Object> data, Path work, Path recording, String... words)
      throws IOException {
    InProcess program = new InProcess(work);
    World world = new World(data, program.time.now());
    try (ScriptedAws aws = new ScriptedAws(world::serve)) {
      List<String> all = new ArrayList<>(List.of(words));
      all.addAll(List.of("--record", recording.toString()));
      System.out.println(program.aws(aws).run(all.toArray(String[]::new)));
    }
  }

  /** One operation's events, {@code start} seconds before the world's moment. */
  private static List<String> operation(long start, double stretch) {
    List<String> lines = new ArrayList<>();
    String type = " AWS::CloudFormation::Stack ";
    lines.add(start + "s " + STACK + type + "UPDATE_IN_PROGRESS - User Initiated");
    Object[][] steps = {
      {"Credentials", "AWS::SecretsManager::Secret", 6, 12, "courtcase-database-credentials"},
      {"AppSecurityGroup", "AWS::EC2::SecurityGroup", 8, 40, "sg-0c0ffee"},
      {"Database", "AWS::RDS::DBInstance", 44, 640, "courtcase-db"},
      {"LoadBalancer", "AWS::ElasticLoadBalancingV2::LoadBalancer", 44, 190, "alb"},
      {"TaskDefinition", "AWS::ECS::TaskDefinition", 646, 650, "courtcase-backend"},
      {"BackendService", "AWS::ECS::Service", 654, 1_020, SERVICE_ARN},
      {"HealthAlarm", "AWS::CloudWatch::Alarm", 1_026, 1_040, "alarm"},
    };
    List<long[]> order = new ArrayList<>();
    for (int i = 0; i < steps.length; i++) {
      order.add(new long[] {Math.round((int) steps[i][2] * stretch), i, 0});
      order.add(new long[] {Math.round((int) steps[i][3] * stretch), i, 1});
    }
    order.sort(java.util.Comparator.comparingLong(one -> one[0]));
    for (long[] one : order) {
      Object[] step = steps[(int) one[1]];
      lines.add(
          (start - one[0])
              + "s "
              + step[0]
              + " "
              + step[1]
              + (one[2] == 0 ? " UPDATE_IN_PROGRESS " : " UPDATE_COMPLETE ")
              + step[4]);
    }
    lines.add((start - Math.round(LENGTH * stretch)) + "s " + STACK + type + "UPDATE_COMPLETE");
    return lines;
  }

  private static void deployment(Path target, Path work) throws IOException {
    FakeTime time = new FakeTime("2026-01-31T12:20:02Z");
    List<String> events = new ArrayList<>();
    double[] stretches = {1.06, 0.93, 1.11, 0.98, 1.02};
    for (int i = 0; i < stretches.length; i++) {
      events.addAll(operation(86_400L * (stretches.length - i) + 1_200, stretches[i]));
    }
    Map<String, Object> data = new HashMap<>();
    data.put("stack", Map.of("status", "UPDATE_COMPLETE", "updated", "20m"));
    data.put("events", List.copyOf(events));
    data.put(
        "template",
        """
        {"Resources":{
        "Credentials":{"Type":"AWS::SecretsManager::Secret"},
        "AppSecurityGroup":{"Type":"AWS::EC2::SecurityGroup"},
        "Database":{"Type":"AWS::RDS::DBInstance","DependsOn":["Credentials","AppSecurityGroup"]},
        "LoadBalancer":{"Type":"AWS::ElasticLoadBalancingV2::LoadBalancer","DependsOn":["AppSecurityGroup"]},
        "TaskDefinition":{"Type":"AWS::ECS::TaskDefinition","DependsOn":["Database"]},
        "BackendService":{"Type":"AWS::ECS::Service","DependsOn":["TaskDefinition","LoadBalancer"]},
        "HealthAlarm":{"Type":"AWS::CloudWatch::Alarm","DependsOn":["BackendService"]}}}
        """);
    data.put("ecs", Map.of("service", Map.of("running", 2)));
    World world = new World(data, time.now());
    Path registry = work.resolve("registry");
    Files.createDirectories(registry);
    try (ScriptedAws aws = new ScriptedAws(world::serve)) {
      Map<String, String> env = new HashMap<>();
      env.put("REGISTRY_DIR", registry.toString());
      env.put("SLACK_RETRY_QUEUE_DIR", work.resolve("queue").toString());
      env.put("AWS_ACCESS_KEY_ID", "test");
      env.put("AWS_SECRET_ACCESS_KEY", "test");
      env.put("AWS_REGION", "us-east-1");
      env.put("AWS_ENDPOINT_URL", aws.url());
      Platform platform =
          new Platform(
              Platform.Processes.real(List.of("deployctl"), null),
              new ByteArrayInputStream(new byte[0]),
              System.out,
              OutputStream.nullOutputStream(),
              Terminal.none(),
              Env.of(env),
              time,
              new SplittableRandom(1),
              action -> () -> {});
      new Application(platform).run("estimator", "collect", STACK);
      Files.copy(
          registry.resolve("deployment-history.json"),
          Files.createDirectories(target.resolve("registry")).resolve("deployment-history.json"),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      events.addAll(operation(1_200, 1));
      world.put("events", events);
      TapeRecorder recorder =
          new TapeRecorder(target.resolve("deployment"), time, AnswerMasking::masked);
      new Application(platform, wiring -> wiring.tapes().put(recorder))
          .run("monitor", "run", "demo", STACK, "C1", work.resolve("m.log").toString());
      new Application(platform, wiring -> wiring.tapes().put(recorder)).run("diagnose", "ecs");
    }
  }

  private static void list(Path target) throws IOException {
    try (Stream<Path> all = Files.walk(target)) {
      List<String> names =
          all.filter(Files::isRegularFile)
              .map(path -> target.relativize(path).toString())
              .filter(name -> !name.equals("files.txt"))
              .sorted()
              .toList();
      Files.writeString(target.resolve("files.txt"), String.join("\n", names) + "\n");
    }
  }
}
