package deployctl.diagnose.rules;

/**
 * A text that ends a search which looks at it too often: a pattern that backtracks without end must
 * not hold up a diagnosis.
 */
final class BoundedText implements CharSequence {
  /** How much of a message is looked at; what AWS says stands at its beginning. */
  static final int LONGEST = 8_000;

  /** Far more than a sensible pattern needs, and done in some milliseconds. */
  private static final int MOST_LOOKS = 2_000_000;

  private final String text;
  private int inspections;

  BoundedText(String text) {
    this.text = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
  }

  /** A search was ended. */
  static final class TooLong extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooLong() {
      super("the pattern looks at the text too often", null, false, false);
    }
  }

  @Override
  public char charAt(int index) {
    if (++inspections > MOST_LOOKS) {
      throw new TooLong();
    }
    return text.charAt(index);
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.subSequence(start, end);
  }

  @Override
  public String toString() {
    return text;
  }
}
