package deployctl.cli;

import deployctl.support.Failure;
import deployctl.support.text.Cleaning;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ScopeType;

/** Declares arguments and options in picocli's programmatic model. */
public final class Args {
  private static final Pattern LONG_OPTION =
      Pattern.compile("--[a-z][a-z-]*(=.*)?", Pattern.DOTALL);

  private Args() {}

  /** Add an argument that may be left out; it then sets null. */
  public static void optional(
      CommandSpec spec, String label, String description, Consumer<@Nullable String> setter) {
    spec.addPositional(positional(spec, label, description, "0..1", setter));
  }

  /** Add an argument that must be given. */
  public static void required(
      CommandSpec spec, String label, String description, Consumer<@Nullable String> setter) {
    spec.addPositional(positional(spec, label, description, "1", setter));
  }

  /** Add any number of further arguments; each is handed over as it comes. */
  public static void rest(
      CommandSpec spec, String label, String description, Consumer<String> adder) {
    spec.addPositional(
        PositionalParamSpec.builder()
            .index(spec.positionalParameters().size() + "..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .arity("0..*")
            .paramLabel(label)
            .description(description)
            .setter(texts(adder))
            .build());
  }

  /** Add an option with a value; left out, it sets null. */
  public static void option(
      CommandSpec spec,
      String name,
      String label,
      String description,
      Consumer<@Nullable String> setter) {
    spec.addOption(valued(new String[] {name}, label, description, setter).build());
  }

  /** Add an option without a value; left out, it sets false. */
  public static void flag(
      CommandSpec spec, String name, String description, Consumer<Boolean> setter) {
    spec.addOption(flag(new String[] {name}, description, setter).build());
  }

  /** Take what begins with a dash and is no option for an argument. */
  public static void dashesAreWords(CommandSpec spec) {
    spec.parser().unmatchedOptionsArePositionalParams(true);
  }

  /**
   * Refuse words that look like a long option which there is not, unless they stand behind {@code
   * --}.
   *
   * @throws Failure of kind USAGE
   */
  public static void refuseUnknownOptions(CommandSpec spec, List<String> words) {
    List<String> given = spec.commandLine().getParseResult().originalArgs();
    int end = given.indexOf("--");
    for (String word : words) {
      int at = given.indexOf(word);
      if (LONG_OPTION.matcher(word).matches() && (end < 0 || at < end)) {
        throw Failure.usage(
            "Unknown option: '" + word.replaceFirst("=.*", "") + "'",
            "Write -- before words that begin with dashes, or '"
                + spec.qualifiedName()
                + " --help'");
      }
    }
  }

  /** Show examples below the command's help, one line each. */
  public static void examples(CommandSpec spec, String... lines) {
    String[] footer = new String[lines.length + 2];
    footer[0] = "";
    footer[1] = "Examples:";
    for (int i = 0; i < lines.length; i++) {
      footer[i + 2] = "  " + lines[i].replace("%", "%%");
    }
    spec.usageMessage().footer(footer);
  }

  static OptionSpec.Builder valued(
      String[] names, String label, String description, Consumer<@Nullable String> setter) {
    return OptionSpec.builder(names)
        .type(String.class)
        .arity("1")
        .paramLabel(label)
        .description(description)
        .setter(text(value -> setter.accept(harmless(names, value))));
  }

  /** No value that is meant has them; what joins the parts of a picture is none. */
  private static @Nullable String harmless(String[] names, @Nullable String value) {
    if (value != null
        && value.chars().anyMatch(c -> Cleaning.isControl((char) c) && "\t\u200d".indexOf(c) < 0)) {
      throw Failure.usage(
          "The value of " + names[names.length - 1] + " has control characters",
          "Check what it is made of");
    }
    return value;
  }

  static OptionSpec.Builder flag(String[] names, String description, Consumer<Boolean> setter) {
    return OptionSpec.builder(names)
        .type(boolean.class)
        .arity("0")
        .description(description)
        .setter(
            new ISetter() {
              @Override
              @SuppressWarnings("unchecked")
              public <T> T set(T value) {
                setter.accept(Boolean.TRUE.equals(value));
                return value;
              }
            });
  }

  static OptionSpec everywhere(OptionSpec.Builder option) {
    return option.scopeType(ScopeType.INHERIT).build();
  }

  private static PositionalParamSpec positional(
      CommandSpec spec,
      String label,
      String description,
      String arity,
      Consumer<@Nullable String> setter) {
    return PositionalParamSpec.builder()
        .index(Integer.toString(spec.positionalParameters().size()))
        .type(String.class)
        .arity(arity)
        .required(!arity.startsWith("0"))
        .paramLabel(label)
        .description(description)
        .setter(text(setter))
        .build();
  }

  private static ISetter texts(Consumer<String> adder) {
    return new ISetter() {
      private int seen;

      @Override
      @SuppressWarnings("unchecked")
      public <T> T set(T value) {
        // The whole list comes each time that it has grown.
        List<String> all = value == null ? List.of() : (List<String>) value;
        all.subList(Math.min(seen, all.size()), all.size()).forEach(adder);
        seen = all.size();
        return value;
      }
    };
  }

  private static ISetter text(Consumer<@Nullable String> setter) {
    return new ISetter() {
      @Override
      public <T> T set(T value) {
        setter.accept((String) value);
        return value;
      }
    };
  }
}
