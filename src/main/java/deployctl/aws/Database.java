package deployctl.aws;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A database instance of RDS.
 *
 * @param status for instance {@code creating} or {@code available}
 * @param createdAt null while it is being created
 * @param allocatedGib storage in GiB; 0 where RDS does not say
 * @param parameterStatus from parameter group to how far it is applied, one line each
 * @param subnetGroup its name, or null
 * @param zones availability zones of the subnet group's subnets, each once
 * @param subnets ids of the subnet group's subnets
 * @param cluster the cluster that it belongs to, or null
 */
public record Database(
    String id,
    String status,
    @Nullable Instant createdAt,
    String instanceClass,
    String engine,
    int allocatedGib,
    @Nullable Integer maxAllocatedGib,
    @Nullable String zone,
    boolean multiZone,
    boolean deletionProtection,
    @Nullable String keyId,
    List<String> parameterStatus,
    @Nullable String subnetGroup,
    @Nullable String subnetGroupStatus,
    List<String> zones,
    List<String> subnets,
    List<String> securityGroups,
    @Nullable String cluster) {

  /** Something that RDS says of an instance. */
  public record DatabaseEvent(Instant at, String message) {}

  /** A subnet group. */
  public record SubnetGroup(String name, String status, List<String> zones, List<String> subnets) {}
}
