package deployctl.app;

import deployctl.diagnose.DiagnoseContext;
import deployctl.support.tape.TapePlayer;
import deployctl.support.tape.TapeRecorder;
import deployctl.support.time.ShiftedTime;
import java.nio.file.Path;

/** Puts a recording between the program and AWS, Slack and the clock. */
final class Tapes implements DiagnoseContext.Recordings {
  private final AwsParts aws;
  private final ShiftedTime time;

  Tapes(AwsParts aws, ShiftedTime time) {
    this.aws = aws;
    this.time = time;
  }

  @Override
  public void record(Path folder) {
    aws.tape(new TapeRecorder(folder, time));
  }

  @Override
  public void replay(Path folder) {
    replay(folder, 1);
  }

  /** Play a recording at {@code speed} times its pace. */
  void replay(Path folder, int speed) {
    TapePlayer player = new TapePlayer(folder);
    time.moveTo(player.recordedAt(), speed);
    player.follow(time);
    aws.tape(player);
  }
}
