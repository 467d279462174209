package deployctl.diagnose;

import deployctl.cli.Args;
import deployctl.support.Failure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** The options that keep and play answers. */
public final class RecordingOptions {
  private final Recordings recordings;
  private @Nullable String record;
  private @Nullable String replay;

  /** Make the options. */
  public RecordingOptions(Recordings recordings) {
    this.recordings = recordings;
  }

  /** Add the options to a command. */
  public void declare(CommandSpec spec) {
    Args.option(
        spec,
        "--record",
        "<folder>",
        "Keep every answer of AWS and Slack, with secrets masked.",
        v -> record = v);
    Args.option(
        spec,
        "--replay",
        "<folder>",
        "Take every answer from a recording, offline.",
        v -> replay = v);
  }

  /** Refuse what a recording cannot do; to be called before {@link #apply}. */
  void refuseWhenReplaying(boolean asked, String option) {
    if (replay != null && asked) {
      throw Failure.usage(
          "--replay is offline, and " + option + " is not", "Leave one of the two out");
    }
  }

  /** Do what was asked for; to be called before anything is looked at. */
  public void apply() {
    if (record != null && replay != null) {
      throw Failure.usage("--record and --replay exclude each other", "Choose one");
    }
    if (record != null) {
      recordings.record(record);
    }
    if (replay != null) {
      recordings.replay(replay);
    }
  }
}
