package deployctl.aws;

import deployctl.aws.client.AwsClients;
import deployctl.aws.client.AwsFailure;
import deployctl.aws.client.AwsSettings;
import deployctl.aws.client.Gateway;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBSubnetGroup;
import software.amazon.awssdk.services.rds.model.DbInstanceNotFoundException;
import software.amazon.awssdk.services.rds.model.SourceType;

/** The databases of RDS. Every method throws {@link AwsFailure}. */
public final class Databases extends Gateway<RdsClient> {

  /** Make a gateway that reaches AWS as {@code settings} say. */
  public Databases(AwsSettings settings) {
    super("rds", settings, () -> AwsClients.build(RdsClient.builder(), settings));
  }

  /** Return all instances, a thousand at most. */
  public List<Database> all() {
    return call(
        "DescribeDBInstances",
        "the database instances",
        client -> {
          List<Database> all = new ArrayList<>();
          for (var page : client.describeDBInstancesPaginator()) {
            page.dbInstances().forEach(instance -> all.add(database(instance)));
          }
          return all;
        });
  }

  /** Return an instance, or empty when there is none of that id. */
  public Optional<Database> find(String id) {
    return call(
        "DescribeDBInstances",
        "database instance " + id,
        client -> {
          try {
            return client
                .describeDBInstances(r -> r.dbInstanceIdentifier(id))
                .dbInstances()
                .stream()
                .map(Databases::database)
                .findFirst();
          } catch (DbInstanceNotFoundException e) {
            return Optional.empty();
          }
        });
  }

  /**
   * Return what RDS has said of an instance, oldest first.
   *
   * @param since how far back; RDS keeps fourteen days
   */
  public List<Database.DatabaseEvent> events(String id, Duration since) {
    return call(
        "DescribeEvents",
        "database instance " + id,
        client ->
            client
                .describeEvents(
                    r ->
                        r.sourceType(SourceType.DB_INSTANCE)
                            .sourceIdentifier(id)
                            .duration(Math.toIntExact(since.toMinutes()))
                            .maxRecords(100))
                .events()
                .stream()
                // Some servers do not filter, and another instance's trouble is not this one's.
                .filter(e -> e.sourceIdentifier() == null || e.sourceIdentifier().equals(id))
                .map(
                    e ->
                        new Database.DatabaseEvent(
                            e.date() == null ? Instant.EPOCH : e.date(), text(e.message())))
                .toList());
  }

  /** Return all subnet groups. */
  public List<Database.SubnetGroup> subnetGroups() {
    return call(
        "DescribeDBSubnetGroups",
        "the subnet groups",
        client ->
            client.describeDBSubnetGroupsPaginator().dbSubnetGroups().stream()
                .map(
                    g ->
                        new Database.SubnetGroup(
                            text(g.dbSubnetGroupName()),
                            text(g.subnetGroupStatus()),
                            zones(g),
                            subnets(g)))
                .toList());
  }

  /**
   * Remove an instance.
   *
   * @param snapshot name of the final snapshot, or null to take none
   */
  public void delete(String id, @Nullable String snapshot) {
    call(
        "DeleteDBInstance",
        "database instance " + id,
        client ->
            client.deleteDBInstance(
                r ->
                    r.dbInstanceIdentifier(id)
                        .skipFinalSnapshot(snapshot == null)
                        .finalDBSnapshotIdentifier(snapshot)));
  }

  /** Switch an instance's protection against deletion on or off. */
  public void protect(String id, boolean on) {
    call(
        "ModifyDBInstance",
        "database instance " + id,
        client ->
            client.modifyDBInstance(
                r -> r.dbInstanceIdentifier(id).deletionProtection(on).applyImmediately(true)));
  }

  private static Database database(DBInstance i) {
    DBSubnetGroup group = i.dbSubnetGroup();
    return new Database(
        text(i.dbInstanceIdentifier()),
        text(i.dbInstanceStatus()),
        i.instanceCreateTime(),
        text(i.dbInstanceClass()),
        text(i.engine()),
        i.allocatedStorage() == null ? 0 : i.allocatedStorage(),
        i.maxAllocatedStorage(),
        i.availabilityZone(),
        Boolean.TRUE.equals(i.multiAZ()),
        Boolean.TRUE.equals(i.deletionProtection()),
        i.kmsKeyId(),
        i.dbParameterGroups().stream()
            .map(p -> text(p.dbParameterGroupName()) + ": " + text(p.parameterApplyStatus()))
            .toList(),
        group == null ? null : group.dbSubnetGroupName(),
        group == null ? null : group.subnetGroupStatus(),
        group == null ? List.of() : zones(group),
        group == null ? List.of() : subnets(group),
        i.vpcSecurityGroups().stream().map(g -> text(g.vpcSecurityGroupId())).toList(),
        i.dbClusterIdentifier());
  }

  private static List<String> zones(DBSubnetGroup group) {
    return group.subnets().stream()
        .map(s -> s.subnetAvailabilityZone() == null ? "" : text(s.subnetAvailabilityZone().name()))
        .filter(name -> !name.isEmpty())
        .distinct()
        .toList();
  }

  private static List<String> subnets(DBSubnetGroup group) {
    return group.subnets().stream().map(s -> text(s.subnetIdentifier())).toList();
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
