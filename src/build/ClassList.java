import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes of the lists of classes that several rehearsals loaded one that does not depend on their threads, hash seeds and
 * clocks: what each of them loaded, names and call sites in order; of a class's constants all that can be resolved, of its
 * call sites for lambdas those that each of them used.
 *
 * <p>Compiled, and run on the runtime that the archive is for, with the image's jar on the class path: {@code <new list>
 * <whether constants can be resolved beforehand> <list of a rehearsal>...}. The form of the list is the JVM's own
 * ({@code -XX:DumpLoadedClassList}); that of a class file: JVM specification, section 4.4.
 */
final class ClassList {
  private static final String CONSTANTS = "@cp ";

  private ClassList() {}

  public static void main(String[] args) throws IOException {
    Map<String, Integer> names = new TreeMap<>();
    Map<String, Integer> callSites = new TreeMap<>();
    Map<String, Map<Integer, Integer>> used = new HashMap<>();
    int lists = args.length - 2;
    for (int i = 2; i < args.length; i++) {
      count(new TreeSet<>(Files.readAllLines(Path.of(args[i]))), names, callSites, used);
    }
    names.values().removeIf(times -> times < lists);
    callSites.values().removeIf(times -> times < lists);
    used.values().forEach(indexes -> indexes.values().removeIf(times -> times < lists));
    List<String> list = new ArrayList<>(names.keySet());
    list.addAll(callSites.keySet());
    if (Boolean.parseBoolean(args[1])) {
      for (String name : names.keySet()) {
        Collection<Integer> constants =
            constants(name, used.getOrDefault(name, Map.of()).keySet());
        if (!constants.isEmpty()) {
          StringBuilder line = new StringBuilder(CONSTANTS).append(name);
          constants.forEach(index -> line.append(' ').append(index));
          list.add(line.toString());
        }
      }
    }
    Files.write(Path.of(args[0]), list);
  }

  /** Count what one rehearsal loaded: each line once, however many threads wrote it. */
  private static void count(
      Set<String> lines,
      Map<String, Integer> names,
      Map<String, Integer> callSites,
      Map<String, Map<Integer, Integer>> used) {
    Set<String> seen = new TreeSet<>();
    for (String line : lines) {
      if (line.startsWith("#") || line.isBlank()) {
        continue;
      }
      if (line.startsWith(CONSTANTS)) {
        String[] words = line.substring(CONSTANTS.length()).split(" ");
        Map<Integer, Integer> indexes = used.computeIfAbsent(words[0], name -> new HashMap<>());
        for (int i = 1; i < words.length; i++) {
          indexes.merge(Integer.valueOf(words[i]), 1, Integer::sum);
        }
      } else if (line.startsWith("@")) {
        callSites.merge(line, 1, Integer::sum);
      } else if (seen.add(line.replaceFirst(" id: .*", ""))) {
        names.merge(line.replaceFirst(" id: .*", ""), 1, Integer::sum);
      }
    }
  }

  /** The indexes of the classes, fields and methods that a class names, and of its call sites in use. */
  private static Collection<Integer> constants(String name, Set<Integer> used) throws IOException {
    List<Integer> indexes = new ArrayList<>();
    try (InputStream file = ClassLoader.getSystemResourceAsStream(name + ".class")) {
      if (file == null) {
        // Made while the program ran: no file has it.
        return indexes;
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
            indexes.add(i);
          }
          case 8, 16, 19, 20 -> in.readUnsignedShort();
          case 9, 10, 11 -> {
            in.readInt();
            indexes.add(i);
          }
          case 15 -> in.skipNBytes(3);
          case 18 -> {
            in.readInt();
            if (used.contains(i)) {
              indexes.add(i);
            }
          }
          default -> throw new IOException(name + " has a constant of kind " + tag);
        }
      }
    }
    return indexes;
  }
}
