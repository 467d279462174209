package deployctl.state.file;

import deployctl.state.StateLog;
import deployctl.state.StateUnavailable;
import deployctl.state.StateUnavailable.Reason;
import deployctl.support.file.FileErrors;
import deployctl.support.file.FolderAccess;
import deployctl.support.file.LocalFile;
import deployctl.support.file.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Lines in a file, each added by one write so that lines never mix. */
final class FileLog implements StateLog {
  private final Path file;

  FileLog(Path file) {
    this.file = file;
  }

  @Override
  public void append(String line) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        FolderAccess.makeFolder(folder);
      }
      ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
      try (FileChannel channel = RegularFile.openOwn(file, StandardOpenOption.APPEND)) {
        // One call writes it all, unless the disk is full.
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
    } catch (IOException e) {
      throw new StateUnavailable(
          Reason.NOT_WRITABLE,
          file + " cannot be written: " + FileErrors.reason(e),
          "Check the space and the permissions",
          e);
    }
  }

  @Override
  public List<String> tail(int most) {
    return new LocalFile(file).tail(most);
  }

  @Override
  public String location() {
    return file.toString();
  }
}
