package deployctl.run;

import deployctl.support.process.ExternalProgram;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The commit that is checked out, as git tells it. */
final class GitCommit {
  private GitCommit() {}

  /** Return it, or empty outside a repository and without git. */
  static Optional<String> head(ExternalProgram.ProgramRunner programs) {
    return programs
        .run(List.of("git", "rev-parse", "HEAD"), Duration.ofSeconds(2))
        .filter(ExternalProgram.ProgramResult::ok)
        .map(result -> result.out().trim())
        .filter(text -> text.matches("[0-9a-f]{7,64}"));
  }
}
