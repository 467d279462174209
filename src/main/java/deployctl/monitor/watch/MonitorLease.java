package deployctl.monitor.watch;

import deployctl.coordinator.lock.Coordinator;
import deployctl.registry.Deployment;
import deployctl.registry.Registry;
import deployctl.registry.RegistryUnavailable;
import deployctl.support.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Knows the deployment's entry in the registry, and renews its lease while the monitor lives. */
public final class MonitorLease {
  /** A lease that ends sooner is renewed. */
  private static final Duration SHORTEST = Duration.ofMinutes(15);

  private static final Duration RENEWED = Duration.ofMinutes(30);

  private final Registry registry;
  private final Supplier<Coordinator> coordinator;
  private final String correlationId;
  private final Time time;
  private final Consumer<String> warnings;
  private @Nullable Long token;
  private boolean lost;
  private boolean warned;

  public MonitorLease(
      Registry registry,
      Supplier<Coordinator> coordinator,
      String correlationId,
      Time time,
      Consumer<String> warnings) {
    this.registry = registry;
    this.coordinator = coordinator;
    this.correlationId = correlationId;
    this.time = time;
    this.warnings = warnings;
  }

  /** Return the deployment's entry, or empty when there is none or it cannot be read. */
  Optional<Deployment> entry() {
    try {
      Optional<Deployment> found = Optional.ofNullable(registry.read().find(correlationId));
      warned = false;
      return found;
    } catch (RegistryUnavailable e) {
      if (!warned) {
        warned = true;
        warnings.accept(e.what());
      }
      return Optional.empty();
    }
  }

  /** Renew the lease when it is due; returns what to say when the place is another's. */
  Optional<Alert> keep() {
    Deployment entry = entry().orElse(null);
    if (entry == null || lost || entry.status().finished()) {
      return entry != null && entry.toJson().has("taken_over_by") ? lost(entry) : Optional.empty();
    }
    if (token == null) {
      token = entry.fencingToken();
    }
    if (token != entry.fencingToken()) {
      return lost(entry);
    }
    Instant soon = time.now().plus(SHORTEST);
    if (entry.leaseExpiresAt().isBefore(soon)) {
      try {
        coordinator.get().renew(correlationId, entry.fencingToken(), RENEWED);
      } catch (RegistryUnavailable e) {
        if (!warned) {
          warned = true;
          warnings.accept("Cannot renew the lease: " + e.what());
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Alert> lost(Deployment entry) {
    if (lost) {
      return Optional.empty();
    }
    lost = true;
    String by = entry.toJson().string("taken_over_by");
    return Optional.of(
        Alert.of(
            Alert.AlertKind.PLACE_LOST,
            "place-lost",
            "The deployment's place was taken over" + (by == null ? "" : " by " + by)));
  }
}
