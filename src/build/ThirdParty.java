import deployctl.support.json.Json;
import deployctl.support.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Writes what is owed to the authors of what the image holds: THIRD-PARTY.md with each component of the SBOM, its licence
 * and where the text is, and the texts and notices themselves.
 *
 * <p>Run from source with the image's jar on the class path: {@code <sbom.json> <folder of texts> <class path of the
 * program> <new folder>}. Fails on a component without a text.
 */
final class ThirdParty {
  private static final Pattern NOTICE =
      Pattern.compile("META-INF/[^/]*(LICENSE|NOTICE|COPYING)[^/]*", Pattern.CASE_INSENSITIVE);

  private final Path texts;
  private final Path folder;
  private final Path licenses;

  /** From a notice's content to the file that has it: the modules of one project share theirs. */
  private final Map<String, String> notices = new TreeMap<>();

  private ThirdParty(Path texts, Path folder) {
    this.texts = texts;
    this.folder = folder;
    this.licenses = folder.resolve("licenses");
  }

  public static void main(String[] args) throws Exception {
    ThirdParty thirdParty = new ThirdParty(Path.of(args[1]), Path.of(args[3]));
    List<Path> jars = new ArrayList<>();
    for (String jar : Files.readString(Path.of(args[2])).strip().split(":")) {
      jars.add(Path.of(jar));
    }
    thirdParty.write(Json.parseObject(Files.readAllBytes(Path.of(args[0]))), jars);
  }

  private void write(JsonObject sbom, List<Path> jars) throws Exception {
    Files.createDirectories(licenses);
    StringBuilder page =
        new StringBuilder(
            """
            # Third-party components

            What the image holds beside deployctl itself, as `sbom.json` lists it. Of the libraries, classes that nobody calls are left
            out, and picocli is compiled anew; otherwise they are as their authors published them.

            The Java runtime in `runtime/` is OpenJDK's, under GPL-2.0 with the Classpath Exception; the texts and notices of its parts are
            in `runtime/legal/`.

            | Component | Version | Licence | Texts |
            |---|---|---|---|
            """);
    Map<String, JsonObject> components = new TreeMap<>();
    for (Object one : sbom.list("components")) {
      JsonObject component = (JsonObject) one;
      components.put(component.string("group") + ":" + component.string("name"), component);
    }
    for (Map.Entry<String, JsonObject> component : components.entrySet()) {
      page.append(row(component.getKey(), component.getValue(), jars)).append('\n');
    }
    Files.writeString(folder.resolve("THIRD-PARTY.md"), page);
  }

  private String row(String id, JsonObject component, List<Path> jars) throws Exception {
    TreeSet<String> names = new TreeSet<>();
    List<String> files = new ArrayList<>();
    for (String line : Files.readAllLines(texts.resolve("components.txt"))) {
      String[] words = line.split(" ");
      if (words[0].equals(id)) {
        names.add(words[1]);
        if (!words[2].equals("-")) {
          files.add(text(words[2]));
        }
      }
    }
    if (names.isEmpty()) {
      for (Object one : component.list("licenses")) {
        String name = ((JsonObject) one).object("license").string("id");
        names.add(name);
        files.add(text(name + ".txt"));
      }
    }
    String version = component.string("version");
    files.addAll(notices(component.string("name"), version, jars));
    if (names.isEmpty() || files.isEmpty()) {
      throw new IOException(id + " has no licence, or no text of it: see " + texts.resolve("components.txt"));
    }
    StringBuilder links = new StringBuilder();
    for (String file : files) {
      links.append(links.isEmpty() ? "" : ", ").append("[").append(file).append("](licenses/").append(file).append(")");
    }
    return "| " + id + " | " + version + " | " + String.join(", ", names) + " | " + links + " |";
  }

  private String text(String name) throws IOException {
    Files.copy(texts.resolve(name), licenses.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    return name;
  }

  /** Take out what a component's jar says of its authors. */
  private List<String> notices(String name, String version, List<Path> jars) throws IOException {
    List<String> files = new ArrayList<>();
    for (Path path : jars) {
      if (!path.getFileName().toString().equals(name + "-" + version + ".jar")) {
        continue;
      }
      try (ZipFile jar = new ZipFile(path.toFile())) {
        for (ZipEntry entry : jar.stream().filter(e -> NOTICE.matcher(e.getName()).matches()).toList()) {
          byte[] content = jar.getInputStream(entry).readAllBytes();
          String file = name + "-" + entry.getName().substring("META-INF/".length());
          String known = notices.putIfAbsent(HexFormat.of().formatHex(content), file);
          if (known == null) {
            Files.write(licenses.resolve(file), content);
          }
          files.add(known == null ? file : known);
        }
      }
    }
    return files;
  }
}
