package deployctl.reset;

import deployctl.aws.AwsGateways;
import deployctl.aws.Database;
import deployctl.aws.client.AwsFailure;
import deployctl.cli.ProgramSettings;
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

  private final ResetContext context;
  private final Target target;
  private final boolean remove;
  private final boolean yes;
  private final List<String> notes = new ArrayList<>();
  private boolean tagsRead = true;

  LeftOvers(ResetContext context, Target target, boolean remove, boolean yes) {
    this.context = context;
    this.target = target;
    this.remove = remove;
    this.yes = yes;
  }

  /** Look, and remove what may be and is wanted gone; returns what was found, never fails. */
  String run() {
    AwsGateways cloud = context.diagnosing().cloud().get();
    List<String> tagged = ask(() -> cloud.tagged().get().ofStack(target.stackName()), TAGS);
    List<String> named = named(cloud);
    List<String> removed = new ArrayList<>();
    if (remove && gone()) {
      for (String arn : tagged) {
        removeOwn(cloud, arn, removed);
      }
    }
    List<String> left = new ArrayList<>(tagged);
    left.removeAll(removed);
    List<String> words = new ArrayList<>();
    if (!left.isEmpty()) {
      words.add("still tagged: " + some(left));
    } else if (tagsRead) {
      words.add("nothing carries the stack's tag");
    }
    if (!named.isEmpty()) {
      words.add("of its names: " + some(named));
    }
    if (!removed.isEmpty()) {
      words.add("removed: " + some(removed));
    }
    words.addAll(notes);
    return String.join("; ", words);
  }

  /** What belongs to a stack that is there is in use, whatever its tag says. */
  private boolean gone() {
    try {
      boolean there =
          context
              .monitoring()
              .stacks()
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

  private List<String> named(AwsGateways cloud) {
    List<String> found = new ArrayList<>();
    String cluster = context.settings().get(ProgramSettings.ECS_CLUSTER, null);
    found.addAll(
        ask(
            () ->
                cloud.services().get().clusters().stream()
                    .filter(cluster::equals)
                    .map(name -> "cluster " + name)
                    .toList(),
            "clusters"));
    String part = context.settings().get(ProgramSettings.DATABASES, null);
    found.addAll(
        ask(
            () ->
                cloud.databases().get().all().stream()
                    .map(Database::id)
                    .filter(id -> id.contains(part))
                    .map(id -> "database " + id)
                    .toList(),
            "databases"));
    String secrets = context.settings().get(ProgramSettings.SECRETS, null);
    found.addAll(
        ask(
            () ->
                cloud.secrets().get().named(secrets).stream()
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
      notes.add(what + " could not be looked at: " + e.what());
      return List.of();
    }
  }

  private void removeOwn(AwsGateways cloud, String arn, List<String> removed) {
    Runnable action = removal(cloud, arn);
    if (action == null) {
      return;
    }
    try {
      if (context.console().confirm("Remove " + arn + "?", yes)) {
        action.run();
        removed.add(arn);
      }
    } catch (AwsFailure e) {
      notes.add(arn + " could not be removed: " + e.what());
    }
  }

  /** What holds data is removed only where AWS keeps a copy, or lets it be taken back. */
  private static @org.jspecify.annotations.Nullable Runnable removal(
      AwsGateways cloud, String arn) {
    String last = arn.substring(arn.lastIndexOf('/') + 1);
    if (arn.contains(":secretsmanager:")) {
      return () -> cloud.secrets().get().delete(arn);
    }
    if (arn.contains(":ecs:") && arn.contains(":service/")) {
      String[] parts = arn.substring(arn.indexOf(":service/") + 9).split("/", -1);
      return parts.length < 2
          ? null
          : () -> cloud.services().get().deleteService(parts[0], parts[1]);
    }
    if (arn.contains(":ecs:") && arn.contains(":cluster/")) {
      return () -> cloud.services().get().deleteCluster(last);
    }
    if (arn.contains(":rds:") && arn.contains(":db:")) {
      String id = arn.substring(arn.lastIndexOf(':') + 1);
      return () -> cloud.databases().get().delete(id, id + "-final");
    }
    return null;
  }

  private static String some(List<String> all) {
    return String.join(", ", all.subList(0, Math.min(SHOWN, all.size())))
        + (all.size() > SHOWN ? " and " + (all.size() - SHOWN) + " more" : "");
  }
}
