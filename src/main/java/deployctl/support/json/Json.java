package deployctl.support.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import deployctl.support.text.Cleaning;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads and writes JSON as plain values (see {@link JsonObject}), strictly by RFC 8259. */
public final class Json {
  /** Deeper than anything that this program or AWS writes; what goes deeper ends the stack. */
  private static final int DEEPEST = 200;

  /** Each level of what is tried to be saved is tried once more: few, so that it stays linear. */
  private static final int DEEPEST_SAVED = 20;

  private static final JsonFactory FACTORY = factory(DEEPEST);

  private static JsonFactory factory(int deepest) {
    return JsonFactory.builder()
        .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(deepest).build())
        .build();
  }

  private Json() {}

  /**
   * Read one JSON document that must be an object.
   *
   * @throws JsonException when it is not JSON, is something else, or something follows it
   */
  public static JsonObject parseObject(byte[] utf8) throws JsonException {
    try (JsonParser parser = FACTORY.createParser(utf8)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new JsonException("expected an object at the start");
      }
      JsonObject object = object(parser);
      if (parser.nextToken() != null) {
        throw new JsonException(
            "something follows the end of the object" + at(parser.currentLocation()));
      }
      return object;
    } catch (JsonProcessingException e) {
      throw malformed(e);
    } catch (IOException e) {
      // Jackson reports bytes that are no UTF-8 as a plain IOException (CharConversionException).
      throw new JsonException(firstLine(e.getMessage()));
    }
  }

  /** Read one JSON document that must be an object; see {@link #parseObject(byte[])}. */
  public static JsonObject parseObject(String text) throws JsonException {
    return parseObject(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Find the objects in a damaged document that are whole, outermost first, in the order they stand
   * there.
   *
   * @param wanted tells whether an object is one of those looked for; what is inside such a one is
   *     not looked at
   */
  public static List<JsonObject> salvage(byte[] damaged, Predicate<JsonObject> wanted) {
    List<JsonObject> found = new ArrayList<>();
    JsonFactory shallow = factory(DEEPEST_SAVED);
    int at = 0;
    while (at < damaged.length) {
      if (damaged[at] == '{' && mayBegin(damaged, at)) {
        try (JsonParser parser = shallow.createParser(damaged, at, damaged.length - at)) {
          parser.nextToken();
          JsonObject object = object(parser);
          if (wanted.test(object)) {
            found.add(object);
            at += (int) parser.currentLocation().getByteOffset();
            continue;
          }
        } catch (IOException e) {
          // Not whole from here: what it holds may be.
          at++;
          continue;
        }
      }
      at++;
    }
    return found;
  }

  /** Tell whether what follows a brace may be an object: a name, or its end. */
  private static boolean mayBegin(byte[] text, int brace) {
    int at = brace + 1;
    while (at < text.length && text[at] <= ' ' && text[at] > 0) {
      at++;
    }
    return at < text.length && (text[at] == '"' || text[at] == '}');
  }

  /** Return a value as JSON on one line. */
  public static String write(@Nullable Object value) {
    return write(value, false);
  }

  /** Return a value as JSON indented by two spaces, for people. */
  public static String pretty(@Nullable Object value) {
    return write(value, true);
  }

  /**
   * Return a value as JSON in UTF-8 on one line. Half a character, which UTF-8 has not, becomes a
   * question mark.
   */
  public static byte[] bytes(@Nullable Object value) {
    // By way of a text: the library's writer of bytes writes half a character in a name so that
    // nobody can read it.
    return write(value).getBytes(StandardCharsets.UTF_8);
  }

  private static String write(@Nullable Object value, boolean indented) {
    StringWriter text = new StringWriter(256);
    try (JsonGenerator generator = FACTORY.createGenerator(text)) {
      if (indented) {
        generator.setPrettyPrinter(new DefaultPrettyPrinter());
      }
      write(generator, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return harmless(text.toString());
  }

  /**
   * Escape what a terminal or a workflow's runner would heed: it can stand inside texts alone, so
   * the document means the same.
   */
  private static String harmless(String json) {
    String text = json.contains("##[") ? json.replace("##[", "##\\u005b") : json;
    StringBuilder escaped = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean bad = c > '~' && Cleaning.isControl(c);
      if (bad && escaped == null) {
        escaped = new StringBuilder(text.length() + 32).append(text, 0, i);
      }
      if (escaped != null) {
        if (bad) {
          escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
        } else {
          escaped.append(c);
        }
      }
    }
    return escaped == null ? text : escaped.toString();
  }

  private static void write(JsonGenerator generator, @Nullable Object value) throws IOException {
    if (value == null) {
      generator.writeNull();
    } else if (value instanceof String text) {
      generator.writeString(text);
    } else if (value instanceof Boolean bool) {
      generator.writeBoolean(bool);
    } else if (value instanceof JsonObject object) {
      generator.writeStartObject();
      for (String name : object.names()) {
        generator.writeFieldName(name);
        write(generator, object.get(name));
      }
      generator.writeEndObject();
    } else if (value instanceof Iterable<?> list) {
      generator.writeStartArray();
      for (Object element : list) {
        write(generator, element);
      }
      generator.writeEndArray();
    } else if (value instanceof Integer || value instanceof Long) {
      generator.writeNumber(((Number) value).longValue());
    } else if (value instanceof BigInteger big) {
      generator.writeNumber(big);
    } else if (value instanceof BigDecimal big) {
      generator.writeNumber(big);
    } else if (value instanceof Double number) {
      generator.writeNumber(number);
    } else {
      throw new IllegalArgumentException("no JSON form for " + value.getClass());
    }
  }

  private static JsonObject object(JsonParser parser) throws IOException {
    JsonObject object = new JsonObject();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      if (object.has(name)) {
        // One of the two would be lost. The parser's own check costs half as much time again.
        throw new IOException(
            "the field " + name + " is there twice" + at(parser.currentLocation()));
      }
      parser.nextToken();
      object.put(name, value(parser));
    }
    return object;
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT ->
          parser.getNumberValue() instanceof BigInteger big ? big : parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> decimal(parser);
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case END_ARRAY, END_OBJECT, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IOException("unexpected " + token);
    };
  }

  /** Kept exactly, so that a file rewritten by us does not change a foreign tool's numbers. */
  private static BigDecimal decimal(JsonParser parser) throws IOException {
    try {
      return parser.getDecimalValue();
    } catch (NumberFormatException e) {
      throw new IOException("a number that is too large" + at(parser.currentLocation()), e);
    }
  }

  private static List<@Nullable Object> array(JsonParser parser) throws IOException {
    List<@Nullable Object> list = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(value(parser));
    }
    return list;
  }

  private static JsonException malformed(JsonProcessingException e) {
    return new JsonException(firstLine(e.getOriginalMessage()) + at(e.getLocation()));
  }

  private static String at(@Nullable JsonLocation location) {
    return location == null
        ? ""
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  private static String firstLine(@Nullable String message) {
    // Jackson adds which of its switches would allow what it found; the operator has none of them.
    return message == null
        ? "unreadable"
        : message
            .lines()
            .findFirst()
            .orElse("unreadable")
            .replaceFirst(": enable `.*", "")
            // Its names for where it read from say nothing.
            .replaceFirst(" \\(start marker at \\[.*", "")
            .replaceFirst("\\(?start marker at \\[.*", "");
  }
}
