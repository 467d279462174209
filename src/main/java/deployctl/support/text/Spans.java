package deployctl.support.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Parts of a text that are to be replaced, found in any order; they may overlap. */
final class Spans {
  /** A part of a text, from the first character to the one behind the last. */
  private record Span(int from, int to) {}

  private final List<Span> found = new ArrayList<>();

  void add(int from, int to) {
    if (from < to) {
      found.add(new Span(from, to));
    }
  }

  /** Add what was found in a part of the text that begins there. */
  void addAll(Spans other, int begin) {
    other.found.forEach(span -> add(begin + span.from(), begin + span.to()));
  }

  /** Add what was found in a text decoded from this one, where it stands in this one. */
  void addAll(Spans other, DecodedText text) {
    other.found.forEach(span -> add(text.begin(span.from()), text.end(span.to() - 1)));
  }

  /** Return the text with {@code stand} in place of each part; overlapping parts are one. */
  String replaced(String text, String stand) {
    if (found.isEmpty()) {
      return text;
    }
    found.sort(Comparator.comparingInt(Span::from));
    StringBuilder out = new StringBuilder(text.length());
    int copied = 0;
    int from = -1;
    int to = 0;
    for (Span span : found) {
      if (from >= 0 && span.from() < to) {
        to = Math.max(to, span.to());
        continue;
      }
      if (from >= 0) {
        out.append(text, copied, from).append(stand);
        copied = to;
      }
      from = span.from();
      to = span.to();
    }
    return out.append(text, copied, from).append(stand).append(text, to, text.length()).toString();
  }
}
