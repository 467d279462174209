package deployctl.aws;

import deployctl.aws.client.AwsClients;
import deployctl.aws.client.AwsFailure;
import deployctl.aws.client.AwsSettings;
import deployctl.aws.client.Gateway;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupNotFoundException;

/** Elastic Load Balancing. Every method throws {@link AwsFailure}. */
public final class LoadBalancing extends Gateway<ElasticLoadBalancingV2Client> {
  /** Make a gateway that reaches AWS as {@code settings} say. */
  public LoadBalancing(AwsSettings settings) {
    super(
        "elasticloadbalancing",
        settings,
        () -> AwsClients.build(ElasticLoadBalancingV2Client.builder(), settings));
  }

  /**
   * A target and whether the load balancer takes it for healthy.
   *
   * @param state for instance {@code healthy}, {@code unhealthy} or {@code initial}
   * @param reason for instance {@code Target.ResponseCodeMismatch}; empty for none
   */
  public record RegisteredTarget(
      String id, int port, String state, String reason, String description) {}

  /**
   * How a target group looks at its targets.
   *
   * @param path null where health is not asked for over HTTP
   */
  public record TargetGroup(
      String name,
      int port,
      String protocol,
      @Nullable String path,
      String healthPort,
      int intervalSeconds,
      int unhealthyAfter,
      String expectedCodes) {}

  /** Return the names of all load balancers of the region. */
  public List<String> names() {
    return call(
        "DescribeLoadBalancers",
        "load balancers",
        client ->
            client.describeLoadBalancersPaginator().loadBalancers().stream()
                .map(one -> text(one.loadBalancerName()))
                .toList());
  }

  /** Return the targets of a group, or empty when there is no such group. */
  public Optional<List<RegisteredTarget>> targets(String groupArn) {
    return call(
        "DescribeTargetHealth",
        "target group " + groupArn,
        client -> {
          try {
            return Optional.of(
                client
                    .describeTargetHealth(r -> r.targetGroupArn(groupArn))
                    .targetHealthDescriptions()
                    .stream()
                    .map(
                        t ->
                            new RegisteredTarget(
                                t.target() == null ? "" : text(t.target().id()),
                                t.target() == null ? 0 : number(t.target().port()),
                                t.targetHealth() == null
                                    ? ""
                                    : text(t.targetHealth().stateAsString()),
                                t.targetHealth() == null
                                    ? ""
                                    : text(t.targetHealth().reasonAsString()),
                                t.targetHealth() == null
                                    ? ""
                                    : text(t.targetHealth().description())))
                    .toList());
          } catch (TargetGroupNotFoundException e) {
            return Optional.empty();
          }
        });
  }

  /** Return how a group looks at its targets, or empty when there is no such group. */
  public Optional<TargetGroup> group(String groupArn) {
    return call(
        "DescribeTargetGroups",
        "target group " + groupArn,
        client -> {
          try {
            return client
                .describeTargetGroups(r -> r.targetGroupArns(groupArn))
                .targetGroups()
                .stream()
                .map(
                    g ->
                        new TargetGroup(
                            text(g.targetGroupName()),
                            number(g.port()),
                            text(g.protocolAsString()),
                            g.healthCheckPath(),
                            text(g.healthCheckPort()),
                            number(g.healthCheckIntervalSeconds()),
                            number(g.unhealthyThresholdCount()),
                            g.matcher() == null ? "" : text(g.matcher().httpCode())))
                .findFirst();
          } catch (TargetGroupNotFoundException e) {
            return Optional.empty();
          }
        });
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static int number(@Nullable Integer value) {
    return value == null ? 0 : value;
  }
}
