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
      table(
          """
          - -> app
          app -> aws aws.client aws.cloudformation cli coordinator coordinator.lock diagnose diagnose.escalation estimator estimator.history monitor monitor.checkpoint monitor.watch notify notify.message operation recovery registry registry.file reset retryqueue run slack state state.file target
          aws -> aws.client aws.cloudformation
          aws.client -> 
          aws.cloudformation -> aws.client
          cli -> 
          coordinator -> aws.client aws.cloudformation cli coordinator.lock estimator registry run target
          coordinator.lock -> aws.client aws.cloudformation cli registry target
          diagnose -> aws cli coordinator.lock diagnose.check diagnose.ecs diagnose.finding diagnose.local diagnose.preflight diagnose.rds diagnose.rules diagnose.stack estimator.history monitor registry retryqueue slack state target
          diagnose.check -> aws aws.client aws.cloudformation cli diagnose diagnose.finding diagnose.rules operation registry target
          diagnose.ecs -> aws aws.cloudformation diagnose.check diagnose.finding diagnose.rules monitor.checkpoint
          diagnose.escalation -> cli diagnose diagnose.check diagnose.finding monitor.checkpoint registry target
          diagnose.finding -> 
          diagnose.local -> aws.cloudformation cli diagnose.check diagnose.escalation diagnose.finding diagnose.stack estimator estimator.history monitor monitor.checkpoint monitor.watch notify.message registry retryqueue slack state target
          diagnose.preflight -> aws aws.cloudformation diagnose.check diagnose.finding diagnose.local diagnose.stack operation target
          diagnose.rds -> aws aws.cloudformation diagnose.check diagnose.finding diagnose.rules diagnose.stack operation
          diagnose.rules -> 
          diagnose.stack -> aws.cloudformation cli diagnose.check diagnose.ecs diagnose.finding diagnose.rds diagnose.rules estimator operation
          estimator -> aws.client aws.cloudformation cli estimator.history estimator.model operation registry state target
          estimator.history -> aws.cloudformation estimator.model operation registry state
          estimator.model -> estimator.history operation
          monitor -> aws aws.cloudformation cli coordinator.lock monitor.checkpoint monitor.view monitor.watch notify registry target
          monitor.checkpoint -> aws aws.cloudformation monitor monitor.watch operation registry state
          monitor.view -> aws.cloudformation cli monitor.checkpoint monitor.watch notify notify.message operation
          monitor.watch -> aws aws.client aws.cloudformation cli coordinator.lock monitor.checkpoint monitor.view operation registry
          notify -> cli notify.message registry retryqueue slack
          notify.message -> aws.cloudformation cli registry
          operation -> aws.client aws.cloudformation
          recovery -> cli monitor monitor.checkpoint monitor.view monitor.watch notify notify.message
          registry -> state
          registry.file -> registry
          reset -> aws aws.client aws.cloudformation cli diagnose monitor monitor.checkpoint operation registry retryqueue target
          retryqueue -> cli notify notify.message slack
          run -> aws.client aws.cloudformation cli coordinator coordinator.lock diagnose estimator.history monitor monitor.checkpoint monitor.watch notify notify.message operation registry target
          slack -> 
          state -> registry
          state.file -> registry state
          target -> cli registry
          support ->
          """);

  private static Map<String, Set<String>> table(String text) {
    Map<String, Set<String>> table = new TreeMap<>();
    for (String line : text.lines().toList()) {
      String[] sides = line.split(" -> ?", 2);
      table.put(
          sides[0].equals("-") ? "" : sides[0],
          sides[1].isBlank() ? Set.of() : Set.of(sides[1].split(" ")));
    }
    return table;
  }

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
                .and(describe("not aws", type -> !part(type).startsWith("aws"))))
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
