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

  /** Return a list without secrets in its texts; a word behind {@code --password} is one. */
  public static List<@Nullable Object> list(List<?> list) {
    List<@Nullable Object> masked = new ArrayList<>(list.size());
    boolean option = false;
    for (Object one : list) {
      masked.add(option && one instanceof String ? Masking.MASK : value(one));
      option = one instanceof String word && word.startsWith("-") && Masking.isSecretName(word);
    }
    return masked;
  }

  /** Return an object without secrets in its texts; see {@link #value}. */
  public static JsonObject object(JsonObject object) {
    JsonObject masked = new JsonObject();
    object.names().forEach(name -> masked.put(name, field(name, object.get(name))));
    return masked;
  }

  /** Return a field's value without secrets: no text of it where the name says that it is one. */
  public static @Nullable Object field(String name, @Nullable Object value) {
    return value instanceof String text && !text.isEmpty() && Masking.isSecretName(name)
        ? Masking.MASK
        : value(value);
  }
}
