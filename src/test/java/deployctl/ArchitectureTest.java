package deployctl;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may import whom. A package that the table does not know fails the test. */
class ArchitectureTest {
  private static final Path ROOT = Path.of(System.getProperty("deployctl.root", "."));
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("deployctl");

  /** From a part to the parts that it may use, besides itself and {@code support}. */
  private static final Map<String, Set<String>> MAY_USE =
      table(
          """
          - -> app
          app -> aws aws.client aws.cloudformation cli coordinator coordinator.lock \
             coordinator.view diagnose diagnose.check diagnose.ecs diagnose.escalation \
             diagnose.local diagnose.preflight diagnose.rds diagnose.stack estimator \
             estimator.history monitor monitor.checkpoint monitor.view monitor.watch notify \
             notify.message operation recovery registry reset retryqueue run slack state \
             state.file target
          aws -> aws.client aws.cloudformation
          aws.client ->
          aws.cloudformation -> aws.client
          cli ->
          coordinator -> aws.client cli coordinator.lock coordinator.view estimator \
             estimator.history notify notify.message registry state target
          coordinator.lock -> aws.client aws.cloudformation cli registry state target
          coordinator.view -> aws.client aws.cloudformation cli coordinator.lock estimator \
             registry target
          diagnose -> aws.cloudformation cli diagnose.check diagnose.finding diagnose.rules registry target
          diagnose.check -> aws aws.client aws.cloudformation cli diagnose.finding diagnose.rules \
             operation registry target
          diagnose.ecs -> aws aws.cloudformation diagnose.check diagnose.finding diagnose.rules \
             monitor.checkpoint target
          diagnose.escalation -> aws aws.cloudformation cli diagnose diagnose.check \
             diagnose.finding monitor.checkpoint registry state target
          diagnose.finding ->
          diagnose.local -> aws aws.cloudformation cli coordinator.lock diagnose.check \
             diagnose.finding diagnose.stack estimator estimator.history monitor \
             monitor.checkpoint notify notify.message registry retryqueue slack state target
          diagnose.preflight -> aws aws.client aws.cloudformation diagnose.check diagnose.finding \
             diagnose.local diagnose.stack operation registry slack state target
          diagnose.rds -> aws diagnose.check diagnose.finding diagnose.rules operation target
          diagnose.rules -> diagnose.finding
          diagnose.stack -> aws aws.cloudformation cli coordinator.lock diagnose.check diagnose.ecs \
             diagnose.finding diagnose.rds diagnose.rules estimator estimator.history operation target
          estimator -> aws.client aws.cloudformation cli estimator.history estimator.model \
             operation registry state target
          estimator.history -> aws.cloudformation operation registry state target
          estimator.model -> estimator.history operation
          monitor -> aws aws.cloudformation cli coordinator.lock monitor.checkpoint monitor.view \
             monitor.watch notify registry state target
          monitor.checkpoint -> aws aws.cloudformation cli operation state
          monitor.view -> aws.cloudformation cli monitor.checkpoint monitor.watch notify \
             notify.message operation
          monitor.watch -> aws aws.client aws.cloudformation coordinator.lock monitor.checkpoint \
             operation registry
          notify -> cli notify.message retryqueue slack state
          notify.message -> aws.cloudformation cli registry
          operation -> aws.client aws.cloudformation
          recovery -> aws.cloudformation cli monitor monitor.checkpoint \
             monitor.view monitor.watch notify notify.message registry
          registry -> state
          reset -> aws aws.client aws.cloudformation cli diagnose monitor monitor.checkpoint \
             monitor.watch operation registry retryqueue state target
          retryqueue -> cli notify.message registry slack state
          run -> aws.client aws.cloudformation cli coordinator coordinator.lock coordinator.view \
             diagnose diagnose.check estimator.history monitor monitor.checkpoint monitor.watch \
             notify notify.message operation registry target
          slack ->
          state ->
          state.file -> state
          state.s3 -> state
          target -> cli registry
          support ->
          """);

  /** From above to below: a part may use those of its own row and of the rows under it. */
  private static final List<Set<String>> ROWS =
      List.of(
          Set.of(""),
          Set.of("app"),
          Set.of(
              "coordinator",
              "run",
              "monitor",
              "recovery",
              "notify",
              "retryqueue",
              "estimator",
              "diagnose",
              "reset"),
          Set.of("operation"),
          Set.of("target", "registry", "aws", "slack", "cli"),
          Set.of("state"),
          Set.of("support"));

  private static final int MOST_FILES = 25;
  private static final int MOST_PARAMETERS = 9;

