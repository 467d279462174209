package deployctl.aws.client;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/**
 * Ends a walk over pages that would never end: one in which a page's token comes a second time, or
 * that is longer than any that can be. What is found so far is not the answer, so it is an error.
 *
 * <p>A walk is one thread's: the SDK's synchronous clients call interceptors on the caller's.
 */
final class EndlessPages implements ExecutionInterceptor {
  /** A page of CloudFormation's has a hundred events, one of ECS's a hundred tasks. */
  private static final int MOST_PAGES = 500;

  /** What AWS's services call the token of the next page, in requests and in answers. */
  private static final List<String> ANSWERED =
      List.of("NextToken", "nextToken", "Marker", "NextMarker", "PaginationToken");

  private static final List<String> ASKED =
      List.of("NextToken", "nextToken", "Marker", "PaginationToken");

  private final ThreadLocal<Map<String, Set<String>>> walks = ThreadLocal.withInitial(HashMap::new);

  @Override
  public void afterUnmarshalling(
      Context.AfterUnmarshalling context, ExecutionAttributes attributes) {
    String next = token(ANSWERED, name -> context.response().getValueForField(name, String.class));
    String operation =
        String.valueOf(attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME));
    if (next == null) {
      walks.get().remove(operation);
      return;
    }
    String asked = token(ASKED, name -> context.request().getValueForField(name, String.class));
    Set<String> seen = walks.get().computeIfAbsent(operation, name -> new HashSet<>());
    if (asked == null) {
      seen.clear();
    }
    boolean again = !seen.add(next);
    if (again || seen.size() > MOST_PAGES) {
      throw new AwsFailure(
          AwsErrorKind.SERVER_ERROR,
          "The answers to "
              + operation
              + " do not come to an end: "
              + (again ? "a page came again" : "over " + MOST_PAGES + " pages"),
          "Try again; if it stays so, look at what answers in AWS's place (a proxy, an endpoint)",
          new IllegalStateException("endless pages"));
    }
  }

  /** Reads a field of a request or an answer. */
  private interface Field {
    Optional<String> of(String name);
  }

  private static @Nullable String token(List<String> names, Field field) {
    for (String name : names) {
      String value = field.of(name).orElse("");
      if (!value.isEmpty()) {
        return value;
      }
    }
    return null;
  }
}
