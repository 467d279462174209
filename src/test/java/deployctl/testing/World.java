package deployctl.testing;

import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An account as data: what AWS answers in it. Times are ages such as {@code 12m}, before the moment
 * that the world is looked at.
 *
 * <p>Keys: {@code stack}, {@code events}, {@code resources}, {@code nested}, {@code
 * invalid_template}, {@code ecs}, {@code rds}, {@code rds_events}, {@code subnet_groups}, {@code
 * secrets}, {@code log_groups}, {@code logs}, {@code images}, {@code targets}, {@code quota},
 * {@code tagged}, {@code denied}, {@code throttled}, {@code hanging}.
 *
 * <p>An event of a stack is {@code <age> <logical id> <type> <status> <physical id or -> <reason>};
 * one of a service is {@code <age> <message>}, before which ECS puts {@code (service <name>)}.
 */
public final class World {
  public static final String ACCOUNT = "123456789012";
  public static final String STACK = "CourtCaseManagementStack";
  public static final String CLUSTER = "CourtCaseCluster";
  public static final String SERVICE = "CourtCaseBackendService";
  private static final int PAGE = 100;

  private final Map<String, Object> data;
  private final Instant now;
  private final List<String> changes = Collections.synchronizedList(new ArrayList<>());

  public World(Map<String, Object> data, Instant now) {
    this.data = new LinkedHashMap<>(data);
    this.now = now;
  }

  /** Return what was asked to be changed, for instance {@code UpdateService}. */
  public List<String> changes() {
    return List.copyOf(changes);
  }

  /** Change what AWS answers from now on. */
  public void put(String key, Object value) {
    synchronized (data) {
      data.put(key, value);
    }
  }

  public static String stackArn(String name) {
    return "arn:aws:cloudformation:us-east-1:" + ACCOUNT + ":stack/" + name + "/1";
  }

  public ScriptedAws.Answer answer(Map<String, String> request) {
    synchronized (data) {
      String action = request.getOrDefault("Action", "");
      String service = request.getOrDefault("Service", "");
      if (listed("denied", action)) {
        return refuse(
            service, 403, "AccessDeniedException", "User is not authorized to perform: " + action);
      }
      if (listed("throttled", action)) {
        return refuse(service, 400, "ThrottlingException", "Rate exceeded");
      }
      return switch (service) {
        case "cloudformation" -> cloudFormation(action, request);
        case "rds" -> rds(action, request);
        case "elasticloadbalancing" -> balancing(action);
        case "sts" -> xml(action, "<Arn>arn:aws:sts::" + ACCOUNT + ":assumed-role/deploy/ci</Arn>");
        default -> ScriptedAws.json(200, json(service, action, body(request)));
      };
    }
  }

  /** Refuses as a service of the JSON protocol, when thrown out of {@link #json}. */
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final String code;

