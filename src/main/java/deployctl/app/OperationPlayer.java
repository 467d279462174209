package deployctl.app;

import deployctl.support.tape.Tape;
import deployctl.support.tape.TapePlayer;
import deployctl.support.time.Time;
import java.io.IOException;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Plays the recording of an operation that is over as if it went on: events that lie ahead are not
 * there yet, and the stack is in what its latest event says.
 */
final class OperationPlayer implements Tape {
  private static final Pattern MEMBER = Pattern.compile("<member>.*?</member>", Pattern.DOTALL);
  private static final Pattern TIME = Pattern.compile("<Timestamp>([^<]*)</Timestamp>");
  private static final Pattern STATUS = Pattern.compile("<ResourceStatus>([^<]*)</ResourceStatus>");

  private final TapePlayer recording;
  private final Time time;

  OperationPlayer(TapePlayer recording, Time time) {
    this.recording = recording;
    this.time = time;
  }

  @Override
  public RecordedAnswer play(RecordedRequest request) throws IOException {
    // There is one stack in the recording, whether it is asked for by its name or its ARN.
    RecordedAnswer known = recording.any(request.operation());
    RecordedAnswer whole = known == null ? recording.play(request) : known;
    return switch (request.operation()) {
      case "DescribeStackEvents" -> with(whole, eventsUntilNow(whole.body()));
      case "DescribeStacks" -> with(whole, inItsStatus(whole.body()));
      default -> whole;
    };
  }

  private String inItsStatus(String body) {
    RecordedAnswer events = recording.any("DescribeStackEvents");
    if (events == null) {
      return body;
    }
    String status = statusNow(events.body());
    return body.replaceFirst(
        "<StackStatus>[^<]*</StackStatus>", "<StackStatus>" + status + "</StackStatus>");
  }

  /** Return what the stack's own latest event says; events stand newest first. */
  private String statusNow(String body) {
    Matcher members = MEMBER.matcher(body);
    while (members.find()) {
      Matcher told = STATUS.matcher(members.group());
      if (past(members.group()) && ofStack(members.group()) && told.find()) {
        return told.group(1);
      }
    }
    return "CREATE_COMPLETE";
  }

  private boolean past(String member) {
    Matcher at = TIME.matcher(member);
    return at.find() && !Instant.parse(at.group(1)).isAfter(time.now());
  }

  private String eventsUntilNow(String body) {
    return MEMBER
        .matcher(body)
        .replaceAll(member -> past(member.group()) ? Matcher.quoteReplacement(member.group()) : "");
  }

  private static boolean ofStack(String member) {
    return member.contains("<ResourceType>AWS::CloudFormation::Stack</ResourceType>");
  }

  private static RecordedAnswer with(RecordedAnswer answer, String body) {
    return new RecordedAnswer(answer.status(), answer.contentType(), body, answer.scopes());
  }

  @Override
  public void keep(RecordedRequest request, @Nullable RecordedAnswer answer) {
    // What is played is kept already.
  }

  @Override
  public boolean closed() {
    return true;
  }
}
