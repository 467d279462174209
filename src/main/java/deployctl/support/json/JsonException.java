package deployctl.support.json;

/** A text is not the JSON that was expected; the message says where and why, in one line. */
public class JsonException extends Exception {
  private static final long serialVersionUID = 1;

  /** Make an exception with a reason of one line. */
  public JsonException(String message) {
    super(message);
  }
}
