import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes the list of classes that a start-up archive is dumped from: those that {@code classes.txt} names for commands of
 * this kind. A list that depended on what one run happened to load would differ from build to build.
 *
 * <p>From JDK 24 on the list also names what can be resolved beforehand: of each class's constants the classes, fields and
 * methods, and the call sites that were seen in use. Where a class has changed since, another call site may stand there:
 * that costs a little, and breaks nothing.
 *
 * <p>Compiled, and run on the runtime that the archive is for, with the image's jar on the class path: {@code <classes.txt>
 * <kind> <jar> <whether constants can be resolved beforehand> <new list>}. The form of the list is the JVM's own
 * ({@code -XX:SharedClassListFile}); that of a class file: JVM specification, section 4.4.
 */
final class ClassList {
  /** The kind of a constant that is a call site: of a lambda, or of texts put together. */
  static final int CALL_SITE = 18;

  private ClassList() {}

  public static void main(String[] args) throws IOException {
    Map<String, Set<Integer>> callSites = new TreeMap<>();
    List<String> list = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(args[0]))) {
      String[] words = line.split(" ");
      if (line.startsWith("#") || !List.of(words[0].split(",")).contains(args[1])) {
        continue;
      }
      if (words[1].startsWith("@")) {
        list.add(line.substring(words[0].length() + 1));
        continue;
      }
      Set<Integer> used = callSites.computeIfAbsent(words[1], name -> new TreeSet<>());
      for (int i = 2; i < words.length && !isLeftOut(args[1], words[1]); i++) {
        used.add(Integer.valueOf(words[i]));
      }
    }
    list.addAll(0, callSites.keySet());
    if (Boolean.parseBoolean(args[2])) {
      callSites.forEach(
          (name, used) -> {
            List<Integer> constants = constants(name, used);
            if (!constants.isEmpty()) {
              StringBuilder line = new StringBuilder("@cp ").append(name);
              constants.forEach(index -> line.append(' ').append(index));
              list.add(line.toString());
            }
          });
    }
    Files.write(Path.of(args[3]), list);
  }

  /** Beside a call over the network the program's own call sites cost nothing, and the image is large enough. */
  private static boolean isLeftOut(String kind, String name) {
    return kind.equals("aws") && name.startsWith("deployctl/");
  }

  /** The indexes of the classes, fields and methods that a class names, and of call sites. */
  private static List<Integer> constants(String name, Set<Integer> used) {
    List<Integer> indexes = new ArrayList<>();
    kinds(name)
        .forEach(
            (index, kind) -> {
              if (kind != CALL_SITE || used.contains(index)) {
                indexes.add(index);
              }
            });
    return indexes;
  }

  /** Those of a class's constants that can be resolved beforehand, index to kind; none where no file has the class. */
  static Map<Integer, Integer> kinds(String name) {
    Map<Integer, Integer> kinds = new TreeMap<>();
    try (InputStream file = ClassLoader.getSystemResourceAsStream(name + ".class")) {
      if (file == null) {
        // Made while the program ran, or of another JDK than the one that the names are of.
        return kinds;
      }
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(file.readAllBytes()));
      in.skipNBytes(8);
      int count = in.readUnsignedShort();
      for (int i = 1; i < count; i++) {
        int tag = in.readUnsignedByte();
        switch (tag) {
          case 1 -> in.readUTF();
          case 3, 4, 12, 17 -> in.readInt();
          case 5, 6 -> {
            in.readLong();
            i++;
          }
          case 7 -> {
            in.readUnsignedShort();
            kinds.put(i, tag);
          }
          case 8, 16, 19, 20 -> in.readUnsignedShort();
          case 9, 10, 11, CALL_SITE -> {
            in.readInt();
            kinds.put(i, tag);
          }
          case 15 -> in.skipNBytes(3);
          default -> throw new IOException(name + " has a constant of kind " + tag);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return kinds;
  }
}
