package deployctl.operation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Resources that are silent for long and well all the same.
 *
 * <p>Figures: the longest creation times seen in public logs of deployments, and for deletions the
 * time that CloudFormation's user guide names for the network interfaces of functions.
 */
public final class SlowResources {
  private static final Map<String, Duration> LONGEST =
      Map.ofEntries(
          Map.entry("AWS::RDS::DBInstance", Duration.ofMinutes(25)),
          Map.entry("AWS::RDS::DBCluster", Duration.ofMinutes(25)),
          Map.entry("AWS::CloudFront::Distribution", Duration.ofMinutes(25)),
          Map.entry("AWS::OpenSearchService::Domain", Duration.ofMinutes(40)),
          Map.entry("AWS::Elasticsearch::Domain", Duration.ofMinutes(40)),
          Map.entry("AWS::EKS::Cluster", Duration.ofMinutes(40)),
          Map.entry("AWS::EKS::Nodegroup", Duration.ofMinutes(25)),
          Map.entry("AWS::ElastiCache::ReplicationGroup", Duration.ofMinutes(20)),
          Map.entry("AWS::ElastiCache::CacheCluster", Duration.ofMinutes(20)),
          Map.entry("AWS::Redshift::Cluster", Duration.ofMinutes(25)),
          Map.entry("AWS::MSK::Cluster", Duration.ofMinutes(45)),
          Map.entry("AWS::DirectoryService::MicrosoftAD", Duration.ofMinutes(45)));

  private static final Duration FUNCTION_DELETION = Duration.ofMinutes(45);

  private SlowResources() {}

  /** Return how long the resource may be silent, or null when it is none of the slow ones. */
  public static @Nullable Duration longest(ResourceRun run) {
    if (run.type().equals("AWS::Lambda::Function") && run.status().startsWith("DELETE")) {
      return FUNCTION_DELETION;
    }
    return LONGEST.get(run.type());
  }

  /**
   * Tell whether everything that runs is known to be silent for so long; false when nothing runs.
   */
  public static boolean allWithinBounds(List<ResourceRun> running, Instant now) {
    List<ResourceRun> pending = leaves(running);
    return !pending.isEmpty()
        && pending.stream()
            .allMatch(
                run -> {
                  Duration longest = longest(run);
                  return longest != null && run.elapsed(now).compareTo(longest) < 0;
                });
  }

  /** Return what runs without the nested stacks: they are as slow as what is pending in them. */
  public static List<ResourceRun> leaves(List<ResourceRun> running) {
    return running.stream()
        .filter(run -> running.stream().noneMatch(in -> in.stackId().equals(run.physicalId())))
        .toList();
  }
}
