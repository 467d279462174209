package deployctl.estimator;

import deployctl.aws.cloudformation.StackEvent;
import deployctl.operation.StackOperation;
import deployctl.operation.Template;
import deployctl.support.json.JsonObject;
import deployctl.testing.ScriptedOperation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A system whose durations are known: a graph of resources, each with a distribution of its own,
 * and deployments drawn from it as events.
 */
final class SimulatedWorld {
  private static final double LAG = 1.0;

  /** A resource: its type, what it waits for, the middle of its seconds, and how they scatter. */
  record SimulatedResource(
      String id, String type, List<String> after, double median, double sigma, double tail) {
    /** Draw a duration; a tail is a share of runs that take three times as long. */
    double draw(Random random) {
      double seconds = median * Math.exp(sigma * random.nextGaussian());
      return random.nextDouble() < tail ? seconds * 3 : seconds;
    }
  }

  /** A deployment: when each touched resource began and how long it took, in seconds. */
  record SimulatedDeployment(
      Instant start, String action, Map<String, double[]> times, double total) {}

  final String name;
  final Map<String, SimulatedResource> resources = new LinkedHashMap<>();
  private final Random random;
  private final double touched;

  SimulatedWorld(String name, long seed, double touched) {
    this.name = name;
    this.random = new Random(seed);
    this.touched = touched;
  }

  SimulatedWorld with(
      String id, String type, double median, double sigma, double tail, String... after) {
    resources.put(id, new SimulatedResource(id, type, List.of(after), median, sigma, tail));
    return this;
  }

  Template template() {
    JsonObject all = new JsonObject();
    resources.forEach(
        (id, resource) ->
            all.put(
                id,
                new JsonObject().put("Type", resource.type()).put("DependsOn", resource.after())));
    return Template.parse(new JsonObject().put("Resources", all).toString());
  }

  /** Draw a deployment; an update touches a share of the resources. */
  SimulatedDeployment deploy(Instant start) {
    boolean update = touched < 1;
    List<String> chosen = new ArrayList<>();
    for (String id : resources.keySet()) {
      if (!update || random.nextDouble() < touched) {
        chosen.add(id);
      }
    }
    if (chosen.isEmpty()) {
      chosen.add(resources.keySet().iterator().next());
    }
    Map<String, double[]> times = new LinkedHashMap<>();
    double total = play(chosen, random, times, Map.of(), 0);
    return new SimulatedDeployment(start, update ? "UPDATE" : "CREATE", times, total + 1);
  }

  /** Play what is not fixed yet; returns when all is done. */
  private double play(
      List<String> chosen,
      Random chance,
      Map<String, double[]> times,
      Map<String, double[]> fixed,
      double now) {
    double end = 0;
    for (String id : chosen) {
      SimulatedResource resource = resources.get(id);
      double begin = 0.5;
      for (String other : resource.after()) {
        double[] before = times.get(other);
        if (before != null) {
          begin = Math.max(begin, before[0] + before[1] + LAG);
        }
      }
      double[] known = fixed.get(id);
      double[] time;
      if (known != null && known[0] + known[1] <= now) {
        time = known;
      } else if (known != null && known[0] <= now) {
        double seconds = resource.draw(chance);
        for (int i = 0; i < 200 && known[0] + seconds <= now; i++) {
          seconds = resource.draw(chance);
        }
        time = new double[] {known[0], Math.max(seconds, now - known[0] + 0.1)};
      } else {
        time = new double[] {Math.max(begin, now), resource.draw(chance)};
      }
      times.put(id, time);
      end = Math.max(end, time[0] + time[1]);
    }
    return end;
  }

  /** What somebody would say who knows the distributions: the median of what is left. */
  double oracle(SimulatedDeployment deployment, double now, Random chance) {
    double[] left = new double[400];
    List<String> chosen = List.copyOf(deployment.times().keySet());
    for (int i = 0; i < left.length; i++) {
      left[i] = play(chosen, chance, new LinkedHashMap<>(), deployment.times(), now) + 1 - now;
    }
    java.util.Arrays.sort(left);
    return left[left.length / 2];
  }

