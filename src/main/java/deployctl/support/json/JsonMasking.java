package deployctl.support.json;

import deployctl.support.text.Masking;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Hides secrets in the texts of JSON values, which stay JSON; see {@link Masking}. */
public final class JsonMasking {
  /** What names a secret of Secrets Manager's, and is none. */
  private static final Pattern REFERENCE = Pattern.compile("arn:aws[a-z-]*:");

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

  /**
   * Return an object without secrets in its texts; see {@link #value}. Where one field names a
   * secret, the one that holds it has none.
   */
  public static JsonObject object(JsonObject object) {
    boolean named =
        object.names().stream()
            .anyMatch(
                name ->
                    Masking.isNamingField(name)
                        && object.get(name) instanceof String text
                        && Masking.isSecretName(text));
    JsonObject masked = new JsonObject();
    for (String name : object.names()) {
      Object value = object.get(name);
      masked.put(name, named && Masking.isHoldingField(name) ? hidden(value) : field(name, value));
    }
    return masked;
  }

  /** Return a field's value without secrets: no text of it where the name says that it is one. */
  public static @Nullable Object field(String name, @Nullable Object value) {
    return Masking.isSecretName(name) ? hidden(value) : value(value);
  }

  /** Texts that are secret, in a list, too; of an object what it says to hold. */
  private static @Nullable Object hidden(@Nullable Object value) {
    if (value instanceof String text) {
      return text.isEmpty() || REFERENCE.matcher(text).lookingAt() ? text : Masking.MASK;
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> masked = new ArrayList<>(list.size());
      list.forEach(one -> masked.add(one instanceof String ? hidden(one) : value(one)));
      return masked;
    }
    if (value instanceof JsonObject object) {
      JsonObject masked = object(object);
      for (String name : object.names()) {
        if (Masking.isHoldingField(name)) {
          masked.put(name, hidden(object.get(name)));
        }
      }
      return masked;
    }
    return value;
  }
}
