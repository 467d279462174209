package deployctl.aws.client;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the gateways to the services share: a client that is made at the first call, and calls whose
 * errors are put into words.
 *
 * @param <C> the SDK's client
 */
public abstract class Gateway<C> {
  private final String service;
  private final AwsSettings settings;
  private final Supplier<C> maker;
  private @Nullable C client;

  /**
   * Make a gateway.
   *
   * @param service the name that permissions of the service begin with, for instance {@code ecs}
   */
  public Gateway(String service, AwsSettings settings, Supplier<C> maker) {
    this.service = service;
    this.settings = settings;
    this.maker = maker;
  }

  /**
   * Make a call.
   *
   * @param subject what it is about, for a sentence
   * @throws AwsFailure when AWS gave no answer
   */
  public final <T> T call(String operation, String subject, Function<C, T> call) {
    return AwsErrorMapper.call(
        service + ":" + operation, subject, settings, () -> call.apply(client()));
  }

  private synchronized C client() {
    C made = client;
    if (made == null) {
      made = maker.get();
      client = made;
    }
    return made;
  }
}