  /** Return a deployment's events up to a second of it, oldest first. */
  List<StackEvent> events(SimulatedDeployment deployment, double until) {
    ScriptedOperation timeline = new ScriptedOperation(name, deployment.start());
    record Line(double at, String text) {}
    List<Line> lines = new ArrayList<>();
    lines.add(new Line(0, name + " " + deployment.action() + "_IN_PROGRESS | User Initiated"));
    deployment
        .times()
        .forEach(
            (id, time) -> {
              String start = id + " " + resources.get(id).type() + " " + deployment.action();
              lines.add(new Line(time[0], start + "_IN_PROGRESS"));
              lines.add(new Line(time[0] + time[1], start + "_COMPLETE"));
            });
    lines.add(new Line(deployment.total(), name + " " + deployment.action() + "_COMPLETE"));
    lines.sort(Comparator.comparingDouble(Line::at));
    for (Line line : lines) {
      if (line.at() <= until) {
        timeline.add(line.at() + " " + line.text());
      }
    }
    return timeline.all();
  }

  StackOperation operation(SimulatedDeployment deployment, double until) {
    StackOperation operation = new StackOperation(ScriptedOperation.arn(name));
    events(deployment, until).forEach(operation::apply);
    return operation;
  }

  /** The systems of the corpus. */
  static List<SimulatedWorld> corpus() {
    String db = "AWS::RDS::DBInstance";
    String svc = "AWS::ECS::Service";
    String lb = "AWS::ElasticLoadBalancingV2::LoadBalancer";
    String role = "AWS::IAM::Role";
    String queue = "AWS::SQS::Queue";
    List<SimulatedWorld> worlds = new ArrayList<>();
    worlds.add(
        new SimulatedWorld("Chain", 1, 1)
            .with("Vpc", "AWS::EC2::VPC", 20, 0.2, 0)
            .with("Db", db, 600, 0.25, 0, "Vpc")
            .with("Task", "AWS::ECS::TaskDefinition", 3, 0.2, 0, "Db")
            .with("Svc", svc, 160, 0.35, 0, "Task"));
    SimulatedWorld wide = new SimulatedWorld("Wide", 2, 1).with("Vpc", "AWS::EC2::VPC", 15, 0.2, 0);
    for (int i = 0; i < 12; i++) {
      wide.with("Q" + i, queue, 20 + 5 * i, 0.3, 0, "Vpc");
    }
    worlds.add(wide.with("Lb", lb, 170, 0.12, 0, "Vpc").with("Svc", svc, 120, 0.3, 0, "Lb"));
    worlds.add(
        new SimulatedWorld("HeavyTail", 3, 1)
            .with("Vpc", "AWS::EC2::VPC", 15, 0.2, 0)
            .with("Db", db, 420, 0.3, 0.15, "Vpc")
            .with("Cdn", "AWS::CloudFront::Distribution", 260, 0.45, 0.1)
            .with("Svc", svc, 150, 0.3, 0.05, "Db"));
    worlds.add(
        new SimulatedWorld("Branches", 4, 1)
            .with("A1", queue, 100, 0.25, 0)
            .with("A2", svc, 300, 0.25, 0, "A1")
            .with("B1", db, 350, 0.3, 0)
            .with("B2", svc, 80, 0.3, 0, "B1")
            .with("C1", lb, 180, 0.1, 0)
            .with("C2", role, 15, 0.4, 0, "C1")
            .with("End", svc, 60, 0.3, 0, "A2", "B2", "C2"));
    SimulatedWorld updates = new SimulatedWorld("Updates", 5, 0.4);
    updates
        .with("Role", role, 12, 0.3, 0)
        .with("Task", "AWS::ECS::TaskDefinition", 3, 0.2, 0, "Role");
    updates.with("Svc", svc, 240, 0.3, 0, "Task").with("Lb", lb, 30, 0.2, 0);
    for (int i = 0; i < 6; i++) {
      updates.with("Fn" + i, "AWS::Lambda::Function", 15 + 4 * i, 0.3, 0, "Role");
    }
    worlds.add(updates);
    worlds.add(
        new SimulatedWorld("Tight", 6, 1)
            .with("Nat", "AWS::EC2::NatGateway", 115, 0.05, 0)
            .with("Lb", lb, 168, 0.06, 0)
            .with("Svc", svc, 130, 0.08, 0, "Lb", "Nat"));
    return worlds;
  }
}
