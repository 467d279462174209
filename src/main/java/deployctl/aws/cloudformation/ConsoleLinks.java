package deployctl.aws.cloudformation;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Addresses of pages in the AWS console. */
public final class ConsoleLinks {
  private ConsoleLinks() {}

  /**
   * Return the page of CloudFormation that lists the stack.
   *
   * @param region null where it is not known
   * @return the address, or null when it cannot be told without a region
   */
  public static @Nullable String stack(@Nullable String region, @Nullable String stack) {
    if (region == null || stack == null) {
      return null;
    }
    return "https://"
        + region
        + ".console.aws.amazon.com/cloudformation/home?region="
        + region
        + "#/stacks?filteringText="
        + URLEncoder.encode(stack, StandardCharsets.UTF_8);
  }
}
