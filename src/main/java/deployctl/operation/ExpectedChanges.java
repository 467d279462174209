package deployctl.operation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an operation beforehand; null for what AWS does not tell.
 *
 * @param count how many resources it is to touch
 * @param changes logical ids of what its change set changes
 */
public record ExpectedChanges(
    @Nullable Integer count, @Nullable Template template, @Nullable List<String> changes) {
  /** Nothing is known. */
  public static final ExpectedChanges NONE = new ExpectedChanges(null, null, null);
}
