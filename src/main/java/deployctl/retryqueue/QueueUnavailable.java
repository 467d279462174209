package deployctl.retryqueue;

import deployctl.support.Failure;
import deployctl.support.file.FileErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The queue's folder cannot be used; nothing was changed. */
public final class QueueUnavailable extends Failure {
  private static final long serialVersionUID = 1;

  private QueueUnavailable(String what, String nextStep, Throwable cause) {
    super(FailureKind.FAILED, what, nextStep, cause);
  }

  /** Make a failure; {@code what} is for instance "cannot be written". */
  static QueueUnavailable of(Path path, String what, IOException cause) {
    Path folder = path;
    while (folder != null && !Files.exists(folder)) {
      folder = folder.getParent();
    }
    boolean file = folder != null && !folder.equals(path) && !Files.isDirectory(folder);
    return new QueueUnavailable(
        "The queue " + path + " " + what + ": " + FileErrors.reason(cause),
        file || Files.isRegularFile(path)
            ? "Choose another folder with --queue-dir, or move the file away"
            : "Check the space and the permissions (folder 700, files 600)",
        cause);
  }
}
