package deployctl.app;

import deployctl.aws.client.AnswerMasking;
import deployctl.diagnose.Recordings;
import deployctl.support.tape.Tape;
import deployctl.support.tape.TapePlayer;
import deployctl.support.tape.TapeRecorder;
import deployctl.support.time.ShiftedTime;
import java.nio.file.Path;

/** Puts a recording between the program and AWS, Slack and the clock. */
final class Tapes implements Recordings {
  private final AwsParts aws;
  private final ShiftedTime time;

  Tapes(AwsParts aws, ShiftedTime time) {
    this.aws = aws;
    this.time = time;
  }

  @Override
  public void record(String folder) {
    aws.tape(new TapeRecorder(Path.of(folder), time, AnswerMasking::masked));
  }

  @Override
  public void replay(String folder) {
    replay(Path.of(folder), 1);
  }

  /** Put a tape between the program and all other systems. */
  void put(Tape tape) {
    aws.tape(tape);
  }

  /** Play a recording at {@code speed} times its pace. */
  void replay(Path folder, int speed) {
    TapePlayer player = new TapePlayer(folder);
    time.moveTo(player.recordedAt(), speed);
    player.follow(time);
    aws.tape(player);
  }
}
