package deployctl.support.process;

import deployctl.support.text.Masking;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs another program for its answer. */
public final class ExternalProgram {
  private ExternalProgram() {}

  /** What a program answered. */
  public record ProgramResult(int exit, String out, String err) {
    /** Tell whether it went well. */
    public boolean ok() {
      return exit == 0;
    }
  }

  /** GitHub CLI manual, "gh help environment". */
  private static final Set<String> GITHUB_TOKENS =
      Set.of("GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN");

  /** Runs programs; a test takes another. */
  @FunctionalInterface
  public interface ProgramRunner {
    /**
     * Run a program without input.
     *
     * @param argv the program and its arguments
     * @return what it answered, or empty when it is not there, cannot be started or takes too long
     */
    Optional<ProgramResult> run(List<String> argv, Duration timeout);
  }

  /**
   * Return a runner that looks for programs on a path.
   *
   * @param path folders between colons; null for none
   */
  public static ProgramRunner on(@Nullable String path) {
    return (argv, timeout) -> run(path, argv, timeout);
  }

  /** Return where a program is, or empty when it is in none of the path's folders. */
  public static Optional<Path> find(@Nullable String path, String program) {
    for (String folder : path == null ? new String[0] : path.split(":", -1)) {
      Path file = Path.of(folder.isEmpty() ? "." : folder, program);
      if (Files.isExecutable(file) && !Files.isDirectory(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  private static Optional<ProgramResult> run(
      @Nullable String path, List<String> argv, Duration timeout) {
    Optional<Path> program = find(path, argv.get(0));
    if (program.isEmpty()) {
      return Optional.empty();
    }
    List<String> command =
        java.util.stream.Stream.concat(
                java.util.stream.Stream.of(program.get().toString()), argv.stream().skip(1))
            .toList();
    Process process;
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectInput(new java.io.File("/dev/null"));
      builder.environment().keySet().removeIf(name -> !mayKnow(argv.get(0), name));
      process = builder.start();
    } catch (IOException e) {
      return Optional.empty();
    }
    CompletableFuture<String> out =
        CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
    CompletableFuture<String> err =
        CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      return Optional.of(new ProgramResult(process.exitValue(), out.join(), err.join()));
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Secrets are for who needs them: GitHub's token for its own program, nothing else. */
  private static boolean mayKnow(String program, String variable) {
    boolean secret = Masking.isSecretName(variable) || variable.equals("AWS_ACCESS_KEY_ID");
    return !secret || program.equals("gh") && GITHUB_TOKENS.contains(variable);
  }

  private static String text(java.io.InputStream in) {
    try (in) {
      return new String(in.readNBytes(1_000_000), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
