package deployctl.diagnose.local;

import deployctl.diagnose.check.CheckResult;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.check.Diagnostic;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.finding.Remediation;
import deployctl.registry.RegistryUnavailable;
import deployctl.support.Failure;
import deployctl.support.file.FileErrors;
import deployctl.support.text.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code diagnose registry}: whether the registry is there, sound, and can be used. */
public final class RegistryDiagnostic implements Diagnostic {
  private static final long LITTLE_SPACE = 20L * 1024 * 1024;

  @Override
  public void examine(DiagnosisRun run) {
    run.subjectRead();
    Path folder = run.context().registryFolder().get();
    Path file = folder.resolve("deployments.json");
    boolean linked = Files.isSymbolicLink(folder) || Files.isSymbolicLink(file);
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)
        || !linked && Files.isReadable(folder) && !Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      run.checks().tell("file", CheckResult.fail("there is no " + file));
      run.add(missing(run, file));
      disk(run, folder);
      return;
    }
    run.checks().tell("file", CheckResult.pass(file.toString()));
    RegistryUnavailable why = content(run);
    if (why != null) {
      run.add(unusable(run, why, folder, file));
    }
    permissions(run, folder, file, why != null);
    backup(run, folder);
    disk(run, folder);
    if (why == null) {
      lock(run, folder, file);
    }
  }

  /** Add what makes the registry unusable, for an issue that cannot do without it. */
  static void unusable(DiagnosisRun run) {
    Path folder = run.context().registryFolder().get();
    try {
      run.context().quietRegistry().get().read();
    } catch (RegistryUnavailable e) {
      run.add(unusable(run, e, folder, folder.resolve("deployments.json")));
    }
  }

  private static @org.jspecify.annotations.Nullable RegistryUnavailable content(DiagnosisRun run) {
    List<String> warnings = new ArrayList<>();
    try {
      int entries =
          new deployctl.registry.Registry(run.context().registryStore().get(), warnings::add)
              .read()
              .deployments()
              .size();
      run.checks()
          .tell(
              "content",
              warnings.isEmpty()
                  ? CheckResult.pass(entries + " deployments")
                  : CheckResult.warn(entries + " deployments; " + String.join("; ", warnings)));
      return null;
    } catch (RegistryUnavailable e) {
      run.checks().tell("content", CheckResult.fail(e.what()));
      return e;
    }
  }

  private static Finding missing(DiagnosisRun run, Path file) {
    return Finding.cause(
        FindingCode.REGISTRY_MISSING,
        "There is no registry",
        List.of("file: no " + file),
        file.toString(),
        Remediation.of("Make an empty one", run.own("coordinator init"))
            .automatically(
                "Make an empty registry at " + file + "?",
                () -> run.context().repair().get().create() ? "made " + file : file + " is there"));
  }

  private static Finding unusable(
      DiagnosisRun run, RegistryUnavailable why, Path folder, Path file) {
    FindingCode code =
        switch (why.reason()) {
          case CORRUPT ->
              shape(why) ? FindingCode.REGISTRY_SCHEMA_INVALID : FindingCode.REGISTRY_CORRUPT;
          case NEWER_SCHEMA -> FindingCode.REGISTRY_SCHEMA_INVALID;
          case NOT_READABLE -> FindingCode.REGISTRY_NOT_READABLE;
          case NOT_WRITABLE -> FindingCode.REGISTRY_NOT_WRITABLE;
          case LOCKED -> FindingCode.REGISTRY_LOCKED;
        };
    String title =
        switch (code) {
          case REGISTRY_CORRUPT -> "The registry is damaged";
          case REGISTRY_SCHEMA_INVALID -> "The registry is JSON of another shape";
          case REGISTRY_NOT_READABLE -> "The registry cannot be read";
          case REGISTRY_LOCKED -> "The registry has been locked for too long";
          default -> "The registry cannot be written";
        };
    return Finding.cause(
        code,
        title,
        List.of("file: " + DiagnosisRun.quoted(why.what())),
        file.toString(),
        remedy(run, why, folder, file));
  }

  /** Parsed as JSON, and not what a registry looks like. */
  private static boolean shape(RegistryUnavailable why) {
    String what = why.what();
    return what.contains("there is no list \"deployments\"")
        || what.contains("is not an object")
        || what.contains("entry ")
        || what.contains("an entry");
  }

  private static Remediation remedy(
      DiagnosisRun run, RegistryUnavailable why, Path folder, Path file) {
    return switch (why.reason()) {
      case CORRUPT ->
          Remediation.of(
                  "Rebuild it from the last good generation and what can be read; the damaged file is kept",
                  run.own("coordinator repair"))
              .automatically(
                  "Rebuild the registry, keeping a copy of the damaged one?", () -> repair(run));
      case NEWER_SCHEMA ->
          Remediation.of(
              "Update this deployctl: a newer one wrote the registry", "deployctl version");
      case NOT_READABLE, NOT_WRITABLE -> permissionRemedy(run, folder, file);
      case LOCKED ->
          Remediation.of(
              "End the process that holds the lock when it hangs or is stopped",
              "fuser -v " + Shell.quote(folder.resolve(".deployments.json.lock").toString()));
    };
  }

  private static String repair(DiagnosisRun run) {
    var report = run.context().repair().get().repair();
    return report.repaired()
        ? "rebuilt with "
            + (report.fromLastGeneration() + report.salvaged())
            + " entries read; the damaged one is "
            + report.keptAt()
        : "the registry is sound";
  }

  private static Remediation permissionRemedy(DiagnosisRun run, Path folder, Path file) {
    if (othersOwn(folder)) {
      return Remediation.of(
          "The folder is another user's: run it as that one, or have it handed over",
          "ls -ld " + Shell.quote(folder.toString()),
          "sudo chown -R \"$(id -un)\" " + Shell.quote(folder.toString()));
    }
    return Remediation.of(
            "Give the folder 755 and the file 644",
            "chmod 755 " + Shell.quote(folder.toString()),
            "chmod 644 " + Shell.quote(file.toString()))
        .automatically(
            "Set the permissions of " + folder + " to 755 and of " + file + " to 644?",
            () -> permit(run, folder, file));
  }

  /** Whether the owner may write and this user may not: permissions are not what is wrong. */
  private static boolean othersOwn(Path folder) {
    try {
      return rights(folder).startsWith("rwx") && !Files.isWritable(folder);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private static String permit(DiagnosisRun run, Path folder, Path file) {
    try {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      if (Files.exists(file)) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      }
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
    run.context()
        .journal()
        .get()
        .record("diagnose registry --fix", folder.toString(), "permissions set to 755 and 644");
    return "the folder has 755 and the file 644 now";
  }

  private static void permissions(DiagnosisRun run, Path folder, Path file, boolean alreadyFound) {
    try {
      String ofFolder = rights(folder);
      String ofFile = Files.exists(file) ? rights(file) : "";
      boolean usual = ofFolder.equals("rwxr-xr-x") && ofFile.equals("rw-r--r--");
      boolean writable =
          ofFolder.charAt(1) == 'w' && ofFolder.charAt(2) == 'x' && Files.isWritable(folder);
      boolean readable = ofFolder.charAt(0) == 'r' && (ofFile.isEmpty() || ofFile.charAt(0) == 'r');
      boolean fileWritable = ofFile.isEmpty() || ofFile.charAt(1) == 'w';
      run.checks()
          .tell(
              "permissions",
              usual
                  ? CheckResult.pass("755 and 644")
                  : writable && readable && fileWritable
                      ? CheckResult.warn(
                          "folder " + ofFolder + ", file " + ofFile + "; usual are 755 and 644")
                      : CheckResult.fail("folder " + ofFolder + ", file " + ofFile));
      if (alreadyFound) {
        return;
      }
      if (!readable) {
        run.add(notAllowed(run, FindingCode.REGISTRY_NOT_READABLE, ofFolder, ofFile, folder, file));
      } else if (!writable || !fileWritable) {
        run.add(notAllowed(run, FindingCode.REGISTRY_NOT_WRITABLE, ofFolder, ofFile, folder, file));
      }
    } catch (IOException | UnsupportedOperationException e) {
      run.checks().tell("permissions", CheckResult.skipped("they cannot be read here"));
    }
  }

  private static String rights(Path path) throws IOException {
    Set<PosixFilePermission> found = Files.getPosixFilePermissions(path);
    return PosixFilePermissions.toString(found);
  }

  private static Finding notAllowed(
      DiagnosisRun run, FindingCode code, String ofFolder, String ofFile, Path folder, Path file) {
    return Finding.cause(
        code,
        code == FindingCode.REGISTRY_NOT_READABLE
            ? "The registry cannot be read"
            : "The registry cannot be written",
        List.of("permissions: folder " + ofFolder + ", file " + ofFile),
        file.toString(),
        permissionRemedy(run, folder, file));
  }

  private static void backup(DiagnosisRun run, Path folder) {
    Path backup = folder.resolve("deployments.json.bak");
    run.checks()
        .tell(
            "backup",
            Files.isReadable(backup)
                ? CheckResult.pass("the last good generation is " + backup)
                : CheckResult.warn("there is no last good generation yet"));
  }

  private static void disk(DiagnosisRun run, Path folder) {
    try {
      Path there = folder;
      while (there != null && !Files.exists(there)) {
        there = there.toAbsolutePath().getParent();
      }
      if (there == null) {
        return;
      }
      if (Files.getFileStore(there).getTotalSpace() == 0) {
        run.checks().tell("disk", CheckResult.skipped("it does not tell how much room it has"));
        return;
      }
      long free = Files.getFileStore(there).getUsableSpace();
      String words = free / (1024 * 1024) + " MiB free";
      run.checks()
          .tell("disk", free < LITTLE_SPACE ? CheckResult.fail(words) : CheckResult.pass(words));
      if (free < LITTLE_SPACE) {
        run.add(
            Finding.cause(
                FindingCode.REGISTRY_NOT_WRITABLE,
                "The disk under the registry is full",
                List.of("disk: " + words + " at " + there),
                folder.toString(),
                Remediation.of("Free some space", "df -h " + Shell.quote(there.toString()))));
      }
    } catch (IOException e) {
      run.checks().tell("disk", CheckResult.skipped(FileErrors.reason(e)));
    }
  }

  private static void lock(DiagnosisRun run, Path folder, Path file) {
    if (run.findings().stream().anyMatch(Finding::problem)) {
      run.checks().tell("lock", CheckResult.skipped("it could not be taken anyway"));
      return;
    }
    try (var turn = run.context().registryStore().get().beginTurn()) {
      run.checks().tell("lock", CheckResult.of(turn != null, "free"));
    } catch (RegistryUnavailable e) {
      run.checks().tell("lock", CheckResult.fail(e.what()));
      run.add(unusable(run, e, folder, file));
    }
  }
}
