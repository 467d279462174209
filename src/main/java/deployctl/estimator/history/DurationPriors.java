package deployctl.estimator.history;

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
public record DurationPriors(double median, double spread) {
  private static final DurationPriors QUICK = new DurationPriors(8, 0.8);
  private static final DurationPriors OTHER = new DurationPriors(25, 1.0);

  /** An update that replaces nothing, and a deletion, as shares of a creation. */
  private static final double UPDATE_SHARE = 0.5;

  private static final double DELETE_SHARE = 0.6;

  private static final Map<String, DurationPriors> CREATION =
      Map.ofEntries(
          Map.entry("AWS::RDS::DBInstance", new DurationPriors(480, 0.6)),
          Map.entry("AWS::RDS::DBCluster", new DurationPriors(420, 0.6)),
          Map.entry("AWS::EC2::NatGateway", new DurationPriors(115, 0.15)),
          Map.entry("AWS::ElasticLoadBalancingV2::LoadBalancer", new DurationPriors(166, 0.15)),
          Map.entry("AWS::EKS::Cluster", new DurationPriors(690, 0.5)),
          Map.entry("AWS::EKS::Nodegroup", new DurationPriors(180, 0.5)),
          Map.entry("AWS::ElastiCache::ReplicationGroup", new DurationPriors(480, 0.3)),
          Map.entry("AWS::ElastiCache::CacheCluster", new DurationPriors(400, 0.4)),
          Map.entry("AWS::CloudFront::Distribution", new DurationPriors(240, 0.6)),
          Map.entry("AWS::ECS::Service", new DurationPriors(140, 0.6)),
          Map.entry("AWS::OpenSearchService::Domain", new DurationPriors(1_000, 0.4)),
          Map.entry("AWS::EC2::VPC", new DurationPriors(15, 0.6)),
          Map.entry("AWS::EC2::InternetGateway", new DurationPriors(18, 0.3)),
          Map.entry("AWS::EC2::VPCEndpoint", new DurationPriors(60, 0.7)),
          Map.entry("AWS::CertificateManager::Certificate", new DurationPriors(120, 1.0)),
          Map.entry("AWS::CloudFormation::Stack", new DurationPriors(240, 1.0)),
          Map.entry("AWS::Lambda::Function", new DurationPriors(10, 0.7)),
          Map.entry("AWS::IAM::Role", new DurationPriors(17, 0.4)),
          Map.entry("AWS::ECS::Cluster", QUICK),
          Map.entry("AWS::ECS::TaskDefinition", new DurationPriors(3, 0.6)),
          Map.entry("AWS::SecretsManager::Secret", QUICK),
          Map.entry("AWS::S3::Bucket", new DurationPriors(22, 0.3)));

  /** Return what is typical, or null for a type that is not known. */
  static @Nullable DurationPriors known(String type) {
    return CREATION.get(type);
  }

  /** Return what is typical for an action on a type. */
  public static DurationPriors of(String type, String action) {
    DurationPriors known = CREATION.get(type);
    DurationPriors creation =
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
        : new DurationPriors(Math.max(2, creation.median * share), creation.spread + 0.3);
  }

  /**
   * Tell whether an average in seconds cannot be meant so: it fits as minutes and is far too short
   * as seconds, which is how the old script wrote it.
   */
  public static boolean looksLikeMinutes(String type, double value) {
    DurationPriors typical = CREATION.get(type);
    return typical != null
        && typical.median >= 60
        && value < typical.median / 8
        && value * 60 < typical.median * 10;
  }
}
