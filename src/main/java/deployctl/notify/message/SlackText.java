package deployctl.notify.message;

import deployctl.support.text.Cleaning;
import deployctl.support.text.Masking;
import deployctl.support.time.Timestamps;
import java.time.Instant;

/**
 * Text as Slack reads it.
 *
 * <p>Source: Slack's "Formatting text for app surfaces": {@code &}, {@code <} and {@code >} are
 * written as entities, dates as {@code <!date^seconds^format|fallback>}.
 */
public final class SlackText {
  private static final String FENCE = "```";

  private SlackText() {}

  /**
   * Return text of elsewhere so that nothing in it is taken for a link, a mention or a control.
   * Escaped, a secret would not be known for one any more: it is masked before.
   */
  static String escape(String original) {
    String text = Masking.secrets(original);
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '\r' ->
            escaped.append(i + 1 < text.length() && text.charAt(i + 1) == '\n' ? "" : "\n");
        case '\n', '\t' -> escaped.append(c);
        default -> escaped.append(Cleaning.isControl(c) ? ' ' : c);
      }
    }
    return escaped.toString();
  }

  /** Return text of elsewhere as a block of code of at most {@code most} characters. */
  static String code(String text, int most) {
    // A fence inside would end the block early.
    String safe = escape(text.strip()).replace(FENCE, "'''");
    return FENCE + cut(safe, most - 2 * FENCE.length()) + FENCE;
  }

  /**
   * Return escaped text cut to at most {@code most} characters. A cut says how much was left out,
   * splits no character, entity or link, and closes a code fence that it leaves open.
   */
  public static String cut(String escaped, int most) {
    if (escaped.length() <= most) {
      return escaped;
    }
    int end = Math.max(0, most - cutMark(escaped.length()).length() - FENCE.length() - 1);
    end = whole(escaped, end);
    String kept = escaped.substring(0, end);
    String fence = openFence(kept) ? "\n" + FENCE : "";
    return kept + fence + cutMark(escaped.length() - end);
  }

  private static String cutMark(int left) {
    return "\n… (" + left + " characters left out)";
  }

  /** Return the last place at or before {@code end} where nothing is split. */
  private static int whole(String text, int end) {
    int at = end;
    if (at > 0 && Character.isHighSurrogate(text.charAt(at - 1))) {
      at--;
    }
    int entity = text.lastIndexOf('&', at - 1);
    if (entity >= 0 && at - entity < "&amp;".length() && text.indexOf(';', entity) >= at) {
      at = entity;
    }
    int link = text.lastIndexOf('<', at - 1);
    if (link >= 0 && text.indexOf('>', link) >= at) {
      at = link;
    }
    while (at > 0 && text.charAt(at - 1) == '`') {
      at--;
    }
    return at;
  }

  private static boolean openFence(String text) {
    int fences = 0;
    for (int at = text.indexOf(FENCE); at >= 0; at = text.indexOf(FENCE, at + FENCE.length())) {
      fences++;
    }
    return fences % 2 == 1;
  }

  /** Return Slack's text as a terminal shows it. */
  public static String plain(String escaped) {
    return escaped
        .replaceAll("<[^|>]*\\|([^>]*)>", "$1")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
  }

  /** Return a time in UTC and, in parentheses, in the reader's own zone. */
  public static String time(Instant instant) {
    return utc(instant)
        + " (<!date^"
        + instant.getEpochSecond()
        + "^{date_short_pretty} {time}|your time>)";
  }

  /** Return a time as for instance {@code 2026-01-31 12:34 UTC}. */
  public static String utc(Instant instant) {
    String iso = Timestamps.format(instant);
    return iso.substring(0, 10) + " " + iso.substring(11, 16) + " UTC";
  }

  /** Return a link. */
  static String link(String url, String message) {
    return "<" + escape(url).replace("|", "%7C") + "|" + message + ">";
  }
}
