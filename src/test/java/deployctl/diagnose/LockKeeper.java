package deployctl.diagnose;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Takes a lock, says so, and keeps it until it is ended. */
final class LockKeeper {
  private LockKeeper() {}

  public static void main(String[] args) throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                Path.of(args[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      System.out.println(lock.isValid() ? "locked" : "not locked");
      System.in.transferTo(java.io.OutputStream.nullOutputStream());
    }
  }
}
