package deployctl.estimator;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long resources take where nothing was seen yet.
 *
 * <p>Figures: creation times in public logs of deployments (3 to 14 of each where a median is
 * known), and what operators report elsewhere; few samples, so the spread is wide. Load balancers
 * and NAT gateways are tight, databases and distributions have long tails: one percentage for all
 * would be wrong.
 *
 * @param median in seconds
 * @param spread standard deviation of the natural logarithm of the seconds
 */
record TypicalTimes(double median, double spread) {
  private static final TypicalTimes QUICK = new TypicalTimes(8, 0.8);
  private static final TypicalTimes OTHER = new TypicalTimes(25, 1.0);

  /** An update that replaces nothing, and a deletion, as shares of a creation. */
  private static final double UPDATE_SHARE = 0.5;

  private static final double DELETE_SHARE = 0.6;

  private static final Map<String, TypicalTimes> CREATION =
      Map.ofEntries(
          Map.entry("AWS::RDS::DBInstance", new TypicalTimes(480, 0.6)),
          Map.entry("AWS::RDS::DBCluster", new TypicalTimes(420, 0.6)),
          Map.entry("AWS::EC2::NatGateway", new TypicalTimes(115, 0.15)),
          Map.entry("AWS::ElasticLoadBalancingV2::LoadBalancer", new TypicalTimes(166, 0.15)),
          Map.entry("AWS::EKS::Cluster", new TypicalTimes(690, 0.5)),
          Map.entry("AWS::EKS::Nodegroup", new TypicalTimes(180, 0.5)),
          Map.entry("AWS::ElastiCache::ReplicationGroup", new TypicalTimes(480, 0.3)),
          Map.entry("AWS::ElastiCache::CacheCluster", new TypicalTimes(400, 0.4)),
          Map.entry("AWS::CloudFront::Distribution", new TypicalTimes(240, 0.6)),
          Map.entry("AWS::ECS::Service", new TypicalTimes(140, 0.6)),
          Map.entry("AWS::OpenSearchService::Domain", new TypicalTimes(1_000, 0.4)),
          Map.entry("AWS::EC2::VPC", new TypicalTimes(15, 0.6)),
          Map.entry("AWS::EC2::InternetGateway", new TypicalTimes(18, 0.3)),
          Map.entry("AWS::EC2::VPCEndpoint", new TypicalTimes(60, 0.7)),
          Map.entry("AWS::CertificateManager::Certificate", new TypicalTimes(120, 1.0)),
          Map.entry("AWS::CloudFormation::Stack", new TypicalTimes(240, 1.0)),
          Map.entry("AWS::Lambda::Function", new TypicalTimes(10, 0.7)),
          Map.entry("AWS::IAM::Role", new TypicalTimes(17, 0.4)),
          Map.entry("AWS::ECS::Cluster", QUICK),
          Map.entry("AWS::ECS::TaskDefinition", new TypicalTimes(3, 0.6)),
          Map.entry("AWS::SecretsManager::Secret", QUICK),
          Map.entry("AWS::S3::Bucket", new TypicalTimes(22, 0.3)));

  /** Return what is typical, or null for a type that is not known. */
  static @Nullable TypicalTimes known(String type) {
    return CREATION.get(type);
  }

  /** Return what is typical for an action on a type. */
  static TypicalTimes of(String type, String action) {
    TypicalTimes known = CREATION.get(type);
    TypicalTimes creation =
        known != null
            ? known
            : type.startsWith("AWS::IAM::")
                    || type.startsWith("AWS::SNS::")
                    || type.startsWith("AWS::SQS::")
                    || type.startsWith("AWS::Logs::")
                    || type.startsWith("AWS::EC2::SecurityGroup")
                ? QUICK
                : OTHER;
    double share =
        switch (action) {
          case "UPDATE" -> UPDATE_SHARE;
          case "DELETE" -> DELETE_SHARE;
          default -> 1;
        };
    // What is only derived is less sure.
    return share == 1
        ? creation
        : new TypicalTimes(Math.max(2, creation.median * share), creation.spread + 0.3);
  }

  /**
   * Tell whether an average in seconds cannot be meant so: it fits as minutes and is far too short
   * as seconds, which is how the old script wrote it.
   */
  static boolean looksLikeMinutes(String type, double value) {
    TypicalTimes typical = CREATION.get(type);
    return typical != null
        && typical.median >= 60
        && value < typical.median / 8
        && value * 60 < typical.median * 10;
  }
}
