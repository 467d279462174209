package deployctl.reset;

import deployctl.aws.AwsGateways;
import deployctl.aws.Database;
import deployctl.aws.client.AwsFailure;
import deployctl.cli.Console;
import deployctl.cli.ProgramSettings;
import deployctl.registry.KnownLeftOvers;
import deployctl.state.StateUnavailable;
import deployctl.support.config.Settings;
import deployctl.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Looks for what a stack left behind, by its tag and by the names of its resources. Only what
 * carries the tag was the stack's own and may be removed, each thing asked for by itself.
 */
final class LeftOvers {
  private static final int SHOWN = 10;
  private static final String TAGS = "tags";

  private final AwsGateways aws;
  private final KnownLeftOvers known;
  private final Settings settings;
  private final Console console;
  private final Target target;
  private final boolean yes;
  private final List<String> notes = new ArrayList<>();
  private boolean tagsRead = true;
  private boolean allAnswered = true;

  LeftOvers(
      AwsGateways aws,
      KnownLeftOvers known,
      Settings settings,
      Console console,
      Target target,
      boolean yes) {
    this.known = known;
    this.aws = aws;
    this.settings = settings;
    this.console = console;
    this.target = target;
    this.yes = yes;
  }

  /** Look, and remove what may be and is wanted gone; returns what was found, never fails. */
  String run(boolean remove) {
    List<String> tagged = ask(() -> aws.tagged().get().ofStack(target.stackName()), TAGS);
    List<String> named = named();
    List<String> removed = new ArrayList<>();
    if (remove && gone()) {
      for (String arn : tagged) {
        removeOwn(arn, removed);
      }
    }
    List<String> left = new ArrayList<>(tagged);
    left.removeAll(removed);
    remember(left, named);
    List<String> text = new ArrayList<>();
    if (!left.isEmpty()) {
      text.add("still tagged: " + some(left));
    } else if (tagsRead) {
      text.add("nothing carries the stack's tag");
    }
    if (!named.isEmpty()) {
      text.add("of its names: " + some(named));
    }
    if (!removed.isEmpty()) {
      text.add("removed: " + some(removed));
    }
    text.addAll(notes);
    return String.join("; ", text);
  }

  /** Whoever asks whether to deploy hears of it until somebody has seen that it is gone. */
  private void remember(List<String> left, List<String> named) {
    List<String> all = new ArrayList<>(left);
    all.addAll(named);
    try {
      if (!allAnswered) {
        // What could not be looked at may be there still.
        known.of(target.stackName()).stream().filter(one -> !all.contains(one)).forEach(all::add);
      }
      if (!all.isEmpty() || !known.of(target.stackName()).isEmpty()) {
        known.keep(target.stackName(), all);
      }
    } catch (StateUnavailable e) {
      notes.add("not kept in mind: " + e.what());
    }
  }

  /** What belongs to a stack that is there is in use, whatever its tag says. */
  private boolean gone() {
    try {
      boolean there =
          aws.stacks()
              .get()
              .find(target.stackName())
              .filter(stack -> !stack.status().deleted())
              .isPresent();
      if (there) {
        notes.add("nothing was removed, since there is a stack " + target.stackName());
      }
      return !there;
    } catch (AwsFailure e) {
      notes.add("nothing was removed, since the stack could not be asked for: " + e.what());
      return false;
    }
  }

  private List<String> named() {
    List<String> found = new ArrayList<>();
    String cluster = settings.get(ProgramSettings.ECS_CLUSTER, null);
    found.addAll(
        ask(
            () ->
                aws.services().get().clusters().stream()
                    .filter(cluster::equals)
                    .map(name -> "cluster " + name)
                    .toList(),
            "clusters"));
    String part = settings.get(ProgramSettings.DATABASES, null);
    found.addAll(
        ask(
            () ->
                aws.databases().get().all().stream()
                    .map(Database::id)
                    .filter(id -> id.contains(part))
                    .map(id -> "database " + id)
                    .toList(),
            "databases"));
    String secrets = settings.get(ProgramSettings.SECRETS, null);
    found.addAll(
        ask(
            () ->
                aws.secrets().get().named(secrets).stream()
                    .map(secret -> "secret " + secret.name())
                    .toList(),
            "secrets"));
    return found;
  }

  private List<String> ask(Supplier<List<String>> question, String what) {
    try {
      return question.get();
    } catch (AwsFailure e) {
      tagsRead &= !what.equals(TAGS);
      allAnswered = false;
      notes.add(what + " could not be looked at: " + e.what());
      return List.of();
    }
  }

  private void removeOwn(String arn, List<String> removed) {
    Runnable action = removal(arn);
    if (action == null) {
      return;
    }
    try {
      if (console.confirm("Remove " + arn + "?", yes)) {
        action.run();
        removed.add(arn);
      }
    } catch (AwsFailure e) {
      notes.add(arn + " could not be removed: " + e.what());
    }
  }

  /** What holds data is removed only where AWS keeps a copy, or lets it be taken back. */
  private @org.jspecify.annotations.Nullable Runnable removal(String arn) {
    String last = arn.substring(arn.lastIndexOf('/') + 1);
    if (arn.contains(":secretsmanager:")) {
      return () -> aws.secrets().get().delete(arn);
    }
    if (arn.contains(":ecs:") && arn.contains(":service/")) {
      String[] parts = arn.substring(arn.indexOf(":service/") + 9).split("/", -1);
      return parts.length < 2 ? null : () -> aws.services().get().deleteService(parts[0], parts[1]);
    }
    if (arn.contains(":ecs:") && arn.contains(":cluster/")) {
      return () -> aws.services().get().deleteCluster(last);
    }
    if (arn.contains(":rds:") && arn.contains(":db:")) {
      String id = arn.substring(arn.lastIndexOf(':') + 1);
      return () -> aws.databases().get().delete(id, id + "-final");
    }
    return null;
  }

  private static String some(List<String> all) {
    return String.join(", ", all.subList(0, Math.min(SHOWN, all.size())))
        + (all.size() > SHOWN ? " and " + (all.size() - SHOWN) + " more" : "");
  }
}
