package deployctl.support.json;

import deployctl.support.text.Masking;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hides secrets in the texts of JSON values, which stay JSON; see {@link Masking}. */
public final class JsonMasking {
  private JsonMasking() {}

  /**
   * Return a value without secrets in its texts: also those that only their field's name gives
   * away.
   *
   * @param value see {@link JsonObject}; it is not changed
   */
  public static @Nullable Object value(@Nullable Object value) {
    if (value instanceof String text) {
      return Masking.secrets(text);
    }
    if (value instanceof JsonObject object) {
      return object(object);
    }
    return value instanceof List<?> list ? list(list) : value;
  }

  /** Return a list without secrets in its texts; see {@link #value}. */
  public static List<@Nullable Object> list(List<?> list) {
    List<@Nullable Object> masked = new ArrayList<>(list.size());
    list.forEach(one -> masked.add(value(one)));
    return masked;
  }

  /** Return an object without secrets in its texts; see {@link #value}. */
  public static JsonObject object(JsonObject object) {
    JsonObject masked = new JsonObject();
    for (String name : object.names()) {
      Object value = object.get(name);
      masked.put(
          name,
          value instanceof String text && !text.isEmpty() && Masking.isSecretName(name)
              ? Masking.MASK
              : value(value));
    }
    return masked;
  }
}
