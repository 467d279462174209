import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Makes one jar of a jar and a folder of classes, the same byte for byte whenever and wherever: entries by name, with one
 * time, without folders.
 *
 * <p>Run from source: {@code <jar> <folder of classes> <time, ISO 8601> <new jar>}.
 */
final class ReproducibleJar {
  private ReproducibleJar() {}

  public static void main(String[] args) throws IOException {
    Map<String, byte[]> entries = new TreeMap<>();
    try (ZipFile jar = new ZipFile(args[0])) {
      for (ZipEntry entry : jar.stream().filter(e -> !e.isDirectory()).toList()) {
        entries.put(entry.getName(), jar.getInputStream(entry).readAllBytes());
      }
    }
    Path classes = Path.of(args[1]);
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        entries.put(classes.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
      }
    }
    // A zip's times have no zone: any fixed one will do.
    LocalDateTime time = LocalDateTime.ofInstant(Instant.parse(args[2]), ZoneOffset.UTC);
    try (OutputStream file = Files.newOutputStream(Path.of(args[3]));
        ZipOutputStream out = new ZipOutputStream(file)) {
      for (Map.Entry<String, byte[]> content : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(content.getKey());
        entry.setTimeLocal(time);
        out.putNextEntry(entry);
        out.write(content.getValue());
        out.closeEntry();
      }
    }
  }
}
