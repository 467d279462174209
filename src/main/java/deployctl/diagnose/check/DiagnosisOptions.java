package deployctl.diagnose.check;

import deployctl.support.file.LocalFile;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for besides what is to be inspected.
 *
 * @param healthUrl address of the application, or null for that of the settings
 * @param template file of what is to be deployed, or null
 * @param sendTest whether to send a message to see whether it arrives
 * @param strict whether a warning counts as a problem
 * @param correlationId the deployment that it is about, or null
 */
public record DiagnosisOptions(
    @Nullable String healthUrl,
    @Nullable LocalFile template,
    boolean sendTest,
    boolean strict,
    @Nullable String correlationId) {
  /** Nothing is asked for. */
  public static final DiagnosisOptions NONE = new DiagnosisOptions(null, null, false, false, null);

  /** Return what holds for a second look, which sends nothing again. */
  public DiagnosisOptions again() {
    return new DiagnosisOptions(healthUrl, template, false, strict, correlationId);
  }
}
