package deployctl.state.file;

/**
 * What distinguishes one folder of state from another.
 *
 * @param title what messages call it before its path, with a space behind it; empty for nothing
 * @param option the option that chooses another folder
 * @param ownersAlone whether only the owner may read what is in it (700 and 600, else 755 and 644);
 *     many processes then write to it at once without a common lock
 */
public record FolderRules(String title, String option, boolean ownersAlone) {
  /** Return the rules of the registry's folder: all may look. */
  public static FolderRules registry() {
    return new FolderRules("", "--registry-dir", false);
  }

  /** Return the rules of the queue's folder: messages are nobody else's to read. */
  public static FolderRules queue() {
    return new FolderRules("The queue ", "--queue-dir", true);
  }

  /** Tell whether only the owner may read what lies under a name: copies of messages, too. */
  boolean ownersAlone(String name) {
    return ownersAlone || name.startsWith("backups/") && name.contains("/queue/");
  }

  /** Tell whether what lies under a name is more than its owner's only where the folder says so. */
  boolean owners(String name) {
    return name.startsWith("monitors/")
        || name.startsWith("backups/") && name.contains("/monitors/");
  }

  String permissions() {
    return ownersAlone ? "folder 700, files 600" : "folder 755, file 644";
  }
}
