package deployctl.support.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.cli.ProgramSettings;
import deployctl.support.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigFileTest {
  @TempDir Path folder;

  private ConfigFile read(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("deployctl.yml"), text);
    return ConfigFile.read(file, ProgramSettings.inFile());
  }

  @Test
  void readsKeysAndMaps() throws IOException {
    ConfigFile file =
        read(
            "region: eu-west-1\nenvironments:\n  qa: Qa-Stack\ncoordinator:\n  lease: 1h\n  poll_interval: 5\n");
    assertEquals("eu-west-1", file.get(ProgramSettings.REGION));
    assertEquals("1h", file.get(ProgramSettings.LEASE));
    assertEquals("5", file.get(ProgramSettings.POLL_INTERVAL));
    assertEquals(Map.of("qa", "Qa-Stack"), file.map(ProgramSettings.ENVIRONMENTS));
    assertNull(file.get(ProgramSettings.PROFILE));
  }

  @Test
  void takesAnEmptyFileAndEmptySectionsAsNothing() throws IOException {
    assertNull(read("").get(ProgramSettings.REGION));
    assertNull(read("# nothing\n").get(ProgramSettings.REGION));
    assertNull(read("coordinator:\n").get(ProgramSettings.LEASE));
  }

  static List<Arguments> mistakes() {
    return List.of(
        Arguments.of("region: a\nregoin: b\n", ":2:", "unknown key 'regoin'"),
        Arguments.of("coordinator:\n  leese: 1h\n", ":2:", "unknown key 'coordinator.leese'"),
        Arguments.of("region: [a]\n", ":1:", "'region' must be text"),
        Arguments.of("region: 12\n", ":1:", "write it in quotes"),
        Arguments.of("region:\n", ":1:", "'region' must be text"),
        Arguments.of("region: a\nregion: b\n", ":2:", "set twice"),
        Arguments.of("environments: 5\n", ":1:", "must be a mapping of names to text"),
        Arguments.of("environments:\n  qa: [x]\n", ":2:", "'environments.qa' must be text"),
        Arguments.of("coordinator:\n  lease: soon\n", ":2:", "allowed: a duration"),
        Arguments.of("coordinator:\n  poll_interval: 0s\n", ":2:", "1s or more"),
        Arguments.of("a:\n\tb: c\n", ":2:", "not valid YAML"),
        Arguments.of("- a\n", ":1:", "must be a mapping"),
        Arguments.of("region: 'a\n", ":", "not valid YAML"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void namesTheLineAndTheKeyOfAMistake(String text, String line, String what) {
    Failure failure = assertThrows(Failure.class, () -> read(text));
    assertEquals(Failure.FailureKind.USAGE, failure.kind());
    assertTrue(failure.what().contains(line), failure.what());
    assertTrue(failure.what().contains(what), failure.what());
    assertEquals(1, failure.what().lines().count(), failure.what());
  }

  @Test
  void listsTheKnownKeysBesideAnUnknownOne() {
    Failure failure = assertThrows(Failure.class, () -> read("coordinator:\n  leese: 1h\n"));
    assertEquals("Known keys: poll_interval, lease", failure.nextStep());
  }

  @Test
  void saysWhenAFileThatWasNamedIsNotThere() {
    Path missing = folder.resolve("none.yml");
    Failure failure =
        assertThrows(Failure.class, () -> ConfigFile.read(missing, ProgramSettings.inFile()));
    assertTrue(failure.what().contains("none.yml"), failure.what());
  }

  @Test
  void theOptionWinsOverTheVariableOverTheFileOverTheDefault() throws IOException {
    ConfigFile file = read("registry_dir: from-file\n");
    Setting setting = ProgramSettings.REGISTRY_DIR;
    Settings all =
        new Settings(name -> name.equals("REGISTRY_DIR") ? "from-env" : null, () -> file);
    assertEquals("from-option", all.get(setting, "from-option"));
    assertEquals("from-env", all.get(setting, null));
    assertEquals("from-file", new Settings(name -> null, () -> file).get(setting, null));
    assertEquals(
        ".deployment-registry", new Settings(name -> null, ConfigFile::empty).get(setting, null));
  }
}
