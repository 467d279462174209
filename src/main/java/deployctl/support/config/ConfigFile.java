package deployctl.support.config;

import deployctl.support.Failure;
import deployctl.support.file.FileErrors;
import deployctl.support.file.RegularFile;
import deployctl.support.time.Durations;
import deployctl.support.yaml.Yaml;
import deployctl.support.yaml.Yaml.YamlException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A configuration file in YAML, checked against the settings that exist.
 *
 * <p>Whatever is wrong is reported with the file, the line, the key and what is allowed there: a
 * key that is silently ignored is a setting that the operator believes in.
 */
public final class ConfigFile {
  private final Map<String, String> values = new LinkedHashMap<>();
  private final Map<String, Map<String, String>> maps = new LinkedHashMap<>();
  private static final int MOST_MEBIBYTES = 1;

  private final Path path;
  private final Map<String, Setting> settings;

  private ConfigFile(Path path, List<Setting> settings) {
    this.path = path;
    this.settings =
        settings.stream()
            .collect(Collectors.toMap(Setting::key, s -> s, (a, b) -> a, LinkedHashMap::new));
  }

  /** Return a file that sets nothing. */
  public static ConfigFile empty() {
    return new ConfigFile(Path.of("none"), List.of());
  }

  private static String text(Path path) throws IOException {
    return StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(RegularFile.read(path, MOST_MEBIBYTES)))
        .toString();
  }

  /**
   * Read and check a file.
   *
   * @throws Failure of kind USAGE that names the line, the key and what is allowed
   */
  public static ConfigFile read(Path path, List<Setting> settings) {
    ConfigFile file = new ConfigFile(path, settings);
    try {
      Node root = Yaml.compose(text(path));
      if (root != null && !isNull(root)) {
        file.accept("", root);
      }
    } catch (YamlException e) {
      throw new Failure(
          Failure.FailureKind.USAGE,
          path + (e.line() == 0 ? "" : ":" + e.line()) + ": not valid YAML: " + e.problem(),
          e.line() == 0 || e.problem().contains("TAB")
              ? ""
              : "Put ': ' after each key, and indent with spaces",
          e);
    } catch (CharacterCodingException e) {
      throw new Failure(Failure.FailureKind.USAGE, path + ": not UTF-8 text", "", e);
    } catch (IOException e) {
      throw new Failure(
          Failure.FailureKind.USAGE,
          "Cannot read the configuration file " + path + ": " + FileErrors.reason(e),
          "Check --config and DEPLOYCTL_CONFIG",
          e);
    }
    return file;
  }

  /** Return what the file sets, or null when it leaves the setting alone. */
  public @Nullable String get(Setting setting) {
    return values.get(setting.key());
  }

  /** Return the entries of a setting that is a mapping; empty when the file has none. */
  public Map<String, String> map(Setting setting) {
    return maps.getOrDefault(setting.key(), Map.of());
  }

  private void accept(String prefix, Node node) {
    if (!(node instanceof MappingNode mapping)) {
      throw wrong(
          node,
          prefix.isEmpty() ? "The file" : "'" + prefix + "'",
          "must be a mapping of keys to values");
    }
    for (NodeTuple entry : mapping.getValue()) {
      String key = prefix.isEmpty() ? name(entry) : prefix + "." + name(entry);
      Node value = entry.getValueNode();
      Setting setting = settings.get(key);
      if (setting == null) {
        acceptGroup(key, entry);
      } else if (setting.type() == Setting.Type.MAP) {
        acceptMap(setting, value);
      } else if (values.put(key, checked(setting, value)) != null) {
        throw wrong(entry.getKeyNode(), "'" + key + "'", "is set twice");
      }
    }
  }

  private void acceptGroup(String key, NodeTuple entry) {
    if (settings.keySet().stream().noneMatch(known -> known.startsWith(key + "."))) {
      throw Failure.usage(
          at(entry.getKeyNode()) + "unknown key '" + key + "'", "Known keys: " + knownKeys(key));
    }
    if (!isNull(entry.getValueNode())) {
      accept(key, entry.getValueNode());
    }
  }

  private void acceptMap(Setting setting, Node node) {
    if (!(node instanceof MappingNode mapping)) {
      throw wrong(node, "'" + setting.key() + "'", "must be " + setting.type().describe());
    }
    Map<String, String> entries = maps.computeIfAbsent(setting.key(), k -> new LinkedHashMap<>());
    for (NodeTuple entry : mapping.getValue()) {
      String key = setting.key() + "." + name(entry);
      if (entries.put(name(entry), text(key, entry.getValueNode())) != null) {
        throw wrong(entry.getKeyNode(), "'" + key + "'", "is set twice");
      }
    }
  }

  private String checked(Setting setting, Node node) {
    String value =
        setting.type() == Setting.Type.TEXT ? text(setting.key(), node) : scalar(setting, node);
    if (setting.type() == Setting.Type.SWITCH && Settings.onOff(value).isEmpty()) {
      throw wrong(
          node,
          "'" + setting.key() + "'",
          "is '" + value + "'; allowed: " + setting.type().describe());
    }
    if (setting.type() == Setting.Type.DURATION) {
      if (!isLongEnough(setting, value)) {
        throw wrong(
            node,
            "'" + setting.key() + "'",
            "is '" + value + "'; allowed: " + setting.type().describe());
      }
    }
    return value;
  }

  private static boolean isLongEnough(Setting setting, String value) {
    try {
      Duration duration = Durations.parse(setting.key(), value, Duration.ofSeconds(1));
      return duration.compareTo(Setting.SHORTEST) >= 0;
    } catch (Failure e) {
      return false;
    }
  }

  private String scalar(Setting setting, Node node) {
    if (node instanceof ScalarNode scalar && !isNull(node)) {
      return scalar.getValue();
    }
    throw wrong(node, "'" + setting.key() + "'", "must be " + setting.type().describe());
  }

  private String text(String key, Node node) {
    if (!(node instanceof ScalarNode scalar) || isNull(node)) {
      throw wrong(node, "'" + key + "'", "must be text");
    }
    if (!scalar.getTag().equals(Tag.STR)) {
      throw wrong(
          node, "'" + key + "'", "must be text; write it in quotes: \"" + scalar.getValue() + "\"");
    }
    if (scalar.getValue().isBlank()) {
      throw wrong(node, "'" + key + "'", "must not be empty");
    }
    return scalar.getValue();
  }

  private String name(NodeTuple entry) {
    if (entry.getKeyNode() instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw wrong(entry.getKeyNode(), "A key", "must be text");
  }

  private String knownKeys(String unknown) {
    int dot = unknown.lastIndexOf('.');
    String prefix = dot < 0 ? "" : unknown.substring(0, dot + 1);
    return settings.keySet().stream()
        .filter(key -> key.startsWith(prefix))
        .map(key -> key.substring(prefix.length()).split("\\.", -1)[0])
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private Failure wrong(Node node, String subject, String problem) {
    return Failure.usage(at(node) + subject + " " + problem, "");
  }

  private String at(Node node) {
    int line = node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    return path + ":" + line + ": ";
  }

  private static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }
}
