package deployctl.operation;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells AWS's reasons that name a cause from those that only follow one. */
public final class Reasons {
  private Reasons() {}

  /** Tell whether something was only given up because something else had failed. */
  public static boolean cancelled(@Nullable String reason) {
    String text = lower(reason);
    return text.matches("(?s)resource (creation|update|deletion|import) cancelled\\.?.*")
        || text.startsWith("resource deletion was cancelled");
  }

  /** Tell whether it sums up what others tell better: a stack on its resources, a nested stack. */
  public static boolean summary(@Nullable String reason) {
    String text = lower(reason);
    return text.startsWith("the following resource(s) failed to")
        || text.startsWith("embedded stack ")
        || text.matches("(?s)resource handler returned message: \"?embedded stack .*");
  }

  /** Tell whether it says that a person did it. */
  static boolean byPerson(@Nullable String reason) {
    return lower(reason).startsWith("user initiated");
  }

  private static String lower(@Nullable String reason) {
    return Events.orEmpty(reason).strip().toLowerCase(Locale.ROOT);
  }
}