  private static Map<String, Set<String>> table(String text) {
    Map<String, Set<String>> table = new TreeMap<>();
    for (String line : text.lines().toList()) {
      String[] sides = line.split(" *-> *", 2);
      table.put(
          sides[0].equals("-") ? "" : sides[0],
          sides[1].isBlank() ? Set.of() : new TreeSet<>(List.of(sides[1].trim().split(" +"))));
    }
    return table;
  }

  private static String part(JavaClass type) {
    String name = type.getPackageName().replaceFirst("^deployctl\\.?", "");
    return name.startsWith("support") ? "support" : name;
  }

  private static String room(String part) {
    return part.replaceFirst("\\..*", "");
  }

  private static int row(String part) {
    for (int i = 0; i < ROWS.size(); i++) {
      if (ROWS.get(i).contains(room(part))) {
        return i;
      }
    }
    throw new AssertionError("no row has " + part);
  }

  /** Return who uses what, as "from -> to", with the classes that do. */
  private static Map<String, Set<String>> used() {
    Map<String, Set<String>> used = new TreeMap<>();
    for (JavaClass type : CLASSES) {
      String from = part(type);
      type.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getBaseComponentType())
          .filter(target -> target.getPackageName().startsWith("deployctl"))
          .filter(target -> !part(target).equals(from) && !part(target).equals("support"))
          .forEach(
              target ->
                  used.computeIfAbsent(from + " -> " + part(target), edge -> new TreeSet<>())
                      .add(type.getSimpleName() + " -> " + target.getSimpleName()));
    }
    return used;
  }

  private static Set<String> allowed() {
    Set<String> allowed = new TreeSet<>();
    MAY_USE.forEach((from, all) -> all.forEach(to -> allowed.add(from + " -> " + to)));
    return allowed;
  }

  @Test
  void theTableKnowsEveryPackage() {
    Set<String> packages = new TreeSet<>();
    CLASSES.forEach(type -> packages.add(part(type)));
    assertEquals(MAY_USE.keySet(), packages);
  }

  @Test
  void onlyTheTablesDependenciesExist() {
    Map<String, Set<String>> forbidden = new TreeMap<>(used());
    forbidden.keySet().removeAll(allowed());
    assertEquals(Map.of(), forbidden);
  }

  @Test
  void theTableAllowsNothingThatNobodyUses() {
    Set<String> unused = allowed();
    unused.removeAll(used().keySet());
    assertEquals(Set.of(), unused);
  }

  @Test
  void aPartUsesItsOwnRowAndThoseUnderIt() {
    Set<String> upwards = new TreeSet<>();
    MAY_USE.forEach(
        (from, all) ->
            all.stream()
                .filter(to -> row(to) < row(from))
                .forEach(to -> upwards.add(from + " -> " + to)));
    assertEquals(Set.of(), upwards);
  }

  @Test
  void thePictureShowsTheRowsThatHold() throws IOException {
    String picture = drawing("text");
    List<Set<String>> drawn = new ArrayList<>();
    Set<String> rooms = new TreeSet<>();
    ROWS.forEach(rooms::addAll);
    for (String line : picture.lines().toList()) {
      Set<String> row = new HashSet<>(List.of(line.split(" {2,}")));
      row.retainAll(rooms);
      drawn.add(row);
    }
    assertEquals(ROWS.subList(1, ROWS.size()), drawn);
  }

  @Test
  void thePictureShowsWhichSubcommandsUseOthers() throws IOException {
    Set<String> drawn = new TreeSet<>();
    drawing("mermaid")
        .lines()
        .filter(line -> line.contains("-->"))
        .forEach(line -> drawn.add(line.strip()));
    Set<String> real = new TreeSet<>();
    for (String edge : used().keySet()) {
      String[] sides = edge.split(" -> ", 2);
      boolean features =
          ROWS.get(2).contains(room(sides[0])) && ROWS.get(2).contains(room(sides[1]));
      if (features && !drawn(sides[0]).equals(drawn(sides[1]))) {
        real.add(drawn(sides[0]) + " --> " + drawn(sides[1]));
      }
    }
    assertEquals(real, drawn);
  }

  /** The messages are drawn by themselves: queue and command both rest on them. */
  private static String drawn(String part) {
    return part.equals("notify.message") ? "notify_message" : room(part);
  }

  private static String drawing(String kind) throws IOException {
    String page = Files.readString(ROOT.resolve("docs/architecture.md"));
    String start = "```" + kind + "\n";
    int at = page.indexOf(start) + start.length();
    return page.substring(at, page.indexOf("\n```", at));
  }

  @Test
  void thePartsHaveNoCycles() {
    Map<String, Set<String>> left = new TreeMap<>();
    MAY_USE.forEach((from, all) -> left.put(from, new TreeSet<>(all)));
    boolean removed = true;
    while (removed) {
      Set<String> free = new TreeSet<>();
      left.forEach(
          (part, all) -> {
            if (all.isEmpty()) {
              free.add(part);
            }
          });
      left.keySet().removeAll(free);
      left.values().forEach(all -> all.removeAll(free));
      removed = !free.isEmpty();
    }
    assertEquals(Map.of(), left, "what is left runs in a circle");
    slices().matching("deployctl.support.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void onlyTheRootOfCompositionNamesAnAdapterOfTheState() {
    noClasses()
        .that(
            describe(
                "outside app and the adapter",
                type -> !Set.of("app", "state.file").contains(part(type))))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("deployctl.state.file..")
        .check(CLASSES);
  }

  /**
   * What is kept and shared goes through the port; what is one machine's has a name that says so.
   */
  @Test
  void filesAreTheStatesAdaptersAndTheMachinesOwn() {
    noClasses()
        .that(
            describe(
                "outside app, cli, support and the state's adapter",
                type -> !Set.of("app", "cli", "support", "state.file").contains(part(type))))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.file..")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java\\.io\\.(File|RandomAccessFile)[A-Za-z]*")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("deployctl\\.support\\.file\\.(DurableWrite|ProcessLock).*")
        .check(CLASSES);
  }

  @Test
  void noPackageIsALabyrinth() throws IOException {
    Map<String, Integer> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(ROOT.resolve("src/main/java"))) {
      all.filter(path -> path.toString().endsWith(".java"))
          .forEach(path -> files.merge(String.valueOf(path.getParent()), 1, Integer::sum));
    }
    files.values().removeIf(count -> count <= MOST_FILES);
    assertEquals(Map.of(), files);
  }

  @Test
  void aClassNameStandsOnceInTheTree() {
    Map<String, Set<String>> named = new TreeMap<>();
    for (JavaClass type : new ClassFileImporter().importPackages("deployctl")) {
      if (!type.isAnonymousClass() && !type.getSimpleName().equals("package-info")) {
        named.computeIfAbsent(type.getSimpleName(), name -> new TreeSet<>()).add(type.getName());
      }
    }
    named.values().removeIf(all -> all.size() == 1);
    assertEquals(Map.of(), named);
  }

  /** Records of what AWS answers are as wide as its answers are. */
  @Test
  void nothingTakesMoreThanItCanExplain() {
    Set<String> wide = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      for (JavaConstructor constructor : type.getConstructors()) {
        // An enum's constructor has its constant's name and number before its own.
        int hidden = type.isEnum() ? 2 : 0;
        if (constructor.getRawParameterTypes().size() - hidden > MOST_PARAMETERS
            && !room(part(type)).equals("aws")) {
          wide.add(constructor.getFullName());
        }
      }
    }
    assertEquals(Set.of(), wide);
  }

  @Test
  void onlyCommandsAndOptionsSeePicocli() {
    classes()
        .that(describe("depend on picocli", ArchitectureTest::dependsOnPicocli))
        .should()
        .resideInAnyPackage("deployctl.cli", "deployctl.app")
        .orShould()
        .haveSimpleNameEndingWith("Command")
        .orShould()
        .haveSimpleNameEndingWith("Options")
        .orShould()
        .haveSimpleNameEndingWith("Arguments")
        .check(CLASSES);
  }

  private static boolean dependsOnPicocli(JavaClass type) {
    return type.getDirectDependenciesFromSelf().stream()
        .anyMatch(dependency -> dependency.getTargetClass().getPackageName().startsWith("picocli"));
  }

  @Test
  void sdkTypesStayInsideAws() {
    noClasses()
        .that(
            resideInAnyPackage("deployctl..")
                .and(
                    describe(
                        "neither aws nor state.s3",
                        type -> !part(type).startsWith("aws") && !part(type).equals("state.s3"))))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("software.amazon..")
        .check(CLASSES);
  }

  @Test
  void slacksTypesStayInsideSlack() {
    noClasses()
        .that(
            resideInAnyPackage("deployctl..")
                .and(describe("not slack", type -> !part(type).equals("slack"))))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.slack..", "okhttp3..")
        .check(CLASSES);
  }

  @Test
  void timeProcessesAndTheConsoleStayWhereTheyBelong() {
    noClasses()
        .that(
            describe(
                "outside app, cli and support",
                type -> !Set.of("app", "cli", "support", "").contains(part(type))))
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(ProcessBuilder.class)
        .check(CLASSES);
  }
}
