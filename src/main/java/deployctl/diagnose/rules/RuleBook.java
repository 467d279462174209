package deployctl.diagnose.rules;

import deployctl.support.file.FileErrors;
import deployctl.support.file.LocalFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The rules: those of a user before the program's own. */
public final class RuleBook {
  private static final String OWN = "/deployctl/rules.yml";

  private final List<Rule> rules;
  private final List<String> complaints;
  private final Set<String> endless = ConcurrentHashMap.newKeySet();

  private RuleBook(List<Rule> rules, List<String> complaints) {
    this.rules = List.copyOf(rules);
    this.complaints = List.copyOf(complaints);
  }

  /**
   * Load the rules.
   *
   * @param users a file of a user's own rules, or null for none; what is wrong in it is told by
   *     {@link #complaints} and left out
   */
  public static RuleBook load(@Nullable LocalFile users) {
    List<Rule> rules = new ArrayList<>();
    List<String> complaints = new ArrayList<>();
    if (users != null) {
      try {
        take(RuleFile.read(users.toString(), users.read()), rules, complaints);
      } catch (IOException e) {
        complaints.add(users + " cannot be read: " + FileErrors.reason(e));
      }
    }
    take(RuleFile.read("the program's rules", own()), rules, complaints);
    return new RuleBook(rules, complaints);
  }

  private static void take(RuleFile.Content file, List<Rule> rules, List<String> complaints) {
    rules.addAll(file.rules());
    complaints.addAll(file.complaints());
  }

  private static String own() {
    try (InputStream in = RuleBook.class.getResourceAsStream(OWN)) {
      if (in == null) {
        throw new IllegalStateException(OWN + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(OWN + " cannot be read", e);
    }
  }

  /** Return the first rule of a field that a message fits, or empty for an unknown message. */
  public Optional<Rule> match(RuleField field, String message) {
    for (Rule rule : rules) {
      if (rule.fields().contains(field) && fits(rule, message)) {
        return Optional.of(rule);
      }
    }
    return Optional.empty();
  }

  private boolean fits(Rule rule, String message) {
    try {
      return rule.pattern().matcher(new BoundedText(message)).find();
    } catch (BoundedText.TooLong | StackOverflowError e) {
      endless.add(rule.id());
      return false;
    }
  }

  /** Return all rules in the order in which they are tried. */
  public List<Rule> rules() {
    return rules;
  }

  /** Return what is wrong with a rule file, one line each. */
  public List<String> complaints() {
    List<String> all = new ArrayList<>(complaints);
    for (String id : new TreeSet<>(endless)) {
      all.add("the pattern of " + id + " searches without end and was stopped");
    }
    return all;
  }
}
