package deployctl.state.file;

import deployctl.state.StateCheck;
import deployctl.state.StateCheck.StateCheckStatus;
import deployctl.state.StateCheck.StateFault;
import deployctl.state.StateCheck.StateFix;
import deployctl.state.StateDocument;
import deployctl.state.StateUnavailable;
import deployctl.state.StateUnavailable.Reason;
import deployctl.support.Failure;
import deployctl.support.file.FileErrors;
import deployctl.support.file.FileOwner;
import deployctl.support.text.Shell;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether the file of a document is there, permitted, backed up, and has room to grow. */
final class FileInspection {
  private static final long LITTLE_SPACE = 20L * 1024 * 1024;

  private final Path folder;
  private final Path file;
  private final StateDocument document;

  FileInspection(Path folder, Path file, StateDocument document) {
    this.folder = folder;
    this.file = file;
    this.document = document;
  }

  List<StateCheck> checks() {
    List<StateCheck> checks = new ArrayList<>();
    boolean linked = Files.isSymbolicLink(folder) || Files.isSymbolicLink(file);
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)
        || !linked && Files.isReadable(folder) && !Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      checks.add(StateCheck.of("file", StateCheckStatus.FAIL, "there is no " + file));
      disk(checks);
      return checks;
    }
    checks.add(StateCheck.of("file", StateCheckStatus.PASS, file.toString()));
    permissions(checks);
    Path backup = file.resolveSibling(file.getFileName() + ".bak");
    checks.add(
        Files.isReadable(backup)
            ? StateCheck.of(
                "backup", StateCheckStatus.PASS, "the last good generation is " + backup)
            : StateCheck.of(
                "backup", StateCheckStatus.SKIPPED, "there is no last good generation yet"));
    size(checks);
    disk(checks);
    return checks;
  }

  /** One that is not half full has nothing to be said of. */
  private void size(List<StateCheck> checks) {
    try {
      long size = Files.size(file);
      String message = (size >> 20) + " MiB of at most " + (StateDocument.FULL >> 20);
      if (size >= (long) FileDocument.MOST_MEBIBYTES << 20) {
        // It cannot even be read, which is said where that is tried.
        return;
      }
      if (size >= StateDocument.FULL) {
        checks.add(
            new StateCheck(
                "size",
                StateCheckStatus.FAIL,
                message,
                new StateFault(
                    Reason.NOT_WRITABLE,
                    "The registry is full and takes no new deployment",
                    "Remove the entries of old deployments",
                    List.of("deployctl coordinator prune --older-than 90d"),
                    null)));
      } else if (size >= StateDocument.FULL / 2) {
        checks.add(StateCheck.of("size", StateCheckStatus.WARN, message + ": prune it"));
      }
    } catch (IOException e) {
      checks.add(StateCheck.of("size", StateCheckStatus.SKIPPED, FileErrors.reason(e)));
    }
  }

  private void permissions(List<StateCheck> checks) {
    try {
      String ofFolder = rights(folder);
      String ofFile = Files.exists(file) ? rights(file) : "";
      Optional<String> stranger = FileOwner.stranger(folder).or(() -> FileOwner.stranger(file));
      String seen =
          "folder "
              + ofFolder
              + ", file "
              + ofFile
              + stranger
                  .map(name -> ", user " + name + "'s, who can change what it says")
                  .orElse("");
      if (stranger.isEmpty() && ofFolder.equals("rwxr-xr-x") && ofFile.equals("rw-r--r--")) {
        checks.add(StateCheck.of("permissions", StateCheckStatus.PASS, "755 and 644"));
        return;
      }
      // A folder that its group may write to is one that several users share.
      boolean othersWrite =
          ofFolder.charAt(7) == 'w' || !ofFile.isEmpty() && ofFile.charAt(7) == 'w';
      boolean readable = ofFolder.charAt(0) == 'r' && (ofFile.isEmpty() || ofFile.charAt(0) == 'r');
      boolean writable =
          ofFolder.charAt(1) == 'w'
              && ofFolder.charAt(2) == 'x'
              && Files.isWritable(folder)
              && (ofFile.isEmpty() || ofFile.charAt(1) == 'w');
      if (readable && writable) {
        checks.add(
            StateCheck.of(
                "permissions",
                // Narrower than usual is somebody's wish; wider lets others change it.
                othersWrite || stranger.isPresent() && ofFolder.charAt(4) != 'w'
                    ? StateCheckStatus.WARN
                    : StateCheckStatus.PASS,
                seen + "; usual are 755 and 644, and 775 for a group"));
        return;
      }
      checks.add(
          new StateCheck(
              "permissions",
              StateCheckStatus.FAIL,
              seen,
              permissionFault(readable ? Reason.NOT_WRITABLE : Reason.NOT_READABLE)));
    } catch (IOException | UnsupportedOperationException e) {
      checks.add(
          StateCheck.of("permissions", StateCheckStatus.SKIPPED, "they cannot be read here"));
    }
  }

  private StateFault permissionFault(Reason reason) {
    if (othersOwn()) {
      return new StateFault(
          reason,
          null,
          "The folder is another user's: run it as that one, or have it handed over",
          List.of(
              "ls -ld " + Shell.quote(folder.toString()),
              "sudo chown -R \"$(id -un)\" " + Shell.quote(folder.toString())),
          null);
    }
    return new StateFault(
        reason,
        null,
        "Give the folder 755 and the file 644",
        List.of(
            "chmod 755 " + Shell.quote(folder.toString()),
            "chmod 644 " + Shell.quote(file.toString())),
        new StateFix(
            "Set the permissions of " + folder + " to 755 and of " + file + " to 644?",
            this::permit));
  }

  /** Whether the owner may write and this user may not: permissions are not what is wrong. */
  private boolean othersOwn() {
    try {
      return rights(folder).startsWith("rwx") && !Files.isWritable(folder);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private String permit() {
    try {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      if (Files.exists(file)) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      }
      return "the folder has 755 and the file 644 now";
    } catch (IOException | UnsupportedOperationException e) {
      throw new Failure(
          Failure.FailureKind.FAILED,
          "The permissions of "
              + folder
              + " cannot be set: "
              + (e instanceof IOException io ? FileErrors.reason(io) : "no such permissions here"),
          "Ask its owner",
          e);
    }
  }

  private void disk(List<StateCheck> checks) {
    try {
      Path there = folder;
      while (there != null && !Files.exists(there)) {
        there = there.toAbsolutePath().getParent();
      }
      if (there == null) {
        return;
      }
      FileStore disk = Files.getFileStore(there);
      if (disk.getTotalSpace() == 0) {
        checks.add(
            StateCheck.of(
                "disk", StateCheckStatus.SKIPPED, "it does not tell how much room it has"));
        return;
      }
      long free = disk.getUsableSpace();
      String message = free / (1024 * 1024) + " MiB free";
      checks.add(
          free < LITTLE_SPACE
              ? new StateCheck("disk", StateCheckStatus.FAIL, message + " at " + there, full(there))
              : StateCheck.of("disk", StateCheckStatus.PASS, message));
    } catch (IOException e) {
      checks.add(StateCheck.of("disk", StateCheckStatus.SKIPPED, FileErrors.reason(e)));
    }
  }

  private static StateFault full(Path there) {
    return new StateFault(
        Reason.NOT_WRITABLE,
        "The disk under the registry is full",
        "Free some space",
        List.of("df -h " + Shell.quote(there.toString())),
        null);
  }

  StateCheck turn() {
    try (StateDocument.@Nullable Turn turn = document.beginTurn()) {
      return StateCheck.of("lock", StateCheckStatus.PASS, turn == null ? "" : "free");
    } catch (StateUnavailable e) {
      return new StateCheck("lock", StateCheckStatus.FAIL, e.what(), fault(e.reason()));
    }
  }

  /** Return what helps when the document was found unusable for a reason of the file's. */
  StateFault fault(Reason reason) {
    return reason == Reason.LOCKED
        ? new StateFault(
            reason,
            null,
            "End the process that holds the lock when it hangs or is stopped",
            List.of(
                "fuser -v "
                    + Shell.quote(
                        file.resolveSibling("." + file.getFileName() + ".lock").toString())),
            null)
        : permissionFault(reason);
  }

  private static String rights(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
