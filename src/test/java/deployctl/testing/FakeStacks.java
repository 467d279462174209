package deployctl.testing;

import deployctl.aws.client.AwsErrorKind;
import deployctl.aws.client.AwsFailure;
import deployctl.aws.cloudformation.Stack;
import deployctl.aws.cloudformation.StackStatus;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** CloudFormation as a map from names to states; only what the coordinator asks is answered. */
public final class FakeStacks extends UnaskedStacks {
  private final Map<String, String> states = new ConcurrentHashMap<>();
  private volatile AwsErrorKind problem;

  public FakeStacks with(String stack, String status) {
    states.put(stack, status);
    return this;
  }

  public FakeStacks failing(AwsErrorKind how) {
    problem = how;
    return this;
  }

  public FakeStacks answering() {
    problem = null;
    return this;
  }

  @Override
  public Optional<Stack> find(String stack) {
    if (problem != null) {
      throw new AwsFailure(
          problem, "AWS fails: " + problem, "mend it", new RuntimeException("cause"));
    }
    return Optional.ofNullable(states.get(stack))
        .map(
            status ->
                new Stack(
                    stack,
                    "arn:aws:cloudformation:us-east-1:123456789012:stack/" + stack + "/1",
                    new StackStatus(status),
                    null,
                    Instant.parse("2026-01-01T00:00:00Z"),
                    Instant.parse("2026-01-31T11:48:00Z"),
                    null,
                    false,
                    null));
  }
}
