package deployctl.diagnose.check;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers each question once a run; whoever asks again waits for the same answer. */
final class Memoizer {
  private final Map<String, CompletableFuture<Object>> answers = new ConcurrentHashMap<>();
  private final Consumer<@Nullable RuntimeException> asked;

  /** Make it; {@code asked} hears of each question once, with its failure or null. */
  Memoizer(Consumer<@Nullable RuntimeException> asked) {
    this.asked = asked;
  }

  /**
   * Return the answer to a question.
   *
   * @param key tells the question from all others
   */
  @SuppressWarnings("unchecked")
  <T> T of(String key, Supplier<T> question) {
    CompletableFuture<Object> mine = new CompletableFuture<>();
    CompletableFuture<Object> first = answers.putIfAbsent(key, mine);
    if (first == null) {
      try {
        T answer = question.get();
        asked.accept(null);
        mine.complete(answer);
        return answer;
      } catch (RuntimeException e) {
        asked.accept(e);
        mine.completeExceptionally(e);
        throw e;
      }
    }
    try {
      return (T) first.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException original) {
        throw original;
      }
      throw e;
    }
  }
}
