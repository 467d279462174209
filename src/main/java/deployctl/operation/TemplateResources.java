package deployctl.operation;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * The resources that a template names. JSON is YAML, and short forms of functions are only tags, so
 * that one reader serves for all.
 */
public final class TemplateResources {
  private TemplateResources() {}

  /**
   * Return the logical ids of the resources that are made in any case: those with a condition may
   * not be.
   *
   * @param template JSON or YAML
   * @return the ids, in order; empty where the template cannot be read
   */
  public static Set<String> certain(String template) {
    Set<String> ids = new LinkedHashSet<>();
    try {
      Optional<Node> root =
          new Compose(LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build())
              .composeString(template);
      root.flatMap(node -> child(node, "Resources"))
          .filter(MappingNode.class::isInstance)
          .ifPresent(resources -> add((MappingNode) resources, ids));
    } catch (YamlEngineException e) {
      return Set.of();
    }
    return ids;
  }

  private static void add(MappingNode resources, Set<String> ids) {
    for (NodeTuple entry : resources.getValue()) {
      boolean certain = child(entry.getValueNode(), "Condition").isEmpty();
      if (certain && entry.getKeyNode() instanceof ScalarNode name) {
        ids.add(name.getValue());
      }
    }
  }

  private static Optional<Node> child(Node node, String key) {
    if (node instanceof MappingNode mapping) {
      for (NodeTuple entry : mapping.getValue()) {
        if (entry.getKeyNode() instanceof ScalarNode name && name.getValue().equals(key)) {
          return Optional.of(entry.getValueNode());
        }
      }
    }
    return Optional.empty();
  }
}
