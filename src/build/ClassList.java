import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes of the list of classes that a rehearsal loaded one that does not depend on its threads, its hash seeds and its
 * clock: names and call sites in order, and of a class's constants all that can be resolved, of its call sites for
 * lambdas those that were used.
 *
 * <p>Compiled, and run on the runtime that the archive is for, with the image's jar on the class path: {@code <list of
 * the rehearsal> <new list> <whether constants can be resolved beforehand>}. The form of the list is the JVM's own
 * ({@code -XX:DumpLoadedClassList}); that of a class file: JVM specification, section 4.4.
 */
final class ClassList {
  private static final String CONSTANTS = "@cp ";

  private ClassList() {}

  public static void main(String[] args) throws IOException {
    Set<String> names = new TreeSet<>();
    Set<String> callSites = new TreeSet<>();
    Map<String, Set<Integer>> used = new HashMap<>();
    for (String line : Files.readAllLines(Path.of(args[0]))) {
      if (line.startsWith("#") || line.isBlank()) {
        continue;
      }
      if (line.startsWith(CONSTANTS)) {
        String[] words = line.substring(CONSTANTS.length()).split(" ");
        Set<Integer> indexes = new HashSet<>();
        for (int i = 1; i < words.length; i++) {
          indexes.add(Integer.valueOf(words[i]));
        }
        used.put(words[0], indexes);
      } else if (line.startsWith("@")) {
        callSites.add(line);
      } else {
        names.add(line.replaceFirst(" id: .*", ""));
      }
    }
    List<String> list = new ArrayList<>(names);
    list.addAll(callSites);
    if (Boolean.parseBoolean(args[2])) {
      for (String name : names) {
        Collection<Integer> constants = constants(name, used.getOrDefault(name, Set.of()));
        if (!constants.isEmpty()) {
          StringBuilder line = new StringBuilder(CONSTANTS).append(name);
          constants.forEach(index -> line.append(' ').append(index));
          list.add(line.toString());
        }
      }
    }
    Files.write(Path.of(args[1]), list);
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
