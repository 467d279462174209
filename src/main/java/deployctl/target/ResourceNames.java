package deployctl.target;

import deployctl.cli.ProgramSettings;
import deployctl.support.config.Settings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the application's resources are called.
 *
 * @param databases part of the instances' names
 * @param secrets part of the secrets' names
 */
public record ResourceNames(
    String cluster,
    String service,
    String logGroup,
    @Nullable String healthUrl,
    String fargateQuota,
    String databases,
    String secrets,
    List<String> requiredSecrets) {
  /**
   * Return what the configuration calls them.
   *
   * @param healthUrl what the command line says, or null
   */
  public static ResourceNames of(Settings settings, @Nullable String healthUrl) {
    String required = settings.find(ProgramSettings.REQUIRED_SECRETS, null);
    return new ResourceNames(
        settings.get(ProgramSettings.ECS_CLUSTER, null),
        settings.get(ProgramSettings.ECS_SERVICE, null),
        settings.get(ProgramSettings.LOG_GROUP, null),
        settings.find(ProgramSettings.HEALTH_URL, healthUrl),
        settings.get(ProgramSettings.FARGATE_QUOTA, null),
        settings.get(ProgramSettings.DATABASES, null),
        settings.get(ProgramSettings.SECRETS, null),
        required == null ? List.of() : List.of(required.trim().split("\\s*,\\s*")));
  }
}
