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
 * @param allowances what that deployment may begin in spite of
 */
public record DiagnosisOptions(
    @Nullable String healthUrl,
    @Nullable LocalFile template,
    boolean sendTest,
    boolean strict,
    @Nullable String correlationId,
    Allowances allowances) {
  /** Nothing is asked for. */
  public static final DiagnosisOptions NONE =
      new DiagnosisOptions(null, null, false, false, null, Allowances.NONE);

  /**
   * What a deployment's own command line says that it may begin in spite of.
   *
   * @param newStack a stack that is known elsewhere may be made here
   * @param cleanup a stack that needs cleaning up is cleaned up
   * @param local the registry may be this machine's alone
   */
  public record Allowances(boolean newStack, boolean cleanup, boolean local) {
    /** In spite of nothing. */
    public static final Allowances NONE = new Allowances(false, false, false);
  }

  /** Return what holds for a second look, which sends nothing again. */
  public DiagnosisOptions again() {
    return new DiagnosisOptions(healthUrl, template, false, strict, correlationId, allowances);
  }
}
