package deployctl.diagnose.check;

/**
 * What can be asked for besides what is to be inspected; a diagnostic says which of them it heeds.
 */
public enum DiagnosticOption {
  /** Send a message to see whether it arrives. */
  SEND_TEST("--send-test", "", "Send a message to the channel."),
  /** Where the application answers. */
  HEALTH_URL(
      "--health-url",
      "<url>",
      "Address at which the application answers, such as http://host:8000/health."),
  /** What is to be deployed. */
  TEMPLATE("--template", "<file>", "Template that is to be deployed."),
  /** Whether a warning counts as a problem. */
  STRICT("--strict", "", "Count warnings as problems."),
  /** The deployment that it is about. */
  CORRELATION_ID("--correlation-id", "<id>", "Name of the deployment, for the journal.");

  private final String word;
  private final String label;
  private final String meaning;

  DiagnosticOption(String word, String label, String meaning) {
    this.word = word;
    this.label = label;
    this.meaning = meaning;
  }

  /** Return it as the command line has it. */
  public String word() {
    return word;
  }

  /** Return what stands for its value in the help; empty for a flag. */
  public String label() {
    return label;
  }

  /** Return one line for the help. */
  public String meaning() {
    return meaning;
  }
}
