package deployctl.aws;

import deployctl.aws.client.AwsClients;
import deployctl.aws.client.AwsFailure;
import deployctl.aws.client.AwsSettings;
import deployctl.aws.client.Gateway;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

/** CloudWatch Logs. Every method throws {@link AwsFailure}. */
public final class Logs extends Gateway<CloudWatchLogsClient> {
  /** Make a gateway that reaches AWS as {@code settings} say. */
  public Logs(AwsSettings settings) {
    super("logs", settings, () -> AwsClients.build(CloudWatchLogsClient.builder(), settings));
  }

  /** Tell whether there is a group of that name. */
  public boolean groupExists(String group) {
    return call(
        "DescribeLogGroups",
        "log group " + group,
        client ->
            client.describeLogGroups(r -> r.logGroupNamePrefix(group)).logGroups().stream()
                .anyMatch(found -> group.equals(found.logGroupName())));
  }

  /**
   * Return the last lines of a stream, oldest first; empty when there is no such stream.
   *
   * @param from and
   * @param to bound the lines by their time; null for no bound
   */
  public List<String> lines(
      String group, String stream, @Nullable Instant from, @Nullable Instant to, int most) {
    return call(
        "GetLogEvents",
        "log stream " + stream + " of " + group,
        client -> {
          try {
            return client
                .getLogEvents(
                    r ->
                        r.logGroupName(group)
                            .logStreamName(stream)
                            .startTime(from == null ? null : from.toEpochMilli())
                            .endTime(to == null ? null : to.toEpochMilli())
                            .limit(most)
                            .startFromHead(false))
                .events()
                .stream()
                .map(event -> event.message() == null ? "" : event.message().stripTrailing())
                .toList();
          } catch (ResourceNotFoundException e) {
            return List.of();
          }
        });
  }
}
