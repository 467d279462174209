package deployctl.support.env;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The environment variables of the process. */
@FunctionalInterface
public interface Env {
  /** Return the variable's value, or null when it is not set or empty. */
  @Nullable String get(String name);

  /** Return the variable's value, or {@code fallback} when it is not set or empty. */
  default String get(String name, String fallback) {
    String value = get(name);
    return value == null ? fallback : value;
  }

  /** Return the variables of {@code values}, with empty ones taken as unset. */
  static Env of(Map<String, String> values) {
    return name -> {
      String value = values.get(name);
      return value == null || value.isEmpty() ? null : value;
    };
  }

  /** Return the variables of this process. */
  static Env ofProcess() {
    return name -> {
      String value = System.getenv(name);
      return value == null || value.isEmpty() ? null : value;
    };
  }
}
