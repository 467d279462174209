package deployctl.operation;

import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import deployctl.support.yaml.Yaml;
import deployctl.support.yaml.Yaml.YamlException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * What a template says of its resources: their types, and which waits for which.
 *
 * <p>CloudFormation makes a resource after those that it refers to ({@code Ref}, {@code
 * Fn::GetAtt}, {@code Fn::Sub}) or names in {@code DependsOn} (CloudFormation user guide). JSON and
 * YAML are read, with functions in their long and short forms.
 */
public final class Template {
  private static final Pattern IN_SUB = Pattern.compile("\\$\\{([A-Za-z0-9]+)[.}]");

  private final Map<String, Resource> resources;

  private Template(Map<String, Resource> resources) {
    this.resources = resources;
  }

  /**
   * A resource.
   *
   * @param type empty where the template has none
   * @param conditional whether it may not be made at all
   * @param dependsOn logical ids of the resources that it waits for
   */
  public record Resource(String type, boolean conditional, Set<String> dependsOn) {}

  /** Return a template without resources. */
  public static Template empty() {
    return new Template(Map.of());
  }

  /** Read a template; one that cannot be read, or is nested too deeply, has no resources. */
  public static Template parse(String text) {
    try {
      return read(text);
    } catch (StackOverflowError e) {
      return empty();
    }
  }

  private static Template read(String text) {
    JsonObject root = text.stripLeading().startsWith("{") ? json(text) : null;
    if (root == null) {
      root = yaml(text);
    }
    JsonObject all = root == null ? null : root.object("Resources");
    if (all == null) {
      return empty();
    }
    Map<String, Resource> resources = new LinkedHashMap<>();
    for (String id : all.names()) {
      if (all.get(id) instanceof JsonObject resource) {
        Set<String> found = new LinkedHashSet<>();
        collect(resource, found);
        dependsOn(resource.get("DependsOn"), found);
        found.retainAll(all.names());
        found.remove(id);
        String type = resource.string("Type");
        resources.put(id, new Resource(type == null ? "" : type, resource.has("Condition"), found));
      }
    }
    return new Template(resources);
  }

  /** Return the resources by their logical ids. */
  public Map<String, Resource> resources() {
    return resources;
  }

  /** Return the ids of the resources that are made in any case. */
  public Set<String> certain() {
    Set<String> ids = new LinkedHashSet<>();
    resources.forEach(
        (id, resource) -> {
          if (!resource.conditional()) {
            ids.add(id);
          }
        });
    return ids;
  }

  private static void collect(@Nullable Object value, Set<String> found) {
    if (value instanceof List<?> list) {
      list.forEach(element -> collect(element, found));
    } else if (value instanceof JsonObject object) {
      for (String name : object.names()) {
        Object inner = object.get(name);
        switch (name) {
          case "Ref" -> add(inner, found);
          case "Fn::GetAtt" -> getAtt(inner, found);
          case "Fn::Sub" -> sub(inner, found);
          default -> collect(inner, found);
        }
      }
    }
  }

  private static void getAtt(@Nullable Object value, Set<String> found) {
    if (value instanceof String text) {
      add(text.split("\\.", 2)[0], found);
    } else if (value instanceof List<?> list && !list.isEmpty()) {
      add(list.get(0), found);
    }
  }

  private static void sub(@Nullable Object value, Set<String> found) {
    if (value instanceof String text) {
      Matcher matcher = IN_SUB.matcher(text);
      while (matcher.find()) {
        found.add(matcher.group(1));
      }
    } else if (value instanceof List<?> list) {
      list.forEach(
          element -> {
            if (element instanceof String) {
              sub(element, found);
            } else {
              collect(element, found);
            }
          });
    }
  }

  private static void dependsOn(@Nullable Object value, Set<String> found) {
    if (value instanceof List<?> list) {
      list.forEach(element -> add(element, found));
    } else {
      add(value, found);
    }
  }

  private static void add(@Nullable Object value, Set<String> found) {
    if (value instanceof String text) {
      found.add(text);
    }
  }

  private static @Nullable JsonObject json(String text) {
    try {
      return Json.parseObject(text);
    } catch (JsonException e) {
      return null;
    }
  }

  private static @Nullable JsonObject yaml(String text) {
    try {
      Node root = Yaml.compose(text);
      return root != null && value(root) instanceof JsonObject object ? object : null;
    } catch (YamlException e) {
      return null;
    }
  }

  private static Object value(Node node) {
    Object plain = plain(node);
    String tag = node.getTag().getValue();
    if (!tag.startsWith("!") || tag.equals("!")) {
      return plain;
    }
    // A short form is the long one under another name.
    String function = tag.substring(1);
    String name =
        function.equals("Ref") || function.equals("Condition") ? function : "Fn::" + function;
    return new JsonObject().put(name, plain);
  }

  private static Object plain(Node node) {
    if (node instanceof MappingNode mapping) {
      JsonObject object = new JsonObject();
      for (NodeTuple entry : mapping.getValue()) {
        if (entry.getKeyNode() instanceof ScalarNode key) {
          object.put(key.getValue(), value(entry.getValueNode()));
        }
      }
      return object;
    }
    if (node instanceof SequenceNode sequence) {
      List<Object> list = new ArrayList<>();
      sequence.getValue().forEach(element -> list.add(value(element)));
      return list;
    }
    return node instanceof ScalarNode scalar ? scalar.getValue() : "";
  }
}
