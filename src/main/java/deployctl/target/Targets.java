package deployctl.target;

import deployctl.cli.GlobalOptions;
import deployctl.cli.ProgramSettings;
import deployctl.registry.Deployment;
import deployctl.support.Failure;
import deployctl.support.config.Settings;
import deployctl.support.text.Masking;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds out which environment and stack a command is about. */
public final class Targets {
  private static final Map<String, String> BUILT_IN =
      Map.of(
          "production", "CourtCaseManagementStack", "staging", "CourtCaseManagementStack-Staging");
  private static final int MOST_SHOWN = 80;
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
  // CloudFormation API reference, DescribeStacks: a name of up to 128 letters, digits and hyphens,
  // or an ARN.
  private static final String STACK = "[A-Za-z][A-Za-z0-9-]{0,127}|arn:[A-Za-z0-9:/_-]{1,2000}";

  private final GlobalOptions options;
  private final Settings settings;

  /** Make a finder. */
  public Targets(GlobalOptions options, Settings settings) {
    this.options = options;
    this.settings = settings;
  }

  /**
   * Return the target that arguments, options, variables and configuration name, in this order.
   *
   * @param environment the command's argument, or null
   * @param stack the command's argument, or null
   * @throws Failure of kind USAGE when the environment has no stack
   */
  public Target find(@Nullable String environment, @Nullable String stack) {
    String name = environmentOrDefault(environment);
    return new Target(name, Deployment.plainStackName(stackOf(name, stack)));
  }

  /** Return the environment that an argument or the settings name, "production" by default. */
  public String environmentOrDefault(@Nullable String argument) {
    String option = options.given(ProgramSettings.ENVIRONMENT);
    return check(argument != null ? argument : settings.get(ProgramSettings.ENVIRONMENT, option));
  }

  /**
   * Return the environment that an argument, {@code --environment} or the variable names, or null
   * for any.
   */
  public @Nullable String environmentOrAny(@Nullable String argument) {
    String named = argument != null ? argument : options.given(ProgramSettings.ENVIRONMENT);
    if (named == null) {
      named = settings.fromEnvironment(ProgramSettings.ENVIRONMENT);
    }
    return named == null ? null : check(named);
  }

  /**
   * Return the stack that an environment is known to deploy to, or null when it has none of its
   * own.
   */
  public @Nullable String knownStack(String environment) {
    return known().get(environment);
  }

  /**
   * Return a hint when nothing but a misspelling explains that an environment has no entries; else
   * null.
   */
  public @Nullable String hintOn(@Nullable String environment) {
    return environment == null || known().containsKey(environment)
        ? null
        : "'"
            + environment
            + "' is no environment that is known: "
            + String.join(", ", known().keySet());
  }

  /** Return the target of every environment that is known. */
  public List<Target> allTargets() {
    List<Target> all = new ArrayList<>();
    known().forEach((environment, stack) -> all.add(new Target(environment, stack)));
    // The one that the command line or a variable names is one of ours, too.
    if (options.given(ProgramSettings.STACK) != null
        || settings.fromEnvironment(ProgramSettings.STACK) != null) {
      Target named = find(null, null);
      if (all.stream().noneMatch(one -> one.stackName().equals(named.stackName()))) {
        all.add(named);
      }
    }
    return all;
  }

  private Map<String, String> known() {
    Map<String, String> all = new TreeMap<>(BUILT_IN);
    all.putAll(settings.map(ProgramSettings.ENVIRONMENTS));
    return all;
  }

  private String stackOf(String environment, @Nullable String argument) {
    String stack = argument != null ? argument : options.given(ProgramSettings.STACK);
    if (stack == null) {
      stack = settings.fromEnvironment(ProgramSettings.STACK);
    }
    if (stack == null) {
      // More telling than a stack that the file names for all environments alike.
      stack = settings.map(ProgramSettings.ENVIRONMENTS).get(environment);
    }
    if (stack == null) {
      stack = settings.find(ProgramSettings.STACK, null);
    }
    if (stack == null) {
      stack = BUILT_IN.get(environment);
    }
    if (stack == null) {
      throw Failure.usage(
          "No stack is known for the environment '" + environment + "'",
          "Give --stack, or add it to 'environments:' in deployctl.yml; known: "
              + String.join(", ", known().keySet()));
    }
    if (!stack.matches(STACK)) {
      throw Failure.usage(
          "'" + Masking.line(stack, MOST_SHOWN) + "' is not a stack name or ARN",
          "A name has letters, digits and hyphens, and starts with a letter");
    }
    return stack;
  }

  private static String check(String environment) {
    if (!environment.matches(NAME)) {
      throw Failure.usage(
          "'" + Masking.line(environment, MOST_SHOWN) + "' is not an environment's name",
          "Use up to 64 letters, digits, '.', '_' or '-'");
    }
    return environment;
  }
}
