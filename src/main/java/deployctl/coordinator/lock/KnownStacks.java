package deployctl.coordinator.lock;

import deployctl.registry.Deployment;
import deployctl.registry.RegistryDocument;
import deployctl.support.json.JsonObject;
import deployctl.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where stacks were deployed before: a stack that is "not there" may be in the region or account
 * that it always was in, and the question in another.
 */
public final class KnownStacks {
  private final Supplier<List<JsonObject>> history;
  private final Supplier<Optional<String>> account;

  /**
   * Make it.
   *
   * @param history past deployments, as the history holds them; read only when a stack is missing
   * @param account the account that is asked, empty where that cannot be told; asked for only when
   *     an account was written down
   */
  public KnownStacks(Supplier<List<JsonObject>> history, Supplier<Optional<String>> account) {
    this.history = history;
    this.account = account;
  }

  /** Return one that knows of no past and no account. */
  public static KnownStacks none() {
    return new KnownStacks(List::of, Optional::empty);
  }

  /**
   * Return where a stack is known, when it is known elsewhere alone.
   *
   * @param region where CloudFormation was asked
   */
  Optional<KnownStack> elsewhere(Target target, String region, RegistryDocument registry) {
    List<KnownStack> known = new ArrayList<>();
    List<JsonObject> entries = new ArrayList<>(history.get());
    registry.deployments().forEach(entry -> entries.add(entry.toJson()));
    for (JsonObject entry : entries) {
      String stack = entry.string("stack_name");
      String there = entry.string("region");
      String id = entry.string("correlation_id");
      // A try that failed before there was a stack says nothing of where it is.
      boolean deployed =
          "SUCCEEDED".equals(entry.string("status"))
              || entry.string("account") != null
              || entry.has("operation_status");
      if (stack != null
          && there != null
          && deployed
          && Deployment.plainStackName(stack).equals(target.stackName())) {
        known.add(new KnownStack(String.valueOf(id), there, entry.string("account")));
      }
    }
    if (known.isEmpty()) {
      return Optional.empty();
    }
    boolean asked =
        known.stream().anyMatch(one -> one.region().equals(region) && one.account() != null);
    String here = asked ? account.get().orElse(null) : null;
    return known.stream().anyMatch(one -> isHere(one, region, here))
        ? Optional.empty()
        : Optional.of(known.get(known.size() - 1));
  }

  private static boolean isHere(KnownStack one, String region, @Nullable String account) {
    boolean sameAccount = one.account() == null || account == null || account.equals(one.account());
    return one.region().equals(region) && sameAccount;
  }
}
