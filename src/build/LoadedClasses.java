import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes {@code classes.txt} of what rehearsals loaded: a line for each class of the JDK and the libraries, with the kinds
 * of commands that load it and those of its constants that are call sites in use.
 *
 * <p>Compiled together with {@link ClassList}, and run as that is: {@code <new classes.txt> <first line> <kind>=<list of a rehearsal>...}. The form of the lists is the
 * JVM's own ({@code -XX:DumpLoadedClassList}).
 */
final class LoadedClasses {
  private static final String CONSTANTS = "@cp ";
  private static final String INVOKER = "@lambda-form-invoker ";

  private LoadedClasses() {}

  public static void main(String[] args) throws IOException {
    Map<String, Set<String>> kinds = new TreeMap<>();
    Map<String, Set<Integer>> callSites = new TreeMap<>();
    for (int i = 2; i < args.length; i++) {
      int equals = args[i].indexOf('=');
      String kind = args[i].substring(0, equals);
      for (String line : Files.readAllLines(Path.of(args[i].substring(equals + 1)))) {
        String name = line.replaceFirst(" id: .*", "");
        if (name.startsWith(CONSTANTS)) {
          String[] words = name.substring(CONSTANTS.length()).split(" ");
          Set<Integer> used = callSites.computeIfAbsent(words[0], n -> new TreeSet<>());
          for (int w = 1; w < words.length; w++) {
            used.add(Integer.valueOf(words[w]));
          }
        } else if (name.startsWith(INVOKER) || !name.startsWith("@") && !name.startsWith("#") && !name.isBlank()) {
          kinds.computeIfAbsent(name, n -> new TreeSet<>()).add(kind);
        }
      }
    }
    List<String> lines = new ArrayList<>(List.of(args[1]));
    kinds.forEach(
        (name, of) -> {
          StringBuilder line = new StringBuilder(String.join(",", of)).append(' ').append(name);
          if (callSites.containsKey(name)) {
            Map<Integer, Integer> constants = ClassList.kinds(name);
            callSites.get(name).stream()
                .filter(index -> constants.getOrDefault(index, 0) == ClassList.CALL_SITE)
                .forEach(index -> line.append(' ').append(index));
          }
          lines.add(line.toString());
        });
    Files.write(Path.of(args[0]), lines);
  }
}
