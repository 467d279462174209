package deployctl.support.json;

/** A text is JSON, and not of the shape that was expected; the message says where. */
public final class WrongShapeException extends JsonException {
  private static final long serialVersionUID = 1;

  /** Make an exception with a reason of one line. */
  public WrongShapeException(String message) {
    super(message);
  }
}