    Refusal(String code, String message) {
      super(message, null, false, false);
      this.code = code;
    }
  }

  /** Answer a request, with a service's refusals as its protocol has them. */
  public ScriptedAws.Answer serve(Map<String, String> request) {
    try {
      return answer(request);
    } catch (Refusal e) {
      return refuse(request.getOrDefault("Service", ""), 400, e.code, e.getMessage());
    }
  }

  private static ScriptedAws.Answer refuse(
      String service, int status, String code, String message) {
    return List.of("cloudformation", "rds", "elasticloadbalancing", "sts").contains(service)
        ? ScriptedAws.error(status, code, message)
        : ScriptedAws.json(
            status, new JsonObject().put("__type", code).put("message", message).toString());
  }

  private boolean listed(String key, String action) {
    return data.get(key) instanceof List<?> list && list.contains(action);
  }

  private static JsonObject body(Map<String, String> request) {
    try {
      return Json.parseObject(request.getOrDefault("Body", "{}"));
    } catch (JsonException e) {
      return new JsonObject();
    }
  }

  // ------------------------------------------------------------------ CloudFormation

  private ScriptedAws.Answer cloudFormation(String action, Map<String, String> request) {
    String asked = request.getOrDefault("StackName", "");
    String name = asked.startsWith("arn:") ? asked.split("/", -1)[1] : asked;
    Map<String, Object> stack = map("stack");
    if (action.equals("ValidateTemplate")) {
      Object why = data.get("invalid_template");
      return why == null
          ? xml(action, "")
          : ScriptedAws.error(400, "ValidationError", String.valueOf(why));
    }
    if (!name.equals(text(stack, "name", STACK)) && nested(asked) == null || stack.isEmpty()) {
      return ScriptedAws.noSuchStack(asked);
    }
    return switch (action) {
      case "DescribeStacks" ->
          ScriptedAws.xml(200, wrap(action, "<Stacks>" + stackXml(name, stack) + "</Stacks>"));
      case "DescribeStackEvents" -> events(action, name, request.get("NextToken"));
      case "ListStackResources" ->
          xml(action, "<StackResourceSummaries>" + resources() + "</StackResourceSummaries>");
      case "GetTemplate" ->
          xml(action, tag("TemplateBody", String.valueOf(data.getOrDefault("template", "{}"))));
      default -> {
        changes.add(action);
        yield xml(action, "");
      }
    };
  }

  private String stackXml(String name, Map<String, Object> stack) {
    return "<member>"
        + tag("StackName", name)
        + tag("StackId", stackArn(name))
        + tag("CreationTime", ago(text(stack, "age", "30d")).toString())
        + (stack.containsKey("updated")
            ? tag("LastUpdatedTime", ago(text(stack, "updated", "1h")).toString())
            : "")
        + tag("StackStatus", text(stack, "status", "CREATE_COMPLETE"))
        + (stack.containsKey("reason") ? tag("StackStatusReason", text(stack, "reason", "")) : "")
        + tag("EnableTerminationProtection", text(stack, "protected", "false"))
        + "<Tags/></member>";
  }

  private List<?> nested(String arnOrName) {
    return data.get("nested") instanceof Map<?, ?> all
        ? (List<?>) all.get(arnOrName.startsWith("arn:") ? arnOrName.split("/", -1)[1] : arnOrName)
        : null;
  }

  /** Events are texts: age, logical id, type, status, physical id or a dash, then the reason. */
  private ScriptedAws.Answer events(String action, String name, String token) {
    List<?> lines = nested(name) != null ? nested(name) : list("events");
    List<String> members = new ArrayList<>();
    int number = 0;
    for (Object line : lines) {
      String[] words = String.valueOf(line).split(" ", 6);
      boolean own = words[1].equals(name);
      String id = words.length > 4 && !words[4].equals("-") ? words[4] : "";
      members.add(
          "<member>"
              + tag("EventId", name + "-" + number++)
              + tag("StackId", stackArn(name))
              + tag("StackName", name)
              + tag("Timestamp", ago(words[0]).plusMillis(number).toString())
              + tag("LogicalResourceId", words[1])
              + tag("PhysicalResourceId", own ? stackArn(name) : id)
              + tag("ResourceType", words[2])
              + tag("ResourceStatus", words[3])
              + (words.length > 5 ? tag("ResourceStatusReason", words[5]) : "")
              + "</member>");
    }
    Collections.reverse(members);
    int from = token == null ? 0 : Integer.parseInt(token);
    int to = Math.min(members.size(), from + PAGE);
    String next = to < members.size() ? tag("NextToken", String.valueOf(to)) : "";
    return xml(
        action,
        "<StackEvents>" + String.join("", members.subList(from, to)) + "</StackEvents>" + next);
  }

  private String resources() {
    StringBuilder xml = new StringBuilder();
    for (Object line : list("resources")) {
      String[] words = String.valueOf(line).split(" ", 4);
      xml.append("<member>")
          .append(tag("LogicalResourceId", words[0]))
          .append(tag("PhysicalResourceId", words[3]))
          .append(tag("ResourceType", words[1]))
          .append(tag("ResourceStatus", words[2]))
          .append(tag("LastUpdatedTimestamp", now.toString()))
          .append("</member>");
    }
    return xml.toString();
  }

  // ------------------------------------------------------------------ RDS and load balancing

  private ScriptedAws.Answer rds(String action, Map<String, String> request) {
    return switch (action) {
      case "DescribeDBInstances" -> instances(action, request.get("DBInstanceIdentifier"));
      case "DescribeEvents" -> {
        StringBuilder xml = new StringBuilder("<Events>");
        for (Object line : list("rds_events")) {
          String[] words = String.valueOf(line).split(" ", 3);
          if (words[1].equals(request.get("SourceIdentifier"))) {
            xml.append("<Event>")
                .append(tag("SourceIdentifier", words[1]))
                .append(tag("Date", ago(words[0]).toString()))
                .append(tag("Message", words[2]))
                .append("</Event>");
          }
        }
        yield xml(action, xml + "</Events>");
      }
      case "DescribeDBSubnetGroups" -> {
        StringBuilder xml = new StringBuilder("<DBSubnetGroups>");
        map("subnet_groups")
            .forEach(
                (name, zones) ->
                    xml.append("<DBSubnetGroup>")
                        .append(tag("DBSubnetGroupName", name))
                        .append(tag("SubnetGroupStatus", "Complete"))
                        .append(subnets(zones))
                        .append("</DBSubnetGroup>"));
        yield xml(action, xml + "</DBSubnetGroups>");
      }
      default -> {
        changes.add(action);
        if (action.equals("DeleteDBInstance")) {
          data.put("rds", new LinkedHashMap<String, Object>());
        }
        yield xml(action, "");
      }
    };
  }

  private ScriptedAws.Answer instances(String action, String wanted) {
    StringBuilder xml = new StringBuilder("<DBInstances>");
    int[] found = {0};
    map("rds")
        .forEach(
            (id, value) -> {
              if (wanted == null || wanted.equals(id)) {
                found[0]++;
                xml.append(instance(id, asMap(value)));
              }
            });
    return wanted != null && found[0] == 0
        ? ScriptedAws.error(404, "DBInstanceNotFound", "DBInstance " + wanted + " not found.")
        : xml(action, xml + "</DBInstances>");
  }

  private String instance(String id, Map<String, Object> one) {
    Object zones = one.getOrDefault("zones", List.of("us-east-1a", "us-east-1b"));
    return "<DBInstance>"
        + tag("DBInstanceIdentifier", id)
        + tag("DBInstanceStatus", text(one, "status", "available"))
        + tag("DBInstanceClass", text(one, "class", "db.t3.medium"))
        + tag("Engine", "postgres")
        + tag("AllocatedStorage", text(one, "gib", "100"))
        + (one.containsKey("age")
            ? tag("InstanceCreateTime", ago(text(one, "age", "")).toString())
            : "")
        + tag("DeletionProtection", text(one, "protected", "false"))
        + (one.containsKey("key") ? tag("KmsKeyId", text(one, "key", "")) : "")
        + "<DBParameterGroups><DBParameterGroup>"
        + tag("DBParameterGroupName", "courtcase-pg")
        + tag("ParameterApplyStatus", "in-sync")
        + "</DBParameterGroup></DBParameterGroups><DBSubnetGroup>"
        + tag("DBSubnetGroupName", "courtcase-subnets")
        + subnets(zones)
        + "</DBSubnetGroup><VpcSecurityGroups><VpcSecurityGroupMembership>"
        + tag("VpcSecurityGroupId", "sg-1")
        + "</VpcSecurityGroupMembership></VpcSecurityGroups></DBInstance>";
  }

  private static String subnets(Object zones) {
    StringBuilder xml = new StringBuilder("<Subnets>");
    int number = 0;
    for (Object zone : (List<?>) zones) {
      number++;
      xml.append("<Subnet>")
          .append(tag("SubnetIdentifier", "subnet-" + number))
          .append("<SubnetAvailabilityZone>")
          .append(tag("Name", String.valueOf(zone)))
          .append("</SubnetAvailabilityZone></Subnet>");
    }
    return xml + "</Subnets>";
  }

  private ScriptedAws.Answer balancing(String action) {
    if (action.equals("DescribeTargetGroups")) {
      return xml(
          action,
          "<TargetGroups><member>"
              + tag("TargetGroupName", "backend")
              + tag("Port", "8000")
              + tag("Protocol", "HTTP")
              + tag("HealthCheckPath", "/health")
              + tag("HealthCheckPort", "traffic-port")
              + tag("HealthCheckIntervalSeconds", "30")
              + tag("UnhealthyThresholdCount", "3")
              + "<Matcher>"
              + tag("HttpCode", "200")
              + "</Matcher></member></TargetGroups>");
    }
    StringBuilder xml = new StringBuilder("<TargetHealthDescriptions>");
    for (Object line : list("targets")) {
      String[] words = String.valueOf(line).split(" ", 4);
      xml.append("<member><Target>")
          .append(tag("Id", words[0]))
          .append(tag("Port", "8000"))
          .append("</Target><TargetHealth>")
          .append(tag("State", words[1]))
          .append(words.length > 2 ? tag("Reason", words[2]) : "")
          .append(words.length > 3 ? tag("Description", words[3]) : "")
          .append("</TargetHealth></member>");
    }
    return xml(action, xml + "</TargetHealthDescriptions>");
  }

  // ------------------------------------------------------------------ the JSON protocols

  private String json(String service, String action, JsonObject request) {
    return switch (service) {
      case "ecs" -> ecs(action, request).toString();
      case "secretsmanager" -> secrets(action, request).toString();
      case "logs" -> logs(action, request).toString();
      case "servicequotas" -> quota().toString();
      case "ecr" -> images(request).toString();
      case "tagging" ->
          new JsonObject()
              .put(
                  "ResourceTagMappingList",
                  list("tagged").stream()
                      .map(arn -> new JsonObject().put("ResourceARN", String.valueOf(arn)))
                      .toList())
              .toString();
      default -> "{}";
    };
  }

  private JsonObject ecs(String action, JsonObject request) {
    Map<String, Object> ecs = map("ecs");
    Map<String, Object> cluster = asMap(ecs.get("cluster"));
    boolean missing = ecs.isEmpty() || "missing".equals(ecs.get("cluster"));
    String name = text(ecs, "cluster_name", CLUSTER);
    String asked = lastPart(request.string("cluster"));
    boolean elsewhere = missing || !name.equals(asked);
    return switch (action) {
      case "ListClusters" ->
          new JsonObject().put("clusterArns", missing ? List.of() : List.of(clusterArn(name)));
      case "DescribeClusters" -> {
        List<?> names = request.list("clusters");
        boolean other = names == null || !name.equals(lastPart(String.valueOf(names.get(0))));
        yield new JsonObject()
            .put("clusters", missing || other ? List.of() : List.of(cluster(name, cluster)));
      }
      case "DescribeServices" -> {
        if (elsewhere) {
          throw new Refusal("ClusterNotFoundException", "Cluster not found.");
        }
        yield new JsonObject().put("services", services(ecs, request));
      }
      case "ListTasks" -> {
        if (elsewhere) {
          throw new Refusal("ClusterNotFoundException", "Cluster not found.");
        }
        yield tasks(ecs, request);
      }
      case "DescribeTasks" -> new JsonObject().put("tasks", describedTasks(ecs, request));
      case "DescribeTaskDefinition" ->
          new JsonObject().put("taskDefinition", taskDefinition(asMap(ecs.get("definition"))));
      default -> {
        changes.add(action);
        yield new JsonObject();
      }
    };
  }

  private static String clusterArn(String name) {
    return "arn:aws:ecs:us-east-1:" + ACCOUNT + ":cluster/" + name;
  }

  private static JsonObject cluster(String name, Map<String, Object> cluster) {
    return new JsonObject()
        .put("clusterName", name)
        .put("clusterArn", clusterArn(name))
        .put("status", text(cluster, "status", "ACTIVE"))
        .put("registeredContainerInstancesCount", number(cluster, "instances", 0))
        .put("runningTasksCount", number(cluster, "running", 2))
        .put("pendingTasksCount", 0L)
        .put("activeServicesCount", number(cluster, "services", 1));
  }

  private List<JsonObject> services(Map<String, Object> ecs, JsonObject request) {
    List<?> wanted = request.list("services");
    Object value = ecs.get("service");
    String name = text(ecs, "service_name", SERVICE);
    boolean other = wanted == null || !name.equals(lastPart(String.valueOf(wanted.get(0))));
    if ("missing".equals(value) || other) {
      return List.of();
    }
    Map<String, Object> service = asMap(value);
    List<JsonObject> deployments = new ArrayList<>();
    List<?> all = service.get("deployments") instanceof List<?> list ? list : List.of(Map.of());
    for (Object one : all) {
      deployments.add(deployment(asMap(one), service));
    }
    List<JsonObject> events = new ArrayList<>();
    int number = 0;
    for (Object line : service.get("events") instanceof List<?> list ? list : List.of()) {
      String[] words = String.valueOf(line).split(" ", 2);
      events.add(
          new JsonObject()
              .put("id", "e" + number++)
              .put("createdAt", ago(words[0]).getEpochSecond())
              .put("message", "(service " + name + ") " + words[1]));
    }
    return List.of(
        new JsonObject()
            .put("serviceName", name)
            .put(
                "serviceArn",
                "arn:aws:ecs:us-east-1:"
                    + ACCOUNT
                    + ":service/"
                    + text(ecs, "cluster_name", CLUSTER)
                    + "/"
                    + name)
            .put("clusterArn", clusterArn(text(ecs, "cluster_name", CLUSTER)))
            .put("status", text(service, "status", "ACTIVE"))
            .put("desiredCount", number(service, "desired", 2))
            .put("runningCount", number(service, "running", 2))
            .put("pendingCount", number(service, "pending", 0))
            .put("launchType", text(service, "launch", "FARGATE"))
            .put("taskDefinition", definitionArn())
            .put("createdAt", ago("2d").getEpochSecond())
            .put("deployments", deployments)
            .put("events", events)
            .put(
                "loadBalancers",
                data.containsKey("targets")
                    ? List.of(
                        new JsonObject()
                            .put(
                                "targetGroupArn",
                                "arn:aws:elasticloadbalancing:us-east-1:"
                                    + ACCOUNT
                                    + ":targetgroup/backend/1"))
                    : List.of())
            .put(
                "deploymentConfiguration",
                new JsonObject()
                    .put(
                        "deploymentCircuitBreaker",
                        new JsonObject().put("enable", true).put("rollback", true)))
            .put(
                "networkConfiguration",
                new JsonObject()
                    .put(
                        "awsvpcConfiguration",
                        new JsonObject().put("subnets", List.of("subnet-1", "subnet-2")))));
  }

  private JsonObject deployment(Map<String, Object> one, Map<String, Object> service) {
    return new JsonObject()
        .put("id", text(one, "id", "ecs-svc/1"))
        .put("status", text(one, "status", "PRIMARY"))
        .put("rolloutState", text(one, "state", "COMPLETED"))
        .put("rolloutStateReason", text(one, "reason", ""))
        .put("desiredCount", number(one, "desired", number(service, "desired", 2)))
        .put("runningCount", number(one, "running", number(service, "running", 2)))
        .put("pendingCount", number(one, "pending", 0))
        .put("failedTasks", number(one, "failed", 0))
        .put("taskDefinition", definitionArn())
        .put("createdAt", ago(text(one, "age", "10m")).getEpochSecond());
  }

  private static String definitionArn() {
    return "arn:aws:ecs:us-east-1:" + ACCOUNT + ":task-definition/courtcase-backend:7";
  }

  private List<?> stopped(Map<String, Object> ecs) {
    return ecs.get("tasks") instanceof List<?> list ? list : List.of();
  }

  private JsonObject tasks(Map<String, Object> ecs, JsonObject request) {
    int count = "STOPPED".equals(request.string("desiredStatus")) ? stopped(ecs).size() : 0;
    long repeat = number(ecs, "repeat", 1);
    long all = count * repeat;
    long from =
        request.string("nextToken") == null ? 0 : Long.parseLong(request.string("nextToken"));
    long to = Math.min(all, from + PAGE);
    List<String> arns = new ArrayList<>();
    for (long i = from; i < to; i++) {
      arns.add(taskArn(i));
    }
    JsonObject answer = new JsonObject().put("taskArns", arns);
    return to < all ? answer.put("nextToken", String.valueOf(to)) : answer;
  }

  private static String taskArn(long number) {
    return "arn:aws:ecs:us-east-1:" + ACCOUNT + ":task/" + CLUSTER + "/t" + number;
  }

  private List<JsonObject> describedTasks(Map<String, Object> ecs, JsonObject request) {
    List<JsonObject> described = new ArrayList<>();
    List<?> arns = request.list("tasks");
    for (Object arn : arns == null ? List.of() : arns) {
      long number = Long.parseLong(lastPart(String.valueOf(arn)).substring(1));
      List<?> all = stopped(ecs);
      described.add(task(String.valueOf(arn), asMap(all.get((int) (number % all.size())))));
    }
    return described;
  }

  private JsonObject task(String arn, Map<String, Object> one) {
    List<JsonObject> containers = new ArrayList<>();
    List<?> all =
        one.get("containers") instanceof List<?> list
            ? list
            : List.of(one.containsKey("exit") || one.containsKey("container") ? one : Map.of());
    for (Object container : all) {
      Map<String, Object> map = asMap(container);
      JsonObject json =
          new JsonObject()
              .put("name", text(map, "name", "app"))
              .put("lastStatus", "STOPPED")
              .putIfKnown(
                  "reason",
                  map.get("container") == null ? null : String.valueOf(map.get("container")));
      if (map.containsKey("exit")) {
        json.put("exitCode", number(map, "exit", 0));
      }
      containers.add(json);
    }
    JsonObject task =
        new JsonObject()
            .put("taskArn", arn)
            .put("group", "service:" + text(one, "service", SERVICE))
            .put("startedBy", text(one, "by", "ecs-svc/1"))
            .put("taskDefinitionArn", definitionArn())
            .put("lastStatus", "STOPPED")
            .put("stopCode", text(one, "code", "TaskFailedToStart"))
            .put("stoppedReason", text(one, "reason", ""))
            .put("createdAt", ago(text(one, "created", "6m")).getEpochSecond())
            .put("stoppedAt", ago(text(one, "stopped", "5m")).getEpochSecond())
            .put("containers", containers);
    return one.containsKey("exit")
        ? task.put("startedAt", ago(text(one, "created", "6m")).getEpochSecond())
        : task;
  }

  private JsonObject taskDefinition(Map<String, Object> definition) {
    List<JsonObject> secrets = new ArrayList<>();
    for (Object secret : definition.get("secrets") instanceof List<?> list ? list : List.of()) {
      secrets.add(
          new JsonObject()
              .put("name", "S" + secrets.size())
              .put("valueFrom", String.valueOf(secret)));
    }
    return new JsonObject()
        .put("taskDefinitionArn", definitionArn())
        .put("family", "courtcase-backend")
        .put("cpu", text(definition, "cpu", "512"))
        .put("memory", "1024")
        .put("executionRoleArn", "arn:aws:iam::" + ACCOUNT + ":role/courtcase-execution")
        .put(
            "containerDefinitions",
            List.of(
                new JsonObject()
                    .put("name", "app")
                    .put(
                        "image", text(definition, "image", "public.ecr.aws/docker/library/nginx:1"))
                    .put("essential", true)
                    .put("secrets", secrets)
                    .put(
                        "logConfiguration",
                        new JsonObject()
                            .put("logDriver", "awslogs")
                            .put(
                                "options",
                                new JsonObject()
                                    .put(
                                        "awslogs-group",
                                        text(definition, "group", "/ecs/courtcase-backend"))
                                    .put("awslogs-region", "us-east-1")
                                    .put("awslogs-stream-prefix", "app")))));
  }

  private JsonObject secrets(String action, JsonObject request) {
    Map<String, Object> all = map("secrets");
    if (action.equals("ListSecrets")) {
      return new JsonObject()
          .put(
              "SecretList",
              all.keySet().stream().map(n -> new JsonObject().put("Name", n)).toList());
    }
    if (action.equals("CreateSecret")) {
      changes.add(action);
      Map<String, Object> more = new LinkedHashMap<>(all);
      more.put(String.valueOf(request.string("Name")), request.string("SecretString"));
      data.put("secrets", more);
      return new JsonObject();
    }
    String id = String.valueOf(request.string("SecretId"));
    String name =
        all.keySet().stream()
            .filter(n -> id.equals(n) || id.contains(":secret:" + n))
            .findFirst()
            .orElse(null);
    if (name == null) {
      throw new Refusal(
          "ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
    }
    if (action.equals("RestoreSecret")) {
      changes.add(action);
      Map<String, Object> more = new LinkedHashMap<>(all);
      more.put(name, "{}");
      data.put("secrets", more);
    }
    Object value = all.get(name);
    JsonObject answer =
        new JsonObject()
            .put("Name", name)
            .put(
                "ARN",
                "arn:aws:secretsmanager:us-east-1:" + ACCOUNT + ":secret:" + name + "-AbCdEf");
    if (action.equals("GetSecretValue")) {
      return answer.put("SecretString", String.valueOf(value));
    }
    return "deleted".equals(value) ? answer.put("DeletedDate", ago("1d").getEpochSecond()) : answer;
  }

  private JsonObject logs(String action, JsonObject request) {
    if (action.equals("DescribeLogGroups")) {
      List<?> groups =
          data.containsKey("log_groups") ? list("log_groups") : List.of("/ecs/courtcase-backend");
      return new JsonObject()
          .put(
              "logGroups",
              groups.stream()
                  .map(g -> new JsonObject().put("logGroupName", String.valueOf(g)))
                  .toList());
    }
    List<JsonObject> events = new ArrayList<>();
    for (Object line : list("logs")) {
      events.add(
          new JsonObject()
              .put("timestamp", now.toEpochMilli())
              .put("message", String.valueOf(line)));
    }
    if (request.string("logStreamName") == null) {
      throw new Refusal("InvalidParameterException", "no stream");
    }
    return new JsonObject().put("events", events);
  }

  private JsonObject quota() {
    Object value = data.getOrDefault("quota", 100);
    return new JsonObject()
        .put("Quota", new JsonObject().put("Value", ((Number) value).doubleValue()));
  }

  private JsonObject images(JsonObject request) {
    Map<String, Object> images = map("images");
    Object tags = images.get(String.valueOf(request.string("repositoryName")));
    if (tags == null) {
      throw new Refusal("RepositoryNotFoundException", "The repository does not exist");
    }
    List<?> ids = request.list("imageIds");
    String tag = ids == null ? null : ((JsonObject) ids.get(0)).string("imageTag");
    List<JsonObject> details =
        ((List<?>) tags)
            .stream()
                .filter(t -> tag == null || tag.equals(String.valueOf(t)))
                .map(t -> new JsonObject().put("imageTags", List.of(String.valueOf(t))))
                .toList();
    if (details.isEmpty()) {
      throw new Refusal("ImageNotFoundException", "The image does not exist");
    }
    return new JsonObject().put("imageDetails", details);
  }

  // ------------------------------------------------------------------ reading the data

  private Map<String, Object> map(String key) {
    return asMap(data.get(key));
  }

  private List<?> list(String key) {
    return data.get(key) instanceof List<?> list ? list : List.of();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> asMap(Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  private static String text(Map<String, Object> map, String key, String fallback) {
    return Objects.toString(map.get(key), fallback);
  }

  private static long number(Map<String, Object> map, String key, long fallback) {
    return map.get(key) instanceof Number number ? number.longValue() : fallback;
  }

  private static String lastPart(String arn) {
    return arn == null ? "" : arn.substring(arn.lastIndexOf('/') + 1);
  }

  /** Return the moment that lies so long ago, for instance {@code 12m}. */
  public Instant ago(String age) {
    return now.minus(deployctl.support.time.Durations.parse("age", age, Duration.ofMinutes(1)));
  }

  private static ScriptedAws.Answer xml(String action, String inner) {
    return ScriptedAws.xml(200, wrap(action, inner));
  }

  private static String wrap(String action, String inner) {
    return "<"
        + action
        + "Response><"
        + action
        + "Result>"
        + inner
        + "</"
        + action
        + "Result>"
        + "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></"
        + action
        + "Response>";
  }

  private static String tag(String name, String value) {
    return "<"
        + name
        + ">"
        + value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        + "</"
        + name
        + ">";
  }
}
