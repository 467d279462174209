package deployctl.diagnose.rules;

import deployctl.diagnose.finding.FindingCode;
import deployctl.support.yaml.Yaml;
import deployctl.support.yaml.Yaml.YamlException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads a file of rules. A rule that is wrong is left out and told, and the others count. */
final class RuleFile {
  private static final Set<String> KNOWN =
      Set.of("id", "field", "pattern", "code", "class", "meaning", "remedy", "link", "samples");

  private final String name;
  private final List<Rule> rules = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();

  private RuleFile(String name) {
    this.name = name;
  }

  /** What was read. */
  record Content(List<Rule> rules, List<String> complaints) {}

  /**
   * Read rules.
   *
   * @param name of the file, for complaints
   */
  static Content read(String name, String yaml) {
    RuleFile file = new RuleFile(name);
    try {
      Node root = Yaml.compose(yaml);
      if (root instanceof SequenceNode list) {
        list.getValue().forEach(file::add);
      } else {
        file.complaints.add(name + " is not a list of rules");
      }
    } catch (YamlException e) {
      file.complaints.add(name + " is not YAML: " + e.problem());
    }
    return new Content(List.copyOf(file.rules), List.copyOf(file.complaints));
  }

  private void add(Node node) {
    int line = node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    if (!(node instanceof MappingNode mapping)) {
      complain(line, "a rule is not a mapping");
      return;
    }
    Map<String, List<String>> values = new HashMap<>();
    for (NodeTuple entry : mapping.getValue()) {
      if (entry.getKeyNode() instanceof ScalarNode key) {
        values.put(key.getValue(), texts(entry.getValueNode()));
      }
    }
    try {
      Rule rule = rule(values);
      if (!ids.add(rule.id())) {
        complain(line, "there is a rule " + rule.id() + " already");
        return;
      }
      rules.add(rule);
    } catch (IllegalArgumentException e) {
      complain(line, String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
    }
  }

  private Rule rule(Map<String, List<String>> values) {
    for (String key : values.keySet()) {
      if (!KNOWN.contains(key)) {
        throw new IllegalArgumentException("a rule has no '" + key + "'");
      }
    }
    String id = one(values, "id");
    EnumSet<RuleField> fields = EnumSet.noneOf(RuleField.class);
    for (String word : values.getOrDefault("field", List.of())) {
      RuleField field = RuleField.find(word);
      if (field == null) {
        throw new IllegalArgumentException("'" + word + "' is no field (" + id + ")");
      }
      fields.add(field);
    }
    if (fields.isEmpty()) {
      throw new IllegalArgumentException("the rule " + id + " has no field");
    }
    String kindWord = optional(values, "class");
    Rule.RuleKind kind = Rule.RuleKind.find(kindWord == null ? "root" : kindWord);
    if (kind == null) {
      throw new IllegalArgumentException("'" + kindWord + "' is no class (" + id + ")");
    }
    String link = optional(values, "link");
    return new Rule(
        id,
        fields,
        pattern(id, one(values, "pattern")),
        code(id, optional(values, "code")),
        kind,
        one(values, "meaning"),
        one(values, "remedy"),
        link == null ? "" : link,
        values.getOrDefault("samples", List.of()));
  }

  /** A misspelt code would take the message from the program's own rule and lead nowhere. */
  private static @Nullable FindingCode code(String id, @Nullable String name) {
    FindingCode code = FindingCode.find(name);
    if (name != null && code == null) {
      throw new IllegalArgumentException(
          "'"
              + name
              + "' is no finding code ("
              + id
              + "); allowed: "
              + Arrays.stream(FindingCode.values())
                  .map(FindingCode::name)
                  .collect(Collectors.joining(", ")));
    }
    return code;
  }

  private static Pattern pattern(String id, String regex) {
    try {
      return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "the pattern of " + id + " is wrong: " + e.getDescription(), e);
    }
  }

  private static String one(Map<String, List<String>> values, String key) {
    String value = optional(values, key);
    if (value == null) {
      throw new IllegalArgumentException("a rule has no " + key);
    }
    return value;
  }

  private static @Nullable String optional(Map<String, List<String>> values, String key) {
    List<String> all = values.getOrDefault(key, List.of());
    return all.isEmpty() || all.get(0).isBlank() ? null : all.get(0);
  }

  private static List<String> texts(Node node) {
    if (node instanceof ScalarNode scalar) {
      return List.of(scalar.getValue());
    }
    if (node instanceof SequenceNode list) {
      return list.getValue().stream()
          .filter(ScalarNode.class::isInstance)
          .map(element -> ((ScalarNode) element).getValue())
          .toList();
    }
    return List.of();
  }

  private void complain(int line, String what) {
    complaints.add(name + ", line " + line + ": " + what);
  }
}
