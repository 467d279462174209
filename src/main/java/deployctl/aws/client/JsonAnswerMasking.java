package deployctl.aws.client;

import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonMasking;
import deployctl.support.json.JsonObject;
import deployctl.support.text.Masking;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Hides in an answer in JSON what only its place says to be somebody's own: a secret's value, a
 * container's command, variables, labels and options, and tags.
 *
 * <p>Source of the places: the API references of Secrets Manager (GetSecretValue), ECS
 * (ContainerDefinition, ContainerOverride, LogConfiguration, Tag) and Resource Groups Tagging
 * (ResourceTagMapping).
 */
final class JsonAnswerMasking {
  private JsonAnswerMasking() {}

  static JsonObject object(JsonObject answer) {
    JsonObject masked = new JsonObject();
    for (String name : answer.names()) {
      Object value = answer.get(name);
      masked.put(
          name,
          switch (name.toLowerCase(Locale.ROOT)) {
            case "secretstring", "secretbinary" ->
                value instanceof String text ? fieldsOnly(text) : Masking.MASK;
            case "command", "entrypoint" ->
                value instanceof List<?> words ? words(words) : other(name, value);
            case "environment", "tags", "taglist" ->
                value instanceof List<?> list ? pairs(list) : other(name, value);
            case "dockerlabels" ->
                value instanceof JsonObject labels
                    ? labels(labels, "com.amazonaws.")
                    : other(name, value);
            // Where a container's output goes is asked for; what a driver wants may be a token.
            case "options" ->
                value instanceof JsonObject labels
                    ? labels(labels, "awslogs-")
                    : other(name, value);
            // What decides whether a task is healthy is part of the diagnosis.
            case "healthcheck" -> JsonMasking.value(value);
            default -> other(name, value);
          });
    }
    return masked;
  }

  private static @Nullable Object other(String name, @Nullable Object value) {
    if (value instanceof JsonObject object) {
      return object(object);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> masked = new ArrayList<>(list.size());
      list.forEach(
          one -> masked.add(one instanceof JsonObject o ? object(o) : JsonMasking.value(one)));
      return masked;
    }
    return JsonMasking.field(name, value);
  }

  private static List<@Nullable Object> words(List<?> words) {
    List<@Nullable Object> masked = new ArrayList<>(words.size());
    words.forEach(word -> masked.add(Masking.MASK));
    return masked;
  }

  /** Pairs of a name and a value, whose names say whose they are. */
  private static List<@Nullable Object> pairs(List<?> pairs) {
    List<@Nullable Object> masked = new ArrayList<>(pairs.size());
    for (Object one : pairs) {
      masked.add(one instanceof JsonObject pair ? pair(pair) : JsonMasking.value(one));
    }
    return masked;
  }

  private static JsonObject pair(JsonObject pair) {
    JsonObject masked = JsonMasking.object(pair);
    for (String name : pair.names()) {
      if (name.equalsIgnoreCase("value") && !ofAws(pair)) {
        masked.put(name, Masking.MASK);
      }
    }
    return masked;
  }

  /** Tags that AWS sets name a stack. */
  private static boolean ofAws(JsonObject pair) {
    return pair.names().stream()
        .anyMatch(
            name ->
                name.equalsIgnoreCase("key")
                    && pair.get(name) instanceof String key
                    && key.startsWith("aws:"));
  }

  private static JsonObject labels(JsonObject labels, String kept) {
    JsonObject masked = new JsonObject();
    for (String name : labels.names()) {
      masked.put(
          name, name.startsWith(kept) ? JsonMasking.field(name, labels.get(name)) : Masking.MASK);
    }
    return masked;
  }

  /** The names of the fields are needed to tell what is missing; the values never are. */
  private static String fieldsOnly(String value) {
    try {
      JsonObject names = new JsonObject();
      for (String name : Json.parseObject(value).names()) {
        names.put(Masking.secrets(name), Masking.MASK);
      }
      return Json.write(names);
    } catch (JsonException e) {
      return Masking.MASK;
    }
  }
}
