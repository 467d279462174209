package deployctl.support.json;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that keeps the order of its fields.
 *
 * <p>A value is a {@link String}, a {@link Number}, a {@link Boolean}, a {@code JsonObject}, a
 * {@link List} of such values, or null.
 */
public final class JsonObject {
  private final Map<String, @Nullable Object> fields;

  /** Make an object without fields. */
  public JsonObject() {
    this(new LinkedHashMap<>());
  }

  private JsonObject(Map<String, @Nullable Object> fields) {
    this.fields = fields;
  }

  /** Return a copy that shares nested values; setting a field of one leaves the other as it is. */
  public JsonObject copy() {
    return new JsonObject(new LinkedHashMap<>(fields));
  }

  /** Set a field, null included, at its old place or at the end, and return this object. */
  public JsonObject put(String name, @Nullable Object value) {
    fields.put(name, value);
    return this;
  }

  /** Set a field unless {@code value} is null, and return this object. */
  public JsonObject putIfKnown(String name, @Nullable Object value) {
    return value == null ? this : put(name, value);
  }

  /** Remove a field, if it is there, and return this object. */
  public JsonObject remove(String name) {
    fields.remove(name);
    return this;
  }

  /** Tell whether the field is there, be it with the value null. */
  public boolean has(String name) {
    return fields.containsKey(name);
  }

  /** Return the field's value, or null when it is absent or null. */
  public @Nullable Object get(String name) {
    return fields.get(name);
  }

  /** Return the field as text, or null when it is absent, null or something else. */
  public @Nullable String string(String name) {
    return fields.get(name) instanceof String text ? text : null;
  }

  /**
   * Return the field as a whole number, or {@code fallback} when it is absent or something else.
   */
  public long integer(String name, long fallback) {
    return fields.get(name) instanceof Number number ? number.longValue() : fallback;
  }

  /** Return the field as an object, or null when it is absent or something else. */
  public @Nullable JsonObject object(String name) {
    return fields.get(name) instanceof JsonObject object ? object : null;
  }

  /** Return the field as a list, or null when it is absent or something else. */
  public @Nullable List<?> list(String name) {
    return fields.get(name) instanceof List<?> list ? list : null;
  }

  /** Return the names of all fields, in order. */
  public Set<String> names() {
    return fields.keySet();
  }

  /** Return the values of all fields, in order. */
  public Collection<@Nullable Object> values() {
    return fields.values();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JsonObject that && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  /** Return the object as JSON on one line. */
  @Override
  public String toString() {
    return Json.write(this);
  }
}
