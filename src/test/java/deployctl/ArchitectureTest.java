package deployctl;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Who may import whom. A package that the table does not know fails the test. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("deployctl");

  /** From a part to the parts that it may use, besides itself and {@code support}. */
  private static final Map<String, Set<String>> MAY_USE =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("", Set.of("app")),
              Map.entry(
                  "app",
                  Set.of(
                      "cli",
                      "coordinator",
                      "diagnose",
                      "estimator",
                      "monitor",
                      "recovery",
                      "reset",
                      "run",
                      "notify",
                      "operation",
                      "registry",
                      "registry.file",
                      "aws",
                      "slack")),
              Map.entry("cli", Set.of()),
              Map.entry("coordinator", Set.of("cli", "registry", "aws")),
              Map.entry(
                  "monitor",
                  Set.of("cli", "coordinator", "notify", "operation", "registry", "aws")),
              Map.entry(
                  "diagnose",
                  Set.of(
                      "diagnose.rules",
                      "cli",
                      "coordinator",
                      "estimator",
                      "monitor",
                      "notify",
                      "operation",
                      "registry",
                      "aws",
                      "slack")),
              Map.entry("diagnose.rules", Set.of()),
              Map.entry(
                  "run",
                  Set.of(
                      "cli",
                      "coordinator",
                      "diagnose",
                      "estimator",
                      "monitor",
                      "notify",
                      "operation",
                      "registry",
                      "aws")),
              Map.entry(
                  "reset",
                  Set.of(
                      "cli",
                      "coordinator",
                      "diagnose",
                      "monitor",
                      "notify",
                      "operation",
                      "registry",
                      "aws")),
              Map.entry("recovery", Set.of("cli", "monitor", "notify", "registry")),
              Map.entry("notify", Set.of("cli", "registry", "aws", "slack")),
              Map.entry("estimator", Set.of("cli", "coordinator", "operation", "registry", "aws")),
              Map.entry("operation", Set.of("aws")),
              Map.entry("aws", Set.of()),
              Map.entry("slack", Set.of()),
              Map.entry("registry", Set.of()),
              Map.entry("registry.file", Set.of("registry")),
              Map.entry("support", Set.of())));

  private static String part(JavaClass type) {
    String name = type.getPackageName().replaceFirst("^deployctl\\.?", "");
    return name.startsWith("support") ? "support" : name;
  }

  @Test
  void onlyTheTablesDependenciesExist() {
    Set<String> forbidden = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      String from = part(type);
      if (!MAY_USE.containsKey(from)) {
        forbidden.add("the table does not know " + type.getPackageName());
        continue;
      }
      type.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getBaseComponentType())
          .filter(target -> target.getPackageName().startsWith("deployctl"))
          .forEach(
              target -> {
                String to = part(target);
                if (!to.equals(from) && !to.equals("support") && !MAY_USE.get(from).contains(to)) {
                  forbidden.add(type.getName() + " -> " + target.getName());
                }
              });
    }
    assertEquals(Set.of(), forbidden);
  }

  @Test
  void thePartsOfSupportHaveNoCycles() {
    slices().matching("deployctl.support.(*)..").should().beFreeOfCycles().check(CLASSES);
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
                .and(describe("not aws", type -> !part(type).equals("aws"))))
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
  void timeProcessesAndTheConsoleStayInTheirPlaces() {
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
