package deployctl.app;

import deployctl.diagnose.DiagnoseContext;
import deployctl.support.tape.Player;
import deployctl.support.tape.Recorder;
import deployctl.support.time.ShiftedTime;
import java.nio.file.Path;

/** Puts a recording between the program and AWS, Slack and the clock. */
final class Tapes implements DiagnoseContext.Tapes {
  private final AwsParts aws;
  private final ShiftedTime time;

  Tapes(AwsParts aws, ShiftedTime time) {
    this.aws = aws;
    this.time = time;
  }

  @Override
  public void record(Path folder) {
    aws.tape(new Recorder(folder, time));
  }

  @Override
  public void replay(Path folder) {
    replay(folder, 1);
  }

  /** Play a recording at {@code speed} times its pace. */
  void replay(Path folder, int speed) {
    Player player = new Player(folder);
    time.moveTo(player.recordedAt(), speed);
    player.follow(time);
    aws.tape(player);
  }
}
